/** "Saved" means on disk, whatever the disk says (rules CS17–CS20 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes } from "../app/document/wire.ts";
import type { AppendResult } from "../db/update-log/update-log.ts";
import type { CollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told } from "./testing/count.ts";
import { gate, storageFails } from "./testing/faulty-log.ts";
import { openFaultyWorld, textInLog } from "./testing/faulty-world.ts";

let world: CollabWorld;
afterEach(() => world.close());

async function openFaulty(options?: Parameters<typeof openFaultyWorld>[0]) {
  const opened = await openFaultyWorld(options);
  ({ world } = opened);
  return opened;
}

describe("storing", () => {
  it("[D9][CS19] never acks and never shows to others what the disk refused, and takes it when offered again", async () => {
    const { log } = await openFaulty();
    const document = await world.document("");
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = 50;
    const reader = await world.join(bob, document);
    let falseAcks = 0;
    let warned = 0;
    const page = world.client(ann, document);
    const expected: string[] = [];
    for (let i = 0; i < count; i++) {
      page.connect();
      await page.synced();
      await page.allAcked();
      const ackedBefore = page.ackedFrames;
      const sentBefore = page.sentFrames;
      let isBroken = false;
      // Some letters still arrive before the disk fails, and it fails in different ways.
      const good = Math.floor(random() * 4);
      let seen = 0;
      log.beforeAppend = async (): Promise<AppendResult | null> => {
        if (seen++ < good) return null;
        isBroken = true;
        if (random() < 0.2) throw new Error("SQLITE_READONLY");
        return storageFails;
      };
      for (let letter = 0; letter < good + 2; letter++) {
        page.type(`${i}.${letter} `);
        expected.push(`${i}.${letter} `);
      }
      const { code } = await page.gone();
      expect(code).toBe(closeCodes.tryAgain);
      expect(isBroken).toBe(true);
      if (page.ackedFrames > ackedBefore + good) falseAcks++;
      expect(page.sentFrames).toBe(sentBefore + good + 2);
      if (page.control.some(({ kind }) => kind === "not-saving")) warned++;
      await reader.until(() => reader.control.length > i, "told that nothing is saved");
      expect(reader.text).not.toContain(`${i}.${good} `);
      log.beforeAppend = async () => null;
    }
    page.connect();
    await page.synced();
    await page.allAcked();
    const text = await textInLog(world, document);
    for (const token of expected) expect(text.split(token).length - 1, token).toBeGreaterThanOrEqual(1);
    expect(text).toBe(page.text);
    await reader.until(() => reader.text === page.text, "the reader has it too");
    expect([falseAcks, warned]).toEqual([0, count]);
    told("D9", count, seed, `${falseAcks} false acks, ${warned} warnings, ${expected.length} tokens kept`);
  });

  it("[D9][CS18] says nothing of an edit to anybody while its commit is under way", async () => {
    const { log } = await openFaulty();
    const document = await world.document("");
    const one = await world.join(await world.person(), document);
    const two = await world.join(await world.person({ side: "employer" }), document);
    await one.allAcked();
    const acked = one.ackedFrames;
    const commit = gate();
    const arrived = gate();
    log.beforeAppend = async () => {
      arrived.open();
      await commit.opened;
      return null;
    };
    one.type("not yet on disk");
    await arrived.opened;
    // A question that the server answers at once proves that it had time to say more.
    const messages = two.messages;
    two.sendBytes(Uint8Array.of(3));
    await two.until(() => two.messages > messages, "an answer");
    expect(two.text).toBe("");
    expect(one.ackedFrames).toBe(acked);
    commit.open();
    await two.until(() => two.text === "not yet on disk", "delivered after the commit");
    await one.allAcked();
  });

  it("[CS20] acks what was seen before without a row, but only once the first copy is durable", async () => {
    const { log } = await openFaulty();
    const document = await world.document("");
    const ann = await world.person();
    const one = world.client(ann, document, { isPage: false });
    one.connect();
    await one.until(() => one.isOpen, "open");
    one.doc.getText("default").insert(0, "once");
    const update = Y.encodeStateAsUpdate(one.doc);
    const commit = gate();
    log.beforeAppend = async () => {
      await commit.opened;
      return null;
    };
    one.socket?.send(Uint8Array.of(0, 0, 1, 0));
    one.sendUpdate(update);
    one.sendUpdate(update);
    one.sendStep2(update);
    const messages = one.messages;
    one.sendBytes(Uint8Array.of(3));
    await one.until(() => one.messages > messages, "an answer");
    expect(one.ackedFrames).toBe(0);
    const before = (await world.rows(document)).length;
    commit.open();
    await one.until(() => one.ackedFrames === 3, "three acks");
    expect((await world.rows(document)).length).toBe(before + 1);
  });

  it("[CS20] acks a repeat by another tab with the row it repeats, and sends it away where that one is not stored", async () => {
    const { log } = await openFaulty();
    const document = await world.document("");
    const ann = await world.person();
    const one = await world.join(ann, document);
    const two = await world.join(ann, document);
    for (const isStored of [true, false]) {
      const [first, second] = [gate(), gate()];
      const gates = [first, second];
      log.beforeAppend = async () => {
        const mine = gates.shift();
        await mine?.opened;
        return mine === second && !isStored ? storageFails : null;
      };
      const updates: Uint8Array[] = [];
      const keep = (update: Uint8Array) => updates.push(update);
      one.doc.on("update", keep);
      one.type("first ");
      one.type("second ");
      one.doc.off("update", keep);
      await expect.poll(() => gates.length).toBe(0);
      const acked = two.ackedFrames;
      two.sendUpdate(updates[1] ?? new Uint8Array());
      const heard = async () => {
        const messages = two.messages;
        two.sendBytes(Uint8Array.of(3));
        await two.until(() => two.messages > messages, "an answer");
        return two.ackedFrames - acked;
      };
      expect(await heard()).toBe(0);
      first.open();
      await two.until(() => two.text.includes("first "), "the first row");
      // It repeats the second, of which nothing is known yet.
      expect(await heard()).toBe(0);
      second.open();
      if (isStored) await two.until(() => two.ackedFrames === acked + 1, "the ack");
      else expect((await two.gone()).code).toBe(closeCodes.tryAgain);
      if (!isStored) expect(two.ackedFrames).toBe(acked);
    }
  });
});
