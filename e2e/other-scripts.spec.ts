/** Text that is not as ours: written from the right, or brought from other pages with their pictures. */
import type { Locator, Page } from "@playwright/test";
import { newDocument, openEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

const shelf = "/partnerships/wendlemoor-brindlewick/pages";
const hebrew = "שלום לכולם.";

/** A new document with the cursor in its last paragraph. */
async function startWriting(page: Page, title: string): Promise<{ path: string; editor: Locator }> {
  const path = await newDocument(page, shelf, title);
  const editor = await openEditor(page, path);
  await editor.locator("> p").last().click();
  return { path, editor };
}

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
  const { path, editor } = await startWriting(page, hebrew);
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

/** Pastes HTML where the cursor is. */
const paste = (editor: Locator, html: string) =>
  editor.evaluate((element, words) => {
    const data = new DataTransfer();
    data.setData("text/html", words);
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, html);

test("a list copied out of Word is pasted as a list", async ({ providerLeader: page }) => {
  const { editor } = await startWriting(page, "Out of Word");
  const item = (words: string, level: number) =>
    `<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span
    style='mso-list:Ignore'>·<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>${words}<o:p></o:p></p>`;
  await paste(editor, `<p class=MsoNormal>Agreed:</p>${item("a day a week", 1)}${item("from May", 2)}`);
  await expect(editor.locator("> ul > li > p")).toHaveText("a day a week");
  await expect(editor.locator("> ul > li > ul > li")).toHaveText("from May");
});

test("a dropped file that is no picture is refused in a sentence, in sight on phones as well", async ({
  providerLeader: page,
}) => {
  const { editor } = await startWriting(page, "Files");
  const isKeptFromBrowser = await editor
    .locator("> p")
    .last()
    .evaluate((element) => {
      const data = new DataTransfer();
      data.items.add(new File(["bytes"], "plan.pdf", { type: "application/pdf" }));
      const { x, y } = element.getBoundingClientRect();
      const event = { dataTransfer: data, bubbles: true, cancelable: true, clientX: x + 2, clientY: y + 2 };
      return !element.dispatchEvent(new DragEvent("drop", event));
    });
  // The browser would leave the page for the file.
  expect(isKeptFromBrowser).toBe(true);
  const refused = page.getByText("Of files, a text takes pictures alone");
  await expect(refused).toBeVisible();
  // On a phone, far down in a long text, it stands below the bar and not behind it.
  await page.setViewportSize({ width: 390, height: 844 });
  for (let line = 0; line < 25; line++) await page.keyboard.press("Enter");
  await page.keyboard.type("The last line");
  await expect(refused).toBeInViewport({ ratio: 1 });
  const edges = async () => ({
    bar: await page.locator(".docbar").evaluate((bar) => bar.getBoundingClientRect().bottom),
    note: await refused.evaluate((note) => note.getBoundingClientRect().top),
    scrolled: await page.evaluate(() => scrollY),
  });
  await expect.poll(async () => (await edges()).scrolled).toBeGreaterThan(200);
  const { bar, note } = await edges();
  expect(note).toBeGreaterThanOrEqual(bar);
});

test("cells copied in an office program come as a table, not as the picture of them beside it", async ({
  providerLeader: page,
}) => {
  const { editor } = await startWriting(page, "Cells");
  await editor.evaluate((element) => {
    const data = new DataTransfer();
    data.setData("text/plain", "Placement\t12 weeks");
    data.setData("text/html", "<table><tr><td>Placement</td><td>12 weeks</td></tr></table>");
    data.items.add(new File(["bytes"], "image.png", { type: "image/png" }));
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await expect(editor.locator("td")).toHaveText(["Placement", "12 weeks"]);
  await expect(page.getByRole("dialog", { name: "Add a picture" })).toBeHidden();
});

test("[S5] pictures of other pages are not taken over with a paste, and the person is told", async ({
  providerLeader: page,
}) => {
  const { editor } = await startWriting(page, "Pasted with pictures");
  const one = page.getByText("One picture could not be taken over.");
  await paste(editor, '<p>From afar</p><img src="https://example.org/a.png">');
  await expect(editor).toContainText("From afar");
  await expect(one).toBeVisible();
  await expect(editor.locator("img:not(.ProseMirror-separator)")).toHaveCount(0);
  await paste(editor, '<img src="data:image/png;base64,AA"><img src="file:///b.png"><p>Two</p>');
  await expect(page.getByText("2 pictures could not be taken over.")).toBeVisible();
  // The next paste without any takes the note away.
  await paste(editor, "<p>Words alone</p>");
  await expect(page.getByText(/could not be taken over/)).toHaveCount(0);
});
