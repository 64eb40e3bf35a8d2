/**
 * Forms whose answer is no: a session that ended meanwhile, somebody else who was quicker,
 * a file that is locked. What was typed stays in front of whoever typed it.
 */
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { ownPartnership } from "./document-page.ts";
import { expect, people, test } from "./fixtures.ts";
import { noNetwork } from "./watch.ts";

const long = "What both sides want to reach in this year, at some length.";

test("a form sent after the session ended stays as typed, and is taken after signing in beside it", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(/401/);
  const partnership = await ownPartnership(page);
  await page.goto(`${partnership}/profile`);
  await page.getByLabel("Aim").fill(long);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save the profile" }).click();
  const note = page.getByRole("alert");
  await expect(note).toContainText("You are signed out, so this was not stored");
  await expect(page.getByLabel("Aim")).toHaveValue(long);

  const [beside] = await Promise.all([
    page.context().waitForEvent("page"),
    note.getByRole("link", { name: "Sign in in another tab" }).click(),
  ]);
  await beside.getByRole("button", { name: people.providerLeader }).first().click();
  await beside.waitForURL((url) => url.pathname === "/");
  await page.getByRole("button", { name: "Save the profile" }).click();
  await page.waitForURL((url) => url.pathname === partnership);
  await expect(page.getByText(long)).toBeVisible();
});

test("without JavaScript a form sent after the session ended is drawn with what was typed, and is taken again", async ({
  browser,
  app,
}) => {
  const context = await browser.newContext({ baseURL: app.url, javaScriptEnabled: false });
  const page = await context.newPage();
  // Words that hold an id are words still.
  const told = `${long} Told by the employer: https://site.example/pages/0b6f1c7e-9a52-4c1d-8a7e-2f5d3b1c9e40.`;
  const enter = async () => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: people.employerLeader }).first().click();
    await page.waitForURL((url) => url.pathname === "/");
  };
  await enter();
  const partnership = await ownPartnership(page);
  await page.goto(`${partnership}/profile`);
  await page.getByLabel("Background").fill(told);
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await expect(page.getByLabel("Background")).toHaveValue(told);

  const beside = await context.newPage();
  await beside.goto("/sign-in");
  await beside.getByRole("button", { name: people.employerLeader }).first().click();
  await beside.waitForURL((url) => url.pathname === "/");
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.waitForURL((url) => url.pathname === partnership);
  await page.goto(`${partnership}/profile`);
  await expect(page.getByLabel("Background")).toHaveValue(told);
  await context.close();
});

test("a form that no answer came to is shown with what was typed, and is taken again when the network is back", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(noNetwork);
  const partnership = await ownPartnership(page);
  await page.goto(`${partnership}/profile`);
  const words = `${long} Written on a train.`;
  await page.getByLabel("Aim").fill(words);
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByRole("heading", { name: "This may not have been stored" })).toBeVisible();
  await expect(page.getByLabel("Aim")).toHaveValue(words);
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByText("There is still no connection.")).toBeVisible();
  await expect(page.getByLabel("Aim")).toHaveValue(words);

  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.waitForURL((url) => url.pathname === partnership);
  await expect(page.getByText(words)).toBeVisible();
});

test("a new password that is refused stays typed, the first time too", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(/status of 4\d\d/);
  await page.goto("/account");
  await page.getByLabel("Present password").fill("not what it is");
  await page.getByLabel("New password").fill("rivers under bridges");
  await page.getByLabel("The same again").fill("rivers under bridges");
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.locator("section", { hasText: "Password" }).getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("New password")).toHaveValue("rivers under bridges");
  await expect(page.getByLabel("The same again")).toHaveValue("rivers under bridges");
});

test("without JavaScript a refused form keeps every field that was typed", async ({ browser, app }) => {
  const context = await browser.newContext({ baseURL: app.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: people.providerLeader }).first().click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.goto(`${await ownPartnership(page)}/profile`);
  await page.getByLabel("Sustainability").fill(long);
  await page.getByLabel("Starts").fill("2016-02-01");
  await page.getByLabel("Ends").fill("2015-02-01");
  await page.getByRole("button", { name: "Save the profile" }).click();
  await expect(page.getByText("The end is before the start")).toBeVisible();
  await expect(page.getByLabel("Sustainability")).toHaveValue(long);
  await expect(page.getByLabel("Ends")).toHaveValue("2015-02-01");
  await context.close();
});

test("[D7] two leaders with the profile open: the second sees both texts and decides", async ({
  providerLeader,
  employerLeader,
  expected,
}) => {
  expected.push(/409/);
  const partnership = await ownPartnership(providerLeader);
  for (const page of [providerLeader, employerLeader]) await page.goto(`${partnership}/profile`);
  await providerLeader.getByLabel("Sector").fill("Maintenance engineering, from the provider");
  await providerLeader.getByLabel("Region").fill("The provider’s region");
  await providerLeader.getByRole("button", { name: "Save the profile" }).click();
  await providerLeader.waitForURL((url) => url.pathname === partnership);

  await employerLeader.getByLabel("Sector").fill("Engineering, from the employer");
  await employerLeader.getByRole("button", { name: "Save the profile" }).click();
  await expect(employerLeader.getByText("Somebody else changed this after you opened")).toBeVisible();
  await expect(employerLeader.getByText("Maintenance engineering, from the provider")).toBeVisible();
  await expect(employerLeader.getByLabel("Sector")).toHaveValue("Engineering, from the employer");
  await employerLeader.getByRole("button", { name: "Save the profile" }).click();
  await employerLeader.waitForURL((url) => url.pathname === partnership);
  await providerLeader.goto(`${partnership}/profile`);
  await expect(providerLeader.getByLabel("Sector")).toHaveValue("Engineering, from the employer");
  await expect(providerLeader.getByLabel("Region")).toHaveValue("The provider’s region");
});

test("[D13] under a locked database people read, and a form keeps its words in a sentence", async ({
  facilitator: page,
  app,
  expected,
}) => {
  expected.push(/503/);
  const partnership = await ownPartnership(page);
  await page.goto(`${partnership}/pages?new`);
  await page.getByLabel("Title").fill("Written under a lock");
  const other = new Sqlite(join(app.dataFolder, "two-way.db"));
  try {
    other.exec("begin immediate");
    await page.getByRole("button", { name: "Start writing" }).click();
    await expect(page.getByText("This could not be stored just now")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByLabel("Title")).toHaveValue("Written under a lock");
    await page.goto(`${partnership}/plans`);
    await page.locator('main a[href^="/documents/"]').first().click();
    await expect(page.locator(".doc-title")).toBeVisible();
  } finally {
    other.close();
  }
});
