/**
 * What is kept on a device: "Kept on this device" is said only while it really keeps, and
 * what one person could not send yet outlives another person's visit to the same browser.
 */
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { createPasswords } from "../db/passwords.ts";
import { expectSaved, newDocument, waitForEditor, waiting, waitingChanges } from "./document-page.ts";
import { expect, people, test } from "./fixtures.ts";
import { noNetwork } from "./watch.ts";

test("[W12] a browser without room to keep anything is not said to keep it", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(noNetwork);
  // The promise of y-indexeddb that nobody waits for: the write that failed.
  expected.push(/abort/i);
  await page.goto("/partnerships/wendlemoor-brindlewick/pages?new");
  await page.getByLabel("Title").first().fill("No room");
  await page
    .getByRole("button", { name: /^(New|Create|Start)/ })
    .first()
    .click();
  const text = page.getByRole("textbox", { name: /^Text of the document/ });
  const save = page.locator("[data-save]");
  await text.locator("> p").last().click();
  await page.keyboard.type("a");
  await expect(save).toHaveText(/^Saved \d\d:\d\d$/);
  await page.context().setOffline(true);
  await page.keyboard.type("b");
  await expect(save).toHaveText("Offline. 1 change kept on this device.");

  // As a full disk does it: the transaction is undone after the write was taken.
  await page.evaluate(() => {
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...words: Parameters<typeof add>) {
      const request = add.apply(this, words);
      this.transaction.abort();
      return request;
    };
  });
  await page.keyboard.type("c");
  await expect(save).toHaveText("Not saved yet. Keep this page open, we are still trying.");
  await page.context().setOffline(false);
  await expect(save).toHaveText(/^Saved \d\d:\d\d$/);
});

test("[W12] signing out on a shared computer leaves words that somebody else has not sent yet", async ({
  app,
  providerLeader: page,
  expected,
}) => {
  expected.push(noNetwork);
  const password = "lanterns over water";
  const hash = await createPasswords().hash(password);
  const sqlite = new Sqlite(join(app.dataFolder, "two-way.db"));
  const guest = sqlite
    .prepare(
      `select user.id, user.email from user join membership on membership.user_id = user.id
       where membership.side = 'employer' and membership.role = 'leader' and user.is_demo = 1 limit 1`,
    )
    .get() as { id: string; email: string };
  sqlite.prepare("update user set password_hash = ? where id = ?").run(hash, guest.id);
  sqlite.close();

  const address = await newDocument(page, "/partnerships/wendlemoor-brindlewick/pages", "On one device");
  const text = await waitForEditor(page);
  const context = page.context();
  await context.setOffline(true);
  await text.locator("> p").last().click();
  await page.keyboard.type("unsent words");
  await expect(page.locator("[data-save]")).toHaveText(/kept on this device/);
  await expect.poll(() => waitingChanges(page)).toBe("unsent words".length);
  await page.close();

  // Her session has run out, and somebody else sits down here.
  await context.clearCookies();
  await context.setOffline(false);
  const other = await context.newPage();
  await other.goto("/sign-in");
  const note = other.getByText("One document on this device holds work that has not been sent yet.");
  await expect(note).toBeVisible();
  await other.getByLabel("E-mail address").fill(guest.email);
  await other.getByLabel("Password").fill(password);
  await other.getByLabel("This is a shared computer").check({ force: true });
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await other.waitForURL((url) => url.pathname === "/");
  const left = other.waitForResponse((answer) => new URL(answer.url()).pathname.startsWith("/sign-out"));
  await other.locator('form[action="/sign-out"] button').evaluate((button: HTMLElement) => button.click());
  await left;
  await other.waitForURL((url) => url.pathname === "/sign-in");
  await expect(note).toBeVisible();
  const names = await other.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? ""));
  expect(names.filter((name) => name.includes(guest.id))).toEqual([]);
  expect(await waiting(other)).toBe(1);

  await other.getByRole("button", { name: people.providerLeader }).first().click();
  await other.waitForURL((url) => url.pathname === "/");
  await other.goto(address);
  const again = await waitForEditor(other);
  await expect(again).toContainText("unsent words");
  await expectSaved(other);
  expect(await waiting(other)).toBe(0);
});
