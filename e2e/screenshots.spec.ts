/**
 * Pictures of every page in its states (see `pictures.ts`): to be looked at, one by one,
 * before a page is called done. On each, axe finds nothing to complain about and nothing
 * sticks out sideways. The tests run in order: the letters are looked at before the first
 * one is written.
 */

import { join } from "node:path";
import type { Page } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { becomeAdministrator } from "./administrator.ts";
import { expectSaved, ownPartnership, waitForEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";
import { picture } from "./pictures.ts";
import { noNetwork } from "./watch.ts";

// Some forty pictures in four windows each, with axe on every one.
test.describe.configure({ timeout: process.env["SCALE"] === "1" ? 240_000 : 90_000 });

test("[Eyes] pages of nobody in particular: sign in, a lost password, help", async ({ visitor }) => {
  for (const [name, path] of [
    ["sign-in", "/sign-in"],
    ["forgot", "/forgot"],
    ["reset", `/reset#${"a".repeat(43)}`],
    ["reset-without-link", "/reset"],
    ["help-signed-out", "/help"],
    ["outbox-empty", "/outbox"],
    ["offline", "/offline"],
  ] as const) {
    await visitor.goto(path);
    await picture(visitor, name);
  }
});

/** Address of the plan that the demonstration is rich in: the one with the longest history. */
async function richPlan(page: Page): Promise<string> {
  await page.goto(`${await ownPartnership(page)}/plans`);
  const path = await page.locator('main a[href^="/documents/"]').first().getAttribute("href");
  if (path === null) throw new Error("The shelf of plans links no document.");
  return path;
}

test("[Eyes] a leader's pages: home, programmes, the partnership and its lists", async ({
  providerLeader,
}) => {
  const page = providerLeader;
  const partnership = await ownPartnership(page);
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
  await page.goto(`${partnership}/people`);
  await page.goto((await page.locator('a[href*="?remove="]').first().getAttribute("href")) ?? "");
  await expect(page.getByRole("heading", { name: /^Remove .*\?$/ })).toBeVisible();
  await picture(page, "people-remove");
});

test("[Eyes] a form that no answer came to, and still no connection", async ({
  providerLeader,
  expected,
}) => {
  const page = providerLeader;
  expected.push(noNetwork);
  await page.goto(`${await ownPartnership(page)}/profile`);
  await page.getByLabel("Aim").fill(`Written on a train. ${"Endless".repeat(40)}`);
  await page.getByLabel("Region").fill("");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByRole("heading", { name: "This may not have been stored" })).toBeVisible();
  await picture(page, "no-answer");
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByText("There is still no connection.")).toBeVisible();
  await picture(page, "no-answer-still");
  await page.context().setOffline(false);
});

test("[Eyes] menus: the account's, a document's, the navigation of a phone", async ({ providerLeader }) => {
  const page = providerLeader;
  const partnership = await ownPartnership(page);
  await page.goto(`${partnership}/plans`);
  await page.locator(".menu-me > summary").click();
  await picture(page, "menu-account");
  await page.keyboard.press("Escape");
  await page.locator(".doc-tools summary").first().click();
  await picture(page, "menu-document");
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator(".nav-phone > summary").click();
  await expect(page.getByRole("navigation", { name: "Partnership, small screen" })).toBeVisible();
  await picture(page, "menu-phone");
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
  const partnership = await ownPartnership(page);
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
  const back = page.getByRole("button", { name: /^Bring this back.*A page with a title/ });
  await back.click();
  await expect(back).toHaveCount(0);
  await page.goto(`${partnership}/pages`);
  await expect(page.getByRole("link", { name: /A page with a title/ })).toBeVisible();
});

test("[Eyes] an observer sees the overview and the dates, and is told why", async ({ observer }) => {
  const page = observer;
  const partnership = await ownPartnership(page);
  await page.goto(partnership);
  await expect(page.getByText(/Observers read what both sides have agreed/)).toBeVisible();
  await picture(page, "observer-overview");
  await page.goto(`${partnership}/plans`);
  await picture(page, "observer-plans");
});

