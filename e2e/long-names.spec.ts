/**
 * Pages fit their windows, also with names as long as people make them: organisations,
 * people, partnership and plan are named by one word of the greatest length.
 */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { nameLengthMax } from "../app/domain/partnership.ts";
import { illustrative, text } from "./document-page.ts";
import { enter } from "./enter.ts";
import { expect, test } from "./fixtures.ts";
import { sidewaysOf } from "./pictures.ts";
import { startApp } from "./running-app.ts";

/** Gives everything that has a name the same endless one; answers the id of the plan. */
function nameAll(dataFolder: string, name: string): string {
  const db = new Sqlite(join(dataFolder, "two-way.db"));
  try {
    db.prepare("UPDATE organisation SET name = ?").run(name);
    db.prepare("UPDATE partnership SET title = ?").run(name);
    db.prepare("UPDATE user SET name = ? || name").run(name);
    db.prepare("UPDATE document SET title = ?").run(name);
    const plans = db.prepare<[], { id: string }>(
      "SELECT document_id AS id FROM version WHERE kind = 'named' ORDER BY number DESC",
    );
    return plans.get()?.id ?? "";
  } finally {
    db.close();
  }
}

/** Asks each page in windows of these widths. */
async function expectToFit(page: Page, addresses: readonly string[], widths: readonly number[]) {
  for (const address of addresses) {
    await page.goto(address);
    if (/\/documents\/[0-9a-f-]+$/.test(address)) await text(page).waitFor();
    for (const width of widths) {
      await page.setViewportSize({ width, height: 844 });
      expect.soft(await sidewaysOf(page), `${address} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
}

test("no page grows wider than its window, by the names of the demonstration or one endless word", async ({
  browser,
}) => {
  const app = await startApp();
  try {
    // As it is loaded, from phones to desks.
    const widths = [320, 390, 780, 1020, 1100, 1280];
    const observer = await enter(browser, app.url, /Owen/);
    await expectToFit(observer, ["/", illustrative], widths);
    await observer.context().close();
    const facilitator = await enter(browser, app.url, /Ruth/);
    await expectToFit(
      facilitator,
      ["/partnerships/saltersbrook-hollin-court", `${illustrative}/people`],
      widths,
    );
    await facilitator.context().close();

    const name = "Langwort".repeat(nameLengthMax / 8);
    const plan = `/documents/${nameAll(app.dataFolder, name)}`;
    const page = await enter(browser, app.url, /Helen/);
    await page.goto(`${plan}/versions?name`);
    await page.getByLabel("Name", { exact: true }).fill(name.slice(0, 100));
    await page.getByRole("button", { name: "Keep this version" }).click();
    const version = await page.locator(".version-name a").first().getAttribute("href");
    const pages = [
      "/",
      "/programmes/side-by-side",
      illustrative,
      ...["plans", "exchanges", "people", "archived"].map((place) => `${illustrative}/${place}`),
      "/search?q=Langwort",
      "/account",
      plan,
      `${plan}/organise`,
      `${plan}/versions`,
      version ?? "",
    ];
    await expectToFit(page, pages, [1280, 390]);
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: /Ruth Abara/ }).click();
    await page.waitForURL("/");
    await page.context().close();
  } finally {
    await app.remove();
  }
});
