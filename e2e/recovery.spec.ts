/**
 * What a browser holds when the document's history was replaced behind its back: a
 * backup was brought back, or the history was purged. Nothing a person wrote may be lost
 * with it, and nothing erased may return.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, expect, type Page, test } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { downloadedBy, save, startDocument, text, waiting, write } from "./document-page.ts";
import { type RunningApp, startApp } from "./running-app.ts";

const root = join(import.meta.dirname, "..");

/** A maintenance command on the data folder of `app`. */
async function command(app: RunningApp, name: "backup" | "restore" | "purge", ...words: string[]) {
  const environment = { ...process.env, DATA_DIR: app.dataFolder };
  await promisify(execFile)(process.execPath, [`scripts/${name}.ts`, ...words], {
    cwd: root,
    env: environment,
  });
}

/** The same instance again, at the same address: browsers keep their copies by address. */
const again = (app: RunningApp) =>
  startApp({ dataFolder: app.dataFolder, environment: { PORT: new URL(app.url).port } });

async function enter(browser: Browser, app: RunningApp, person: RegExp): Promise<Page> {
  const context = await browser.newContext({ baseURL: app.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  return takeSeat(page, person);
}

async function takeSeat(page: Page, person: RegExp): Promise<Page> {
  await page.getByRole("button", { name: person }).first().click();
  await page.waitForURL((url) => url.pathname !== "/sign-in" && url.pathname !== "/look-around");
  return page;
}

/** Takes along what the page offers, and removes it from the device. */
async function takenAlong(page: Page): Promise<string> {
  const offer = page.getByRole("region", { name: "Words that are only on this device" });
  const words = await downloadedBy(page, offer.getByRole("button", { name: "Download what you wrote" }));
  await offer.getByRole("button", { name: "Remove it from this device" }).click();
  await expect(offer).toHaveCount(0);
  return words;
}

/** Names of the copies of documents on this device. */
const copies = (page: Page) =>
  page.evaluate(async () =>
    (await indexedDB.databases())
      .map(({ name }) => name ?? "")
      .filter((name) => name.split(":").length === 4),
  );

test("[D5] words saved after a backup was made come back from the browser that holds them", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  let app = await startApp();
  try {
    const page = await enter(browser, app, /Leader on the provider side/);
    const path = await startDocument(page, "Brought back");
    await write(page, "Before the backup. ");
    await expect(save(page)).toHaveText(/^Saved/);
    const backup = join(app.dataFolder, "backup-of-test.db");
    await command(app, "backup", backup);
    await write(page, "After the backup.");
    await expect(save(page)).toHaveText(/^Saved/);
    await app.stop();
    await command(app, "restore", backup);
    app = await again(app);

    // The session ended with the restore; what the device holds outlives the way in.
    await page.goto(path);
    await page.waitForURL((url) => url.pathname === "/sign-in");
    await page.waitForLoadState("networkidle");
    await takeSeat(page, /Leader on the provider side/);
    await page.goto(path);
    await expect(text(page)).toContainText("Before the backup. After the backup.");
    await expect(save(page)).toHaveText(/^Saved/);
    const colleague = await enter(browser, app, /Leader on the employer side/);
    await colleague.goto(path);
    await expect(text(colleague)).toContainText("Before the backup. After the backup.");
    // What was taken over needs no second copy.
    await expect.poll(() => copies(page)).toHaveLength(1);
  } finally {
    await app.remove();
  }
});

test("[D5] after a recovery has ended, a device shows what only it holds, and forgets a copy that holds nothing more", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  let app = await startApp();
  try {
    const page = await enter(browser, app, /Leader on the provider side/);
    const path = await startDocument(page, "Back too late");
    await write(page, "Before the backup. ");
    await expect(save(page)).toHaveText(/^Saved/);
    const colleague = await enter(browser, app, /Leader on the employer side/);
    await colleague.goto(path);
    await expect(text(colleague)).toContainText("Before the backup.");
    await expect(save(colleague)).toHaveText(/^Saved/);
    await colleague.goto("/help");
    const backup = join(app.dataFolder, "backup-of-test.db");
    await command(app, "backup", backup);
    await write(page, "After the backup.");
    await expect(save(page)).toHaveText(/^Saved/);
    await expect.poll(() => waiting(page)).toBe(0);
    await page.goto("/help");
    await app.stop();
    await command(app, "restore", backup);
    app = await again(app);
    // They sign in again while it lasts, and open the document when it is over.
    for (const [who, person] of [
      [page, /Leader on the provider side/],
      [colleague, /Leader on the employer side/],
    ] as const) {
      await who.goto("/sign-in");
      await who.waitForLoadState("networkidle");
      await takeSeat(who, person);
    }
    await command(app, "restore", "--finish");

    await page.goto(path);
    await expect(text(page)).toContainText("Before the backup.");
    await expect(text(page)).not.toContainText("After the backup.");
    expect(await takenAlong(page)).toContain("Before the backup. After the backup.");
    await expect.poll(() => copies(page)).toHaveLength(1);
    await colleague.goto(path);
    await expect(text(colleague)).toContainText("Before the backup.");
    await expect.poll(() => copies(colleague)).toHaveLength(1);
    await expect(colleague.getByRole("region", { name: "Words that are only on this device" })).toHaveCount(
      0,
    );
  } finally {
    await app.remove();
  }
});

