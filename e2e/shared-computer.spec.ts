/**
 * A shared computer after somebody has signed out: the whole profile of the browser, file
 * by file, holds nothing of what they wrote or read (promise W12).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { chromium, type Page } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { createPasswords } from "../db/passwords.ts";
import { expectSaved, waitForEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

const password = "lanterns over water";

/** Gives the leader of the provider's side a password, and answers their e-mail address. */
async function emailWithPassword(dataFolder: string): Promise<string> {
  const hash = await createPasswords().hash(password);
  const sqlite = new Sqlite(join(dataFolder, "two-way.db"));
  const leader = sqlite
    .prepare(
      `select user.id, user.email from user join membership on membership.user_id = user.id
       where membership.side = 'provider' and membership.role = 'leader' and user.is_demo = 1 limit 1`,
    )
    .get() as { id: string; email: string };
  sqlite.prepare("update user set password_hash = ? where id = ?").run(hash, leader.id);
  sqlite.close();
  return leader.email;
}

/** What a file holds, packed parts of it unpacked where they are answers of a server. */
function contentsOf(file: string): readonly Buffer[] {
  const bytes = readFileSync(file);
  const all = [bytes];
  for (
    let at = bytes.indexOf("\x1f\x8b\x08", 0, "latin1");
    at >= 0;
    at = bytes.indexOf("\x1f\x8b\x08", at + 1, "latin1")
  )
    try {
      all.push(gunzipSync(bytes.subarray(at), { finishFlush: 2 }));
    } catch {
      // Three bytes that happen to look like the beginning of something packed.
    }
  try {
    all.push(brotliDecompressSync(bytes));
  } catch {
    // Not packed so.
  }
  return all;
}

/** Which of these words stand in which files below a folder, as UTF-8 or UTF-16. */
function found(folder: string, words: readonly string[]): { files: number; bytes: number; hits: string[] } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  let bytes = 0;
  const hits = files.flatMap((file) => {
    const contents = contentsOf(file);
    bytes += contents[0]?.length ?? 0;
    return words
      .filter((word) =>
        contents.some((content) => content.includes(word, 0, "utf8") || content.includes(word, 0, "utf16le")),
      )
      .map((word) => `${relative(folder, file)}: ${word}`);
  });
  return { files: files.length, bytes, hits };
}

async function signIn(page: Page, email: string, isShared: boolean): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  if (isShared) await page.getByLabel("This is a shared computer").check({ force: true });
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname === "/");
}

/** Writes each canary somewhere else: a title, a text, a name of a version, forms, a search. */
async function writeCanaries(page: Page, mark: string): Promise<readonly string[]> {
  const canary = (place: string) => `${mark}${place}`;
  await page.goto("/partnerships/wendlemoor-brindlewick/pages?new");
  await page.getByLabel("Title").first().fill(canary("title"));
  await page
    .getByRole("button", { name: /^(New|Create|Start)/ })
    .first()
    .click();
  await page.waitForURL(/\/documents\/[0-9a-f-]{36}$/);
  const address = new URL(page.url()).pathname;
  const text = await waitForEditor(page);
  await text.locator("> p").last().click();
  // In one piece, or no file would hold it in one.
  await page.keyboard.insertText(`${canary("text")} and more`);
  await expectSaved(page);
  await page.goto(`${address}/versions`);
  await page.getByText("Name the present text").click();
  await page.getByLabel("Name", { exact: true }).fill(canary("version"));
  await page.keyboard.press("Enter");
  await expect(page.getByText(canary("version")).first()).toBeVisible();
  // A form that is filled in and never sent.
  await page.goto("/account");
  await page.getByLabel("Name", { exact: true }).fill(canary("form"));
  await page.getByLabel("Search all documents").fill(canary("title"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: canary("title") })).toBeVisible();
  await page.getByLabel("Words to find").fill(canary("search"));
  await page.keyboard.press("Enter");
  await expect(page.getByText(`Nothing found for “${canary("search")}”`)).toBeVisible();
  await page.goto(address);
  await expect(page.locator(".ProseMirror")).toContainText(canary("text"));
  return ["title", "text", "version", "form", "search"].map(canary);
}

async function signOut(page: Page): Promise<void> {
  await page.goto("/");
  await page
    .locator('form[action="/sign-out"] button')
    .first()
    .evaluate((button: HTMLElement) => button.click());
  await page.waitForURL((url) => url.pathname === "/sign-in");
}

test("[W12] after signing out of a shared computer no file of the browser's profile holds a word of it", async ({
  app,
}, info) => {
  test.setTimeout(180_000);
  const email = await emailWithPassword(app.dataFolder);
  const hits = new Map<boolean, string[]>();
  for (const isShared of [false, true]) {
    const profile = mkdtempSync(join(tmpdir(), "two-way-profile-"));
    const context = await chromium.launchPersistentContext(profile, {
      ...info.project.use.launchOptions,
      baseURL: app.url,
      locale: "en-GB",
    });
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      await signIn(page, email, isShared);
      const canaries = await writeCanaries(page, `Quernstone${isShared ? "Shared" : "Own"}`);
      // On one's own computer the scan must find what is kept on purpose, or it looks in vain.
      if (isShared) await signOut(page);
      await context.close();
      const scan = found(profile, canaries);
      hits.set(isShared, scan.hits);
      console.log(
        `[W12] ${isShared ? "shared, signed out" : "own, signed in"}: ${canaries.length} canaries looked for in ${scan.files} files, ${Math.round(scan.bytes / 1e6)} MB; ${scan.hits.length} hits${scan.hits.map((hit) => `\n  ${hit}`).join("")}`,
      );
    } finally {
      rmSync(profile, { recursive: true, force: true });
    }
  }
  expect(hits.get(false)?.join("\n")).toMatch(/IndexedDB.*text/);
  expect(hits.get(true)).toEqual([]);
});
