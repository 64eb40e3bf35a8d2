/** Signing in to an instance of a test's own, where the shared one of `fixtures.ts` will not do. */
import type { Browser, Page } from "@playwright/test";

/** A new context of a person whose button of the demonstration reads so. */
export async function enter(browser: Browser, url: string, person: RegExp): Promise<Page> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: person }).first().click();
  await page.waitForURL(({ pathname }) => pathname !== "/sign-in" && pathname !== "/look-around");
  return page;
}