test("[P1] after a purge a device forgets its old copy, but offers what only it holds", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  let app = await startApp();
  try {
    const page = await enter(browser, app, /Leader on the provider side/);
    const path = await startDocument(page, "Erased");
    await write(page, "CANARY ");
    await expect(save(page)).toHaveText(/^Saved/);
    const other = await enter(browser, app, /Leader on the employer side/);
    await other.goto(path);
    await expect(text(other)).toContainText("CANARY");
    await other.context().setOffline(true);
    await write(other, "Written offline.");
    await expect(save(other)).toHaveText(/changes kept on this device/);
    await text(page).locator("> p").last().click();
    for (let i = 0; i < "CANARY ".length; i++) await page.keyboard.press("Backspace");
    await write(page, "What remains.");
    await expect.poll(() => waiting(page)).toBe(0);
    await page.goto("/help");
    await app.stop();
    const sqlite = new Sqlite(join(app.dataFolder, "two-way.db"), { readonly: true });
    const email = sqlite
      .prepare(
        `select user.email from user join membership on membership.user_id = user.id
         join document on document.partnership_id = membership.partnership_id
         where document.id = ? and membership.role = 'leader' and membership.status = 'active'`,
      )
      .pluck()
      .get(path.split("/").at(-1)) as string;
    sqlite.close();
    await command(app, "purge", "--document", path.split("/").at(-1) ?? "", "--by", email);
    app = await again(app);

    await page.goto(path);
    await expect(text(page)).toContainText("What remains.");
    await expect(text(page)).not.toContainText("CANARY");
    await expect.poll(() => copies(page)).toHaveLength(1);

    await other.context().setOffline(false);
    await other.goto(path);
    await expect(text(other)).toContainText("What remains.");
    await expect(text(other)).not.toContainText("Written offline.");
    // Without a line the new history opens, although a copy of the old one is still there.
    await expect(save(other)).toHaveText(/^Saved/);
    await expect(other.locator("html")).toHaveAttribute("data-kept-for-offline", "yes");
    await other.context().setOffline(true);
    await other.reload();
    await expect(text(other)).toContainText("What remains.");
    await expect(text(other)).not.toContainText("Written offline.");
    // The offline page goes back by itself.
    await other.context().setOffline(false);
    await expect(other.getByRole("region", { name: "Words that are only on this device" })).toBeVisible();
    expect(await takenAlong(other)).toContain("Written offline.");
    await expect.poll(() => copies(other)).toHaveLength(1);
  } finally {
    await app.remove();
  }
});
