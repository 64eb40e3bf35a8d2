/**
 * Names are as long as people make them: with organisations, people, partnership and plan
 * named by one word of the greatest length, no page grows wider than its window.
 */
import { join } from "node:path";
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

test("no page grows wider than its window by names of one endless word", async ({ browser }) => {
  const app = await startApp();
  try {
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
    for (const address of pages) {
      await page.goto(address);
      if (address === plan) await text(page).waitFor();
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        expect.soft(await sidewaysOf(page), `${address} at ${width} px`).toBeLessThanOrEqual(0);
      }
    }
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: /Ruth Abara/ }).click();
    await page.waitForURL("/");
    await page.context().close();
  } finally {
    await app.remove();
  }
});

test("no page of the demonstration grows wider than its window, from phones to desks", async ({
  facilitator,
  observer,
}) => {
  const pages = ["", "/plans", "/exchanges", "/people"].map((place) => `${illustrative}${place}`);
  const other = "/partnerships/saltersbrook-hollin-court";
  for (const [page, addresses] of [
    [facilitator, ["/", "/programmes/side-by-side", other, ...pages]],
    [observer, ["/"]],
  ] as const)
    for (const address of addresses) {
      await page.goto(address);
      for (const width of [320, 390, 780, 1020, 1100, 1280]) {
        await page.setViewportSize({ width, height: 844 });
        expect.soft(await sidewaysOf(page), `${address} at ${width} px`).toBeLessThanOrEqual(0);
      }
    }
});
