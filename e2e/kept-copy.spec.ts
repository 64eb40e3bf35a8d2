/** "Kept on this device" is said only while this device really keeps. */
import { expect, test } from "./fixtures.ts";

test("[W12] a browser without room to keep anything is not said to keep it", async ({
  providerLeader: page,
  expected,
}) => {
  expected.push(/ERR_INTERNET_DISCONNECTED/);
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
