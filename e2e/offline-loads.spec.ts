/**
 * A device that was long without a network: its document was opened many times, and
 * something was written each time. All of it arrives when the network is back.
 */
import type { Page } from "@playwright/test";
import * as Y from "yjs";
import { limits } from "../app/document/wire.ts";
import { told, trials } from "../collab-server/testing/count.ts";
import { expectSaved, newDocument, ownPartnership, textOf, waitForEditor, waiting } from "./document-page.ts";
import { expect, test } from "./fixtures.ts";
import { noNetwork } from "./watch.ts";

/** What the device's one copy of a document holds, as one list of updates. */
const copyOf = (page: Page, documentId: string) =>
  page.evaluate(async (id) => {
    const name = (await indexedDB.databases()).find((each) => each.name?.includes(id))?.name ?? "";
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const updates = await new Promise<Uint8Array[]>((resolve, reject) => {
      const all = database.transaction(["updates"]).objectStore("updates").getAll();
      all.onsuccess = () => resolve(all.result as Uint8Array[]);
      all.onerror = () => reject(all.error);
    });
    database.close();
    return { name, updates: updates.map((update) => [...update]) };
  }, documentId);

/** Adds to the copy what page loads leave behind: an update and the note that it waits, for each. */
const addToCopy = (page: Page, name: string, loads: readonly { clientId: number; update: number[] }[]) =>
  page.evaluate(
    async ([copy, all]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(copy);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      await new Promise<void>((resolve, reject) => {
        const transaction = database.transaction(["updates", "custom"], "readwrite");
        for (const { clientId, update } of all) {
          transaction.objectStore("updates").add(new Uint8Array(update));
          transaction.objectStore("custom").put(1, `unsynced:${clientId}`);
        }
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
      });
      database.close();
    },
    [name, loads] as const,
  );

test("[D10][W10] the work of more page loads than one connection may name arrives whole, once", async ({
  providerLeader: page,
  employerLeader,
  expected,
}) => {
  expected.push(noNetwork);
  test.setTimeout(180_000);
  const loads = trials(1_000, 2 * limits.leasedClientsPerConnect + 2);
  const address = await newDocument(page, `${await ownPartnership(page)}/pages`, "Long without a network");
  const documentId = address.split("/").at(-1) ?? "";
  await waitForEditor(page);
  await page.keyboard.type("Before. ");
  await expect.poll(() => waiting(page)).toBe(0);
  await expect(page.locator("html")).toHaveAttribute("data-kept-for-offline", "yes");
  await page.goto("/help");
  await page.context().setOffline(true);

  // Each load has a client id of its own and knows what the ones before it wrote.
  const { name, updates } = await copyOf(page, documentId);
  const written: { clientId: number; update: number[] }[] = [];
  let known = Y.mergeUpdates(updates.map((update) => new Uint8Array(update)));
  for (let load = 1; load <= loads; load++) {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, known);
    const before = Y.encodeStateVector(doc);
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.setAttribute("blockId", crypto.randomUUID());
    paragraph.insert(0, [new Y.XmlText(`Load ${load}.`)]);
    doc.getXmlFragment("default").push([paragraph]);
    written.push({ clientId: doc.clientID, update: [...Y.encodeStateAsUpdate(doc, before)] });
    known = Y.encodeStateAsUpdate(doc);
  }
  await addToCopy(page, name, written);

  const named: number[] = [];
  page.on("websocket", (socket) => {
    const also = new URL(socket.url()).searchParams.get("also") ?? "";
    named.push(also === "" ? 0 : also.split(",").length);
  });
  await page.goto(address);
  const text = page.locator('.ProseMirror[contenteditable="true"]');
  await expect(text).toContainText(`Load ${loads}.`);
  await text.locator("> p").last().click();
  await page.keyboard.press("End");
  await page.keyboard.type(" And today.");
  await expect(page.locator("[data-save]")).toHaveText(/^Offline\. \d+ changes kept on this device\.$/);
  await page.context().setOffline(false);
  await page.waitForURL((url) => url.pathname === address);
  await expectSaved(page);
  await expect.poll(() => waiting(page)).toBe(0);

  await employerLeader.goto(address);
  const lines = (await textOf(await waitForEditor(employerLeader))).match(/Load \d+\./g) ?? [];
  expect(lines).toEqual(written.map((_, index) => `Load ${index + 1}.`));
  await expect(employerLeader.locator(".ProseMirror")).toContainText(`Load ${loads}. And today.`);
  expect(Math.max(...named)).toBeLessThanOrEqual(limits.leasedClientsPerConnect);
  told(
    "D10",
    loads,
    "client ids of Yjs",
    `page loads without a network, named ${named.join(", ")} at a time, all arrived once`,
  );
});
