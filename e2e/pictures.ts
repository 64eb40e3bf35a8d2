/**
 * Pictures of pages into `screenshots/` (which git ignores), in both schemes, on a desk,
 * a phone and the narrowest window; they are taken in the long run (SCALE=1). Each is asked two questions on the way: does anything
 * stick out sideways, and does axe find anything to complain about?
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const folder = join(import.meta.dirname, "..", "screenshots");
mkdirSync(folder, { recursive: true });

const allWindows = [
  { name: "desk-light", width: 1440, height: 900, colorScheme: "light" },
  { name: "desk-dark", width: 1440, height: 900, colorScheme: "dark" },
  { name: "phone-light", width: 390, height: 844, colorScheme: "light" },
  { name: "narrow-dark", width: 320, height: 700, colorScheme: "dark" },
] as const;

const isLongRun = process.env["SCALE"] === "1";
/** The long run takes all four; the quick one both schemes, at the widest and the narrowest. */
const windows = isLongRun
  ? allWindows
  : allWindows.filter(({ name }) => name === "desk-light" || name === "narrow-dark");

/**
 * What axe complains about on the page as it stands, one line per rule; `rules` asks
 * about these alone, where all others have been asked of the same page.
 */
export async function complaintsOf(page: Page, rules: readonly string[] = []): Promise<readonly string[]> {
  // Legacy mode asks the page itself: no page here holds frames, and no second window is opened.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules.length > 0 ? axe.withRules([...rules]) : axe).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}

/** How many pixels the page is wider than its window. */
export function sidewaysOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** What can differ between a phone and a desk. */
const narrowRules = ["color-contrast", "target-size", "label-content-name-mismatch"];

/** Takes the page as it stands in every window, and asks both questions in each. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const { name: window, width, height, colorScheme } of windows) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => document.fonts.ready);
    // The quick run takes no pictures, and asks in its second window what can differ there.
    const isFirst = window === "desk-light";
    if (isLongRun) {
      await page.screenshot({ path: join(folder, `${name}.${window}.png`), fullPage: true });
    }
    expect.soft(await sidewaysOf(page), `${name} sticks out sideways in ${window}`).toBeLessThanOrEqual(0);
    expect
      .soft(await complaintsOf(page, isFirst || isLongRun ? [] : narrowRules), `${name} in ${window}`)
      .toEqual([]);
  }
  // A tablet held upright: between the cards of a phone and the columns of a desk.
  await page.setViewportSize({ width: 820, height: 1180 });
  expect.soft(await sidewaysOf(page), `${name} sticks out sideways on a tablet`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1440, height: 900 });
}
