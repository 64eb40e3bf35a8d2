/** "Saved" means on disk, whatever breaks (rules CS17–CS25 of PROTOCOL.md). */
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes } from "../app/document/wire.ts";
import type { AppendResult } from "../db/update-log/update-log.ts";
import { type CollabWorld, openCollabWorld } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { FaultProxy } from "./testing/fault-proxy.ts";
import { FaultyLog, gate, storageFails } from "./testing/faulty-log.ts";
import { realTimers, type Timers } from "./timers.ts";

let world: CollabWorld;
afterEach(() => world.close());

async function openFaultyWorld(options: { timers?: Timers } = {}) {
  const wrapped: FaultyLog[] = [];
  world = await openCollabWorld({
    ...options,
    wrapLog: (log) => {
      const faulty = new FaultyLog(log);
      wrapped.push(faulty);
      return faulty;
    },
  });
  const [log] = wrapped;
  if (log === undefined) throw new Error("the log was not wrapped");
  return log;
}

async function textInLog(document: Parameters<CollabWorld["rows"]>[0]): Promise<string> {
  const doc = new Y.Doc();
  for (const { bytes } of await world.rows(document)) Y.applyUpdate(doc, bytes);
  return doc.getText("default").toString();
}

describe("storing", () => {
  it("[D9][CS19] never acks and never shows to others what the disk refused, and takes it when offered again", async () => {
    const log = await openFaultyWorld();
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
    const text = await textInLog(document);
    for (const token of expected) expect(text.split(token).length - 1, token).toBeGreaterThanOrEqual(1);
    expect(text).toBe(page.text);
    await reader.until(() => reader.text === page.text, "the reader has it too");
    expect([falseAcks, warned]).toEqual([0, count]);
    told("D9", count, seed, `${falseAcks} false acks, ${warned} warnings, ${expected.length} tokens kept`);
  });

  it("[D9][CS18] says nothing of an edit to anybody while its commit is under way", async () => {
    const log = await openFaultyWorld();
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
    const log = await openFaultyWorld();
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
    const log = await openFaultyWorld();
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

  it("[CS21] delivers rows that another hand appended, in order and without a gap", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const one = await world.join(await world.person(), document);
    const edits = 20;
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    for (let i = 0; i < edits; i++) doc.getText("default").insert(doc.getText("default").length, `(${i})`);
    const source = await world.realLog.openSource({
      document: document.number,
      epoch: document.epoch,
      lineage: document.lineage,
      schemaNumber: 1,
      actorKind: "server",
      userId: world.plan.provider.userId,
      side: null,
      sessionId: null,
    });
    for (const bytes of updates) {
      one.type("x");
      await world.realLog.append({
        document: document.number,
        source,
        at: 1,
        clientIds: [doc.clientID],
        bytes,
      });
    }
    await one.until(() => one.text.includes(`(${edits - 1})`), "the last one");
    // Which rows a page has is said with an ack, and the last one of the other hand brings none.
    one.type("x");
    await one.allAcked();
    expect(one.text).toBe(await textInLog(document));
    expect(one.have).toBe((await world.rows(document)).length);
  });

  it("[CS22] hands a server edit to everybody and names the person it was made for", async () => {
    world = await openCollabWorld();
    const document = await world.document("old ");
    const ann = await world.person();
    const one = await world.join(ann, document);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(one.doc));
    const before = Y.encodeStateVector(doc);
    doc.getText("default").insert(0, "restored ");
    const result = await world.collab.appendServerEdit({
      documentId: document.id,
      bytes: Y.encodeStateAsUpdate(doc, before),
      clientIds: [doc.clientID],
      onBehalfOf: { userId: ann.userId as never, side: "provider", actorKind: "server" },
    });
    expect(result.ok).toBe(true);
    await one.until(() => one.text === "restored old ", "the edit");
    const source = await world.database.db
      .selectFrom("log_source")
      .select(["actor_kind", "user_id"])
      .orderBy("id", "desc")
      .executeTakeFirstOrThrow();
    expect(source).toEqual({ actor_kind: "server", user_id: ann.userId });
  });

  it("[D10][CS24] keeps every word over stalled, reset and half-open lines", async () => {
    world = await openCollabWorld();
    const document = await world.document("");
    const proxy = await FaultProxy.open(world.port);
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const witness = await world.join(bob, document);
    const page = world.client(ann, document, {
      url: (self) =>
        world
          .url(document, { client: self.doc.clientID, have: self.have, also: [] })
          .replace(`:${world.port}/`, `:${proxy.port}/`),
    });
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(500, 120);
    for (let i = 0; i < count; i++) {
      proxy.swallowsUpstream = false;
      proxy.flow();
      if (!page.isOpen) page.connect();
      await page.synced();
      page.type(`${i};`);
      const fault = random();
      if (fault < 0.4) proxy.stall();
      else if (fault < 0.7) proxy.swallowsUpstream = true;
      page.type(`${i}f;`);
      if (fault < 0.2) {
        // The stall ends by itself and everything arrives late.
        proxy.flow();
        await page.allAcked();
      } else {
        proxy.reset();
        await page.gone();
      }
      // Typed without any line at all.
      if (!page.isOpen) page.type(`${i}o;`);
    }
    proxy.swallowsUpstream = false;
    proxy.flow();
    if (!page.isOpen) page.connect();
    await page.synced();
    await page.allAcked();
    await witness.until(() => witness.text === page.text, "the other has it all");
    expect(await textInLog(document)).toBe(page.text);
    told("D10", count, seed, `${page.text.split(";").length - 1} tokens typed, 0 lost`);
    proxy.close();
  });

  it("[D11][B6][CS25] drains: waits for the disk, tells everybody, closes with 1012 and loses nothing", async () => {
    const spread: number[] = [];
    const timers: Timers = {
      every: realTimers.every,
      after: (ms, call) => {
        if (ms > 0 && ms <= 5_000) spread.push(ms);
        // Ten times as fast as in real life; the order stays.
        return realTimers.after(ms / 10, call);
      },
    };
    const log = await openFaultyWorld({ timers });
    const people = [await world.person(), await world.person({ side: "employer" }), await world.person()];
    const rounds = trials(200, 4);
    let acked = 0;
    let recovered = 0;
    for (let round = 0; round < rounds; round++) {
      const documents = await Promise.all(Array.from({ length: 20 }, () => world.document("")));
      const clients = await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          const document = documents[i % documents.length];
          if (document === undefined) throw new Error("no document");
          return world.join(people[i % 3] ?? null, document);
        }),
      );
      const commit = gate();
      log.beforeAppend = async () => {
        await commit.opened;
        return null;
      };
      for (const [i, client] of clients.entries()) client.type(`token ${i} `);
      await clients[0]?.until(() => log.appends >= 1, "on its way");
      spread.length = 0;
      const drained = world.collab.drain();
      await Promise.all(
        clients.map((client) =>
          client.until(() => client.control.some(({ kind }) => kind === "draining"), "told"),
        ),
      );
      const late = world.client(people[0] ?? null, documents[0] as never);
      late.connect();
      await late.until(() => late.refusedWith !== null, "refused");
      expect(late.refusedWith).toBe(503);
      // In every second round the disk hangs until after the server has gone.
      if (round % 2 === 0) commit.open();
      await drained;
      commit.open();
      for (const client of clients) {
        expect((await client.gone()).code).toBe(closeCodes.restarting);
        if (client.ackedFrames >= client.sentFrames) acked++;
      }
      const delays = spread.filter((ms) => ms % 100 === 0 && ms <= 5_000);
      expect(Math.max(...delays)).toBeGreaterThanOrEqual(5_000);
      await world.restart();
      log.beforeAppend = async () => null;
      await Promise.all(
        clients.map(async (client, i) => {
          client.connect();
          await client.synced();
          await client.allAcked();
          expect(client.text).toContain(`token ${i} `);
          recovered++;
          client.destroy();
          await client.gone();
        }),
      );
    }
    told(
      "B6",
      rounds,
      "none",
      `${acked} acked before the close, ${recovered} of ${rounds * 50} texts there after it`,
    );
    expect(recovered).toBe(rounds * 50);
  });
});
