/**
 * The street by keyboard, by pointer and on a phone: one stop of the Tab key, arrow keys
 * in order of date, and a reading line that says what the chosen mark is.
 */
import type { Page } from "@playwright/test";
import { ownPartnership } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

const drawing = (page: Page) => page.getByRole("group", { name: /^The street: / });
const reading = (page: Page) => page.locator(".reading").getByRole("status");
/** Marks as the list on the page has them, in order of date. */
const listed = (page: Page) => page.locator(".street-list tbody th a").allTextContents();

/** Which mark the keyboard is on; null when it is not on the street. */
const walkedTo = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.closest(".street") ? element.getAttribute("aria-label") : null;
  });

async function openOverview(page: Page): Promise<void> {
  await page.goto(await ownPartnership(page));
  // Awake: all marks but the chosen one have left the order of the Tab key.
  await expect(drawing(page).locator('[data-mark]:not([tabindex="-1"])')).toHaveCount(1);
}

test("Tab reaches the street once; arrow keys walk it by date, Home and End to its ends", async ({
  providerLeader: page,
}) => {
  await openOverview(page);
  const titles = await listed(page);
  expect(titles.length).toBeGreaterThan(8);
  await drawing(page).locator('[tabindex="0"], [data-mark]:not([tabindex])').first().focus();
  await page.keyboard.press("Home");
  for (const [place, title] of titles.entries()) {
    expect(await walkedTo(page), `mark ${place + 1}`).toContain(title);
    await expect(reading(page)).toContainText(title);
    await page.keyboard.press("ArrowRight");
  }
  expect(await walkedTo(page), "stays at the end").toContain(titles.at(-1));
  await page.keyboard.press("ArrowLeft");
  expect(await walkedTo(page)).toContain(titles.at(-2));
  await page.keyboard.press("End");
  expect(await walkedTo(page)).toContain(titles.at(-1));
  await page.keyboard.press("Tab");
  expect(await walkedTo(page), "one stop").toBeNull();
  await page.keyboard.press("Shift+Tab");
  expect(await walkedTo(page), "back where one was").toContain(titles.at(-1));
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/exchanges#exchange-1$/);
});

test("a click chooses a mark and says what it is; a second one follows it", async ({
  providerLeader: page,
}) => {
  await openOverview(page);
  const address = page.url();
  const second = drawing(page).getByRole("link", { name: /^Exchange 2: / });
  await second.locator(".disc").click();
  await expect(reading(page)).toContainText("Exchange 2: ");
  await expect(page.getByRole("link", { name: "Open the exchange" })).toBeVisible();
  expect(page.url()).toBe(address);
  await second.locator(".disc").click();
  await page.waitForURL(/\/exchanges#exchange-2$/);
});

test("on a phone the street stands upright, with the same marks; without JavaScript they are links", async ({
  providerLeader: page,
  browser,
  app,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openOverview(page);
  await expect(drawing(page)).toHaveCount(1);
  await expect(drawing(page)).toHaveClass(/street-tall/);
  const titles = await listed(page);
  await expect(drawing(page).getByRole("link")).toHaveCount(titles.length);
  const box = await drawing(page).boundingBox();
  expect(box?.height).toBeGreaterThan(box?.width ?? 0);

  const still = await browser.newContext({
    baseURL: app.url,
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const stillPage = await still.newPage();
  await stillPage.goto(page.url());
  await drawing(stillPage)
    .getByRole("link", { name: /^Exchange 3: / })
    .locator(".disc")
    .click();
  await stillPage.waitForURL(/\/exchanges#exchange-3$/);
  await still.close();
});
