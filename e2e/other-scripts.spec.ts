/** Text that is not as ours: written from the right, or brought from other pages with their pictures. */
import type { Locator } from "@playwright/test";
import { newDocument, openEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

const shelf = "/partnerships/wendlemoor-brindlewick/pages";
const hebrew = "שלום לכולם.";

/** Where a block's last character stands: left of its first one, and at which edge the line begins. */
const runOf = (block: Locator) =>
  block.evaluate((element) => {
    const node = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text;
    const at = (offset: number) => {
      const range = document.createRange();
      range.setStart(node, offset);
      range.setEnd(node, offset + 1);
      return range.getBoundingClientRect();
    };
    const [first, last, box] = [at(0), at(node.length - 1), element.getBoundingClientRect()];
    return {
      endsLeft: last.left < first.left,
      startsRight: box.right - first.right < first.left - box.left,
    };
  });

test("words written from the right run from the right: in title, text and export, beside English ones", async ({
  providerLeader: page,
}) => {
  const path = await newDocument(page, shelf, hebrew);
  const editor = await openEditor(page, path);
  await editor.locator("> p").last().click();
  await page.keyboard.insertText(hebrew);
  await page.keyboard.press("Enter");
  await page.keyboard.type("English beside it.");
  await expect(page.locator('[data-save="saved"]')).toBeVisible();
  const fromRight = { endsLeft: true, startsRight: true };
  const fromLeft = { endsLeft: false, startsRight: false };
  expect(await runOf(editor.locator("> p").filter({ hasText: hebrew }))).toEqual(fromRight);
  expect(await runOf(editor.locator("> p").filter({ hasText: "English" }))).toEqual(fromLeft);
  expect(await runOf(page.locator(".sheet .doc-title"))).toEqual(fromRight);
  expect((await runOf(page.locator(".docbar h1"))).endsLeft).toBe(true);
  let file = "";
  // The export shows what is stored by then; the page asks until it holds the last words.
  await expect
    .poll(async () => {
      file = await (await page.request.get(`${path}/export.html`)).text();
      return file;
    })
    .toContain("English beside it.");
  await page.goto("about:blank");
  await page.setContent(file);
  expect(await runOf(page.locator("h1"))).toEqual(fromRight);
  expect(await runOf(page.locator("main > p").filter({ hasText: hebrew }))).toEqual(fromRight);
  expect(await runOf(page.locator("main > p").filter({ hasText: "English" }))).toEqual(fromLeft);
});