test("[Eyes] versions: the list, a name refused, one version, brought back", async ({
  providerLeader,
  expected,
}) => {
  const page = providerLeader;
  expected.push(/422/);
  const plan = await richPlan(page);
  await page.goto(`${plan}/versions`);
  await picture(page, "versions");
  await page.getByText("Name the present text").click();
  await page.getByRole("button", { name: "Keep this version" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await picture(page, "versions-refused");
  await page.getByLabel("Name", { exact: true }).fill("As looked at");
  await page.getByRole("button", { name: "Keep this version" }).click();
  await expect(page.getByRole("status").filter({ hasText: "is kept as “As looked at”" })).toBeVisible();
  await picture(page, "versions-named");
  await page.locator(".version-line a").nth(2).click();
  await expect(page.getByRole("heading", { name: "About this version" })).toBeVisible();
  await picture(page, "version");
  await page.getByRole("button", { name: "Bring this back" }).click();
  await expect(page.getByText(/^Version \d+ is the present text again/)).toBeVisible();
  await picture(page, "version-brought-back");
});

test("[Eyes] the editor: both sides in it, offline, and a document that is only read", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  const page = providerLeader;
  expected.push(noNetwork);
  const plan = await richPlan(page);
  await page.goto(plan);
  await waitForEditor(page);
  await employerLeader.goto(plan);
  const theirs = await waitForEditor(employerLeader);
  await theirs.locator("> p").first().click();
  await expect(page.locator(".caret-flag")).toHaveCount(1);
  await picture(page, "editor");
  await employerLeader.close();
  await page.context().setOffline(true);
  await expect(page.locator('[data-save="offline"]')).toBeVisible();
  await picture(page, "editor-offline");
  await page.context().setOffline(false);
  await expectSaved(page);

  await page.goto(`${await ownPartnership(page)}/pages?new`);
  await page.getByLabel("Title").fill("Set aside");
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.waitForURL(/\/documents\//);
  const address = new URL(page.url()).pathname;
  await page.goto(`${address}/organise`);
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByRole("status").filter({ hasText: "is archived" })).toBeVisible();
  await page.goto(address);
  await expect(page.locator(".ProseMirror[contenteditable='false'], .doc-body").first()).toBeVisible();
  await picture(page, "editor-read-only");
  await page.goto(`${address}/organise`);
  await picture(page, "organise-archived");
});

test("[Eyes] an invitation: sent, the letters, the offer, and a link that is used up", async ({
  providerLeader,
  visitor,
  expected,
}) => {
  expected.push(/422/, /404/, /410/);
  const page = providerLeader;
  await page.goto(`${await ownPartnership(page)}/people`);
  await page.getByLabel("E-mail address").fill("a.person.with.a.long.address@further-education.example");
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await expect(page.getByText("is on its way to")).toBeVisible();
  await picture(page, "people-invited");
  await page.goto("/outbox");
  const link = await page.getByRole("article").first().getByRole("link").getAttribute("href");
  await picture(page, "outbox");
  await visitor.goto(link ?? "");
  await expect(visitor.getByText("invites you to")).toBeVisible();
  await picture(visitor, "invitation");
  await visitor.goto("/help");
  await visitor.goto(`/invitation#${"a".repeat(43)}`);
  await expect(visitor.getByText("used or has expired")).toBeVisible();
  await picture(visitor, "invitation-used");
});

test("[Eyes] an administrator's pages, and names as long as names can be", async ({
  visitor,
  app,
  expected,
}) => {
  const page = visitor;
  expected.push(/422/);
  await becomeAdministrator(page, app);
  await picture(page, "home-administrator");
  await page.goto("/programmes/new");
  await picture(page, "programme-new");
  await page
    .getByLabel("Title")
    .fill("Curriculum leadership exchanges between providers and employers in the north");
  await page.getByLabel("What it is for").fill("Leaders of both sides plan training together.");
  await page.getByRole("button", { name: "Start the programme" }).click();
  await page.waitForURL(/\/programmes\/(?!new)/);
  const programme = new URL(page.url()).pathname;
  await picture(page, "programme-empty");
  await page.goto(`${programme}/partnerships/new`);
  await picture(page, "partnership-new");
  await page.getByLabel("Title").fill("Two of the same side");
  await page.getByLabel("Organisation 1", { exact: true }).fill("United Colleges Group");
  await page.getByLabel("Organisation 2", { exact: true }).fill("Eastmere College");
  await page.getByLabel("Side of organisation 2").selectOption("provider");
  await page.getByRole("button", { name: "Add the partnership" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await picture(page, "partnership-new-refused");
  const long = (name: string) =>
    `${name} and Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ${name}`;
  await page
    .getByLabel("Title")
    .fill("Advanced manufacturing, process engineering and logistics across the whole of the region");
  await page.getByLabel("Side of organisation 2").selectOption("employer");
  await page.getByLabel("Sector").fill("Advanced manufacturing and process engineering");
  await page.getByLabel("Organisation 1", { exact: true }).fill(long("United Colleges Group"));
  await page.getByLabel("Organisation 2", { exact: true }).fill(long("Consolidated Holdings"));
  await page.getByRole("button", { name: "Add the partnership" }).click();
  await page.waitForURL(/\/partnerships\/(?!new)/);
  const partnership = new URL(page.url()).pathname;
  for (const [name, path] of [
    ["empty-overview", ""],
    ["empty-plans", "/plans"],
    ["empty-exchanges", "/exchanges"],
    ["empty-people", "/people"],
  ] as const) {
    await page.goto(`${partnership}${path}`);
    await picture(page, name);
  }
  await page.goto(`${partnership}/plans?new`);
  await page
    .getByLabel("Title")
    .fill(
      `${"A plan for the first and the second year of the apprenticeship ".repeat(2)}Supercalifragilisticexpialidocious-${"engineering".repeat(6)}`,
    );
  await page.getByRole("button", { name: "Start writing" }).click();
  await page.waitForURL(/\/documents\//);
  await waitForEditor(page);
  await picture(page, "long-editor");
  const address = new URL(page.url()).pathname;
  for (const [name, path] of [
    ["long-versions", `${address}/versions`],
    ["long-organise", `${address}/organise`],
    ["long-plans", `${partnership}/plans`],
    ["long-overview", partnership],
    ["long-programme", programme],
    ["programmes-administrator", "/programmes"],
    ["home-administrator-later", "/"],
  ] as const) {
    await page.goto(path);
    await picture(page, name);
  }
});

/**
 * A page that the server really cannot draw: a table it needs is away for the moment, as
 * on a broken disk. It is put back in any case.
 */
test("[Eyes] a page that cannot be drawn names a reference and says that nothing is lost", async ({
  providerLeader,
  app,
  expected,
}) => {
  expected.push(/500/);
  const database = new Sqlite(join(app.dataFolder, "two-way.db"));
  try {
    database.exec("alter table meeting rename to meeting_away");
    await providerLeader.goto("/");
    await expect(providerLeader.getByText("What was saved is safe")).toBeVisible();
    await expect(providerLeader.getByText("tell your administrator the number")).toBeVisible();
    await picture(providerLeader, "error");
    // The number of a page is not that of what it asks for later.
    await providerLeader.goto("/help");
    await providerLeader.getByRole("link", { name: "Home", exact: true }).first().click();
    await expect(providerLeader.getByText("tell your administrator what you were doing")).toBeVisible();
  } finally {
    database.exec("alter table meeting_away rename to meeting");
    database.close();
  }
  await providerLeader.goto("/");
  await expect(providerLeader.getByRole("heading", { name: "My partnerships" })).toBeVisible();
});

test("[Eyes] what cannot be found", async ({ providerLeader, expected }) => {
  expected.push(/404/);
  await providerLeader.goto("/partnerships/nobody-knows-this");
  await expect(providerLeader.getByRole("heading", { name: "We cannot find that page" })).toBeVisible();
  await picture(providerLeader, "not-found");
});
