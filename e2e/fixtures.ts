/**
 * What every browser test starts from: a built server on a data folder of its own (one
 * for each test file's worker), people of both sides already signed in, each in a
 * browser context of their own, and a watch that fails the test on anything a visitor's
 * console should not show.
 *
 * import { expect, test } from "./fixtures.ts";
 * test("…", async ({ providerLeader, employerLeader }) => { await providerLeader.goto("/"); … });
 */
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { type RunningApp, startApp } from "./running-app.ts";
import { watchPage } from "./watch.ts";

/** The people one can look around as, by what their button says. */
export const people = {
  providerLeader: /Leader on the provider side/,
  employerLeader: /Leader on the employer side/,
  observer: /Observer/,
  facilitator: /Facilitator/,
  reader: /Reader of the public record/,
} as const;
export type PersonKey = keyof typeof people;

type TestFixtures = {
  /** Console texts and addresses this test expects; push patterns before they appear. */
  expected: RegExp[];
  /** A page of nobody in particular, watched. */
  visitor: Page;
  /** A new context of a person; several give several devices of the same person. */
  signedIn: (person: PersonKey) => Promise<Page>;
  providerLeader: Page;
  employerLeader: Page;
  observer: Page;
  facilitator: Page;
};
type WorkerFixtures = { app: RunningApp };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names from the pattern.
    async ({}, use) => {
      const app = await startApp();
      await use(app);
      await app.remove();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: async ({ app }, use) => use(app.url),
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  expected: async ({}, use) => use([]),
  visitor: async ({ browser, app, expected }, use) => {
    const context = await browser.newContext({ baseURL: app.url });
    const page = await context.newPage();
    const watch = watchPage(page, app.url, expected);
    await use(page);
    await context.close();
    expect(watch.faults()).toEqual([]);
  },
  signedIn: async ({ browser, app, expected }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: (() => readonly string[])[] = [];
    await use(async (person) => {
      const context = await browser.newContext({ baseURL: app.url });
      contexts.push(context);
      const page = await context.newPage();
      faults.push(watchPage(page, app.url, expected).faults);
      await signIn(page, person);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
    expect(faults.flatMap((read) => read())).toEqual([]);
  },
  providerLeader: async ({ signedIn }, use) => use(await signedIn("providerLeader")),
  employerLeader: async ({ signedIn }, use) => use(await signedIn("employerLeader")),
  observer: async ({ signedIn }, use) => use(await signedIn("observer")),
  facilitator: async ({ signedIn }, use) => use(await signedIn("facilitator")),
});

/** Takes a demonstration person's seat, as a visitor would. */
async function signIn(page: Page, person: PersonKey): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: people[person] }).first().click();
  await page.waitForURL((url) => url.pathname !== "/sign-in" && url.pathname !== "/look-around");
}

export { expect } from "@playwright/test";
