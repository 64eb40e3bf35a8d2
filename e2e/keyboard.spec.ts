/** Pages by keyboard alone: the skip link, menus, a dialog, forms, and `/` for the search. */
import type { Page } from "@playwright/test";
import { ownPartnership, startDocument } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

/** What the keyboard is on, by its text or label. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
  });

/** The page has woken up: menus close on Escape. What keys do before that is in `waking.spec.ts`. */
const awake = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestIdleCallback(() => resolve(), { timeout: 2_000 })),
  );

/** Presses Tab until something of that name has the focus; at most as often as a page has stops. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < 80; stop++) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (name.test(here)) return;
    passed.push(here);
  }
  throw new Error(`Tab never came to ${name}. It passed: ${passed.join(" | ")}`);
}

test("the first stop of Tab skips to the content", async ({ providerLeader: page }) => {
  await page.goto(`${await ownPartnership(page)}/plans`);
  await awake(page);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  // No entry of the history that the router did not make: Back would pass by its questions.
  expect(new URL(page.url()).hash).toBe("");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
});

test("a document's menu opens with Enter, is walked with Tab and closes with Escape", async ({
  providerLeader: page,
}) => {
  await page.goto(`${await ownPartnership(page)}/plans`);
  await awake(page);
  await tabTo(page, /^What you can do with/);
  const menu = page.locator("main details.menu").first();
  await page.keyboard.press("Enter");
  await expect(menu).toHaveAttribute("open", "");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Versions");
  await page.keyboard.press("Escape");
  await expect(menu).not.toHaveAttribute("open", "");
  expect(await focused(page), "the focus is back on the button").toMatch(/^What you can do with/);
  await page.keyboard.press("Enter");
  await tabTo(page, /^Rename or move$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/organise$/);
});

test("a form is filled, refused with a sentence, put right and sent by keyboard", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(/422/);
  await page.goto(`${await ownPartnership(page)}/pages`);
  await awake(page);
  await tabTo(page, /^New page$/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveText("Give it a title, so that others can find it.");
  await page.getByLabel("Title").focus();
  await page.keyboard.type("Made by keyboard");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/documents\/[0-9a-f-]{36}$/);
  await expect(page).toHaveTitle(/Made by keyboard/);
});

test("the question before leaving keeps the focus inside, and Escape leaves everything as it was", async ({
  providerLeader: page,
}) => {
  await page.goto(`${await ownPartnership(page)}/people`);
  await awake(page);
  await tabTo(page, /^Leave this partnership$/);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Leave this partnership?" });
  await expect(dialog).toBeVisible();
  for (let stop = 0; stop < 6; stop++) {
    await page.keyboard.press("Tab");
    const isOutside = await page.evaluate(() => {
      const element = document.activeElement;
      return element !== document.body && element?.closest("dialog") === null;
    });
    expect(isOutside, `stop ${stop}`).toBe(false);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await focused(page)).toBe("Leave this partnership");
});

test("a slash goes to the search from any page, stays a slash in a field, and what is found opens at its passage", async ({
  providerLeader: page,
}) => {
  await page.goto("/account");
  await awake(page);
  await page.getByLabel("Name", { exact: true }).focus();
  await page.keyboard.press("End");
  await page.keyboard.type("/");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(/\/$/);
  await page.goto(`${await ownPartnership(page)}/plans`);
  await awake(page);
  await page.locator("#main").focus();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search all documents" })).toBeFocused();
  await page.keyboard.type("learners");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=learners/);
  await expect(page.locator("mark").first()).toBeVisible();
  // The passage stands far down in its document, which opens at it and stays as it was [D6].
  await page.goto("/search?q=seal");
  await page.locator("li:has(.passage mark) .hit-title").first().click();
  const found = page.locator(".ProseMirror .found-word").first();
  await expect(found).toHaveText(/^seal/i);
  await expect(found).toBeInViewport();
  await expect(page.locator('[data-save="saved"]')).toBeVisible();
});

test("a text that is only read is reached by Tab and scrolled by keyboard", async ({ signedIn }) => {
  const page = await signedIn("reader");
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto("/search?q=learners");
  await page.locator(".hit-title").first().click();
  await expect(page.locator(".ProseMirror")).toBeVisible();
  const main = page.locator("main");
  const isFocused = () => main.evaluate((element) => element === document.activeElement);
  for (let stop = 0; stop < 40 && !(await isFocused()); stop++) await page.keyboard.press("Tab");
  expect(await isFocused()).toBe(true);
  await page.keyboard.press("Home");
  await expect.poll(() => main.evaluate((element) => element.scrollTop)).toBe(0);
  await page.keyboard.press("End");
  await expect
    .poll(() => main.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop))
    .toBeLessThanOrEqual(1);
});

test("a title and the name of a version can be typed at once, and Escape leads back to the button", async ({
  providerLeader: page,
}) => {
  await startDocument(page, "To be renamed");
  const rename = page.locator(".rename");
  await rename.locator("summary").click();
  await expect(rename.getByLabel("Title")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(rename).not.toHaveAttribute("open", "");
  expect(await focused(page)).toBe("Rename");
  await page.getByRole("link", { name: "Name this version" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
});
