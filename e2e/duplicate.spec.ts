/** A document is duplicated: the same words, a text of its own. */
import { expectSaved, newDocument, ownPartnership, textOf, waitForEditor } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";

test("a duplicate has the words of the original, and what is written in one does not come into the other", async ({
  providerLeader: page,
}) => {
  const address = await newDocument(page, `${await ownPartnership(page)}/pages`, "Site rules");
  const original = await waitForEditor(page);
  await original.click();
  await page.keyboard.type("Boots and glasses. ");
  await expect(original).toContainText("Boots and glasses.");
  await expectSaved(page);
  const words = await textOf(original);

  await page.goto(`${address}/organise`);
  await page.getByRole("button", { name: "Duplicate" }).click();
  await page.waitForURL(
    (url) => /^\/documents\/[0-9a-f-]{36}$/.test(url.pathname) && url.pathname !== address,
  );
  await expect(page).toHaveTitle(/Copy of Site rules/);
  const copy = await waitForEditor(page);
  expect(await textOf(copy)).toBe(words);
  await copy.click();
  await page.keyboard.type("Only in the copy. ");
  await expect(copy).toContainText("Only in the copy.");
  await expectSaved(page);

  await page.goto(address);
  expect(await textOf(await waitForEditor(page))).toBe(words);
});
