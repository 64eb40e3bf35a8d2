/**
 * Pictures of every page in its states, in both schemes, on a desk, a phone and the
 * narrowest window, into `screenshots/` (which git ignores): to be looked at, one by
 * one. On each, axe finds nothing to complain about and nothing sticks out sideways.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

const folder = join(import.meta.dirname, "..", "screenshots");
mkdirSync(folder, { recursive: true });

const allWindows = [
  { name: "desk-light", width: 1440, height: 900, colorScheme: "light" },
  { name: "desk-dark", width: 1440, height: 900, colorScheme: "dark" },
  { name: "phone-light", width: 390, height: 844, colorScheme: "light" },
  { name: "narrow-dark", width: 320, height: 700, colorScheme: "dark" },
] as const;
/** The long run takes all four; the quick one both schemes, at the widest and the narrowest. */
const windows =
  process.env["SCALE"] === "1"
    ? allWindows
    : allWindows.filter(({ name }) => name === "desk-light" || name === "narrow-dark");

/** Takes the page as it stands in every window, and asks axe about each. */
async function picture(page: Page, name: string): Promise<void> {
  for (const { name: window, width, height, colorScheme } of windows) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${name}.${window}.png`), fullPage: true });
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(sideways, `${name} sticks out sideways in ${window}`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect
      .soft(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`),
        `${name} in ${window}`,
      )
      .toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

// Some forty pictures in four windows each, with axe on every one.
test.describe.configure({ timeout: 240_000 });

test("[Eyes] pages of nobody in particular: sign in, a lost password, help", async ({ visitor }) => {
  for (const [name, path] of [
    ["sign-in", "/sign-in"],
    ["forgot", "/forgot"],
    ["help-signed-out", "/help"],
  ] as const) {
    await visitor.goto(path);
    await picture(visitor, name);
  }
});

/** Address of the partnership that the leaders belong to, as the home page links it. */
async function partnershipOf(page: Page): Promise<string> {
  await page.goto("/");
  const path = await page.locator(".pship .name").first().getAttribute("href");
  if (path === null) throw new Error("The home page links no partnership.");
  return path;
}

test("[Eyes] a leader's pages: home, programmes, the partnership and its lists", async ({
  providerLeader,
}) => {
  const page = providerLeader;
  const partnership = await partnershipOf(page);
  await picture(page, "home");
  for (const [name, path] of [
    ["programmes", "/programmes"],
    ["overview", partnership],
    ["plans", `${partnership}/plans`],
    ["new-plan", `${partnership}/plans?new`],
    ["exchanges", `${partnership}/exchanges`],
    ["case-studies", `${partnership}/case-studies`],
    ["pages", `${partnership}/pages`],
    ["archived", `${partnership}/archived`],
    ["people", `${partnership}/people`],
    ["profile", `${partnership}/profile`],
    ["account", "/account"],
  ] as const) {
    await page.goto(path);
    await picture(page, name);
  }
});

test("[Eyes] menus: the account's, a document's, the navigation of a phone", async ({ providerLeader }) => {
  const page = providerLeader;
  const partnership = await partnershipOf(page);
  await page.goto(`${partnership}/plans`);
  await page.locator(".menu-me > summary").click();
  await picture(page, "menu-account");
  await page.keyboard.press("Escape");
  await page.locator(".doc-tools summary").first().click();
  await picture(page, "menu-document");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(".nav-phone > summary").click();
  await page.screenshot({ path: join(folder, "menu-phone.phone.png") });
  await expect(page.getByRole("navigation", { name: "Partnership, small screen" })).toBeVisible();
});

test("[Eyes] search: before, with passages, and with nothing found", async ({ providerLeader }) => {
  const page = providerLeader;
  await page.goto("/search");
  await picture(page, "search-empty");
  await page.keyboard.press("/");
  await page.keyboard.type("learners");
  await page.keyboard.press("Enter");
  await expect(page.locator("mark").first()).toBeVisible();
  await picture(page, "search-hits");
  await page.goto("/search?q=zzyzx");
  await expect(page.getByText("Nothing found for “zzyzx”")).toBeVisible();
  await picture(page, "search-none");
});

test("[Eyes] a document in its place: rename refused, archived with the way back", async ({
  providerLeader,
  expected,
}) => {
  const page = providerLeader;
  expected.push(/422/);
  const partnership = await partnershipOf(page);
  await page.goto(`${partnership}/pages?new`);
  await page
    .getByLabel("Title")
    .fill("A page with a title that is as long as titles in this trade often are ".repeat(2));
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.waitForURL(/\/documents\//);
  const id = new URL(page.url()).pathname.split("/")[2];
  await page.goto(`${partnership}/pages`);
  await picture(page, "pages-long-title");
  await page.goto(`/documents/${id}/organise`);
  await picture(page, "organise");
  await page.getByLabel("Title").fill(" ");
  await page.getByRole("button", { name: "Rename" }).click();
  await expect(page.getByText("Give it a title, so that others can find it.")).toBeVisible();
  await picture(page, "organise-refused");
  await page.goto(`/documents/${id}/organise`);
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByRole("status").filter({ hasText: "is archived" })).toBeVisible();
  await picture(page, "archived-toast");
  await page.goto(`${partnership}/archived`);
  await picture(page, "archived-one");
  await page.getByRole("button", { name: /^Bring this back.*A page with a title/ }).click();
  await page.goto(`${partnership}/pages`);
  await expect(page.getByRole("link", { name: /A page with a title/ })).toBeVisible();
});

test("[Eyes] an observer sees the overview and the dates, and is told why", async ({ observer }) => {
  const page = observer;
  const partnership = await partnershipOf(page);
  await page.goto(partnership);
  await expect(page.getByText(/Observers read what both sides have agreed/)).toBeVisible();
  await picture(page, "observer-overview");
  await page.goto(`${partnership}/plans`);
  await picture(page, "observer-plans");
});

test("[Eyes] what cannot be found", async ({ providerLeader, expected }) => {
  expected.push(/404/);
  await providerLeader.goto("/partnerships/nobody-knows-this");
  await expect(providerLeader.getByRole("heading", { name: "We cannot find that page" })).toBeVisible();
  await picture(providerLeader, "not-found");
});
