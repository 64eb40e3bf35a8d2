/** The document page as a person uses it: the text, the save state, the others' carets. */
import { expect, type Locator, type Page } from "@playwright/test";

/** Waits until the text can be written, and answers it. */
export async function openEditor(page: Page, address: string): Promise<Locator> {
  await page.goto(address);
  return waitForEditor(page);
}

/** The text of the document, once it is ready to be written in. */
export async function waitForEditor(page: Page): Promise<Locator> {
  const editor = page.locator('.ProseMirror[contenteditable="true"]');
  await expect(editor).toBeVisible();
  await expectSaved(page);
  return editor;
}

/** Text without the carets of others, which stand inside the paragraphs. */
export function textOf(editor: Locator): Promise<string> {
  return editor.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const widget of copy.querySelectorAll(".ProseMirror-widget")) widget.remove();
    return copy.textContent ?? "";
  });
}

/** "Saved" is said only after the server's durable acknowledgement. */
export async function expectSaved(page: Page): Promise<void> {
  await expect(page.locator('[data-save="saved"]')).toBeVisible();
}

/**
 * The notes on this device that something waits for the server: changes per page load. A
 * note is written behind the changes it counts.
 */
const notes = (page: Page) =>
  page.evaluate(async () => {
    const all = await indexedDB.databases();
    const names = all.flatMap(({ name }) => (name?.split(":").length === 4 ? [name] : []));
    const counts = names.map(
      (name) =>
        new Promise<number[]>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const store = opening.result.transaction(["custom"]).objectStore("custom");
            const keys = store.getAllKeys();
            const values = store.getAll();
            values.onerror = () => reject(values.error);
            values.onsuccess = () => {
              opening.result.close();
              resolve(values.result.filter((_, index) => String(keys.result[index]).startsWith("unsynced:")));
            };
          };
        }),
    );
    return (await Promise.all(counts)).flat();
  });

/** How many page loads have something on this device that waits for the server. */
export const waiting = async (page: Page) => (await notes(page)).length;

/** How many changes wait on this device; what they changed is kept then. */
export const waitingChanges = async (page: Page) =>
  (await notes(page)).reduce((sum, changes) => sum + changes, 0);

/** Puts the cursor at the very end and starts a new paragraph there. */
export async function atTheEnd(page: Page, editor: Locator): Promise<void> {
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
}

/** Makes a document of the partnership on the page's shelf and answers its address. */
export async function newDocument(page: Page, shelf: string, title: string): Promise<string> {
  await page.goto(`${shelf}?new`);
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: /^(Start|Create|Add|Make)/ }).click();
  await page.waitForURL(/\/documents\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

/** The partnership of invented organisations that the demonstration data describes in full. */
export const illustrative = "/partnerships/wendlemoor-brindlewick";

/** The text, by the name screen readers hear; also where it is only read. */
export const text = (page: Page) => page.getByRole("textbox", { name: /^Text of the document/ });
export const save = (page: Page) => page.locator("[data-save]");

/** Makes a document on a shelf of the illustrative partnership and opens it. Answers its path. */
export async function startDocument(
  page: Page,
  title: string,
  shelf: "plans" | "pages" = "pages",
): Promise<string> {
  const path = await newDocument(page, `${illustrative}/${shelf}`, title);
  await text(page).waitFor();
  return path;
}

export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await text(page).waitFor();
}

/** At the end of the last paragraph. */
export async function goToEnd(page: Page): Promise<void> {
  await text(page).locator("> p").last().click();
  await page.keyboard.press("Control+End");
}

/** Writes at the end of the last paragraph. */
export async function write(page: Page, words: string): Promise<void> {
  await goToEnd(page);
  await page.keyboard.type(words);
}

/** The text of the file that a button gives. */
export async function downloadedBy(page: Page, button: Locator): Promise<string> {
  const downloading = page.waitForEvent("download");
  await button.click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await downloading).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Address of the one rich demonstration partnership of the person who is signed in. */
export async function ownPartnership(page: Page): Promise<string> {
  await page.goto("/");
  const href = await page.locator('main a[href^="/partnerships/"]').first().getAttribute("href");
  if (!href) throw new Error("This person has no partnership on their home page");
  return href;
}
