/** Rooms: loading, serving newcomers, closing (rules CS10–CS16 of PROTOCOL.md). */
import { EventEmitter } from "node:events";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { closeCodes } from "../app/document/wire.ts";
import { unloadAfterMs } from "./rooms.ts";
import { type CollabWorld, openCollabWorld, type Person } from "./testing/collab-world.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import { FaultyLog, gate, slowly } from "./testing/faulty-log.ts";
import { ManualTimers } from "./testing/manual-timers.ts";
import { until } from "./testing/until.ts";
import { realTimers, type Timers } from "./timers.ts";

let world: CollabWorld;
afterEach(() => world.close());

async function openFaultyWorld(options: { timers?: Timers } = {}) {
  let faulty: FaultyLog | null = null;
  const opened = await openCollabWorld({
    ...(options.timers ? { timers: options.timers } : {}),
    wrapLog: (log) => {
      faulty = new FaultyLog(log);
      return faulty;
    },
  });
  if (faulty === null) throw new Error("the log was not wrapped");
  return { opened, log: faulty as FaultyLog };
}

/** Text of the document as the log alone gives it. */
async function textInLog(document: Parameters<CollabWorld["rows"]>[0]): Promise<string> {
  const doc = new Y.Doc();
  for (const { bytes } of await world.rows(document)) Y.applyUpdate(doc, bytes);
  return doc.getText("default").toString();
}

describe("rooms", () => {
  it("[D1][B3][CS12] loses and doubles nothing over rounds of leaving and joining with a slow disk", async () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    // Rooms close at once, now and then while their last edit is still on its way to disk.
    const timers: Timers = {
      every: realTimers.every,
      after: (ms, call) => realTimers.after(ms === unloadAfterMs ? random() * 30 : ms, call),
    };
    const { opened, log } = await openFaultyWorld({ timers });
    world = opened;
    const delay = () => (random() < 0.15 ? slowly(random() * 20) : Promise.resolve());
    log.beforeLoad = delay;
    log.beforeAppend = async () => {
      await delay();
      return null;
    };
    const people = [await world.person(), await world.person({ side: "employer" })];
    const rounds = 1_000;
    const lanes = 8;
    const documents = await Promise.all(Array.from({ length: lanes }, () => world.document("")));
    const acked: string[][] = documents.map(() => []);
    await Promise.all(
      documents.map(async (document, lane) => {
        for (let round = 0; round < rounds / lanes; round++) {
          const client = await world.join(people[round % 2] ?? null, document);
          const token = `‹${round}›`;
          client.type(token);
          if (random() < 0.5) await client.allAcked();
          client.leave();
          // Leaving with an edit on the way: only what was acked is a promise.
          if (random() < 0.7) await client.gone();
          if (client.ackedFrames >= client.sentFrames) acked[lane]?.push(token);
        }
      }),
    );
    await world.collab.drain();
    for (const [lane, document] of documents.entries()) {
      const text = await textInLog(document);
      const times = (token: string) => text.split(token).length - 1;
      for (const token of acked[lane] ?? []) expect(times(token), token).toBe(1);
      for (let round = 0; round < rounds / lanes; round++) expect(times(`‹${round}›`)).toBeLessThanOrEqual(1);
    }
    told("D1", rounds, seed, `${acked.flat().length} acked, 0 lost, 0 doubled, ${log.loads} loads`);
    expect(acked.flat().length).toBeGreaterThan(rounds / 4);
  });

  it("[D2][CS11] a load that fails, hangs or finds damaged bytes alone gives an error and never an empty document", async () => {
    const timers = new ManualTimers(Date.now());
    const { opened, log } = await openFaultyWorld({ timers });
    world = opened;
    const document = await world.document("Keep this. ");
    const before = await world.rows(document);
    const person = await world.person();
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(200, 60);
    // The first text lies in the first row and in the first checkpoint: nothing else is there.
    const sqlite = new Sqlite(world.database.path);
    const whole = sqlite.prepare("select state from checkpoint").pluck().get() as Buffer;
    const store = (bytes: Uint8Array) => {
      sqlite.prepare("update checkpoint set state = ?").run(bytes);
      sqlite.prepare("update log set bytes = ? where seq = 1").run(bytes);
    };
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const kind = i % 3;
      const loading = gate();
      log.beforeLoad = async () => {
        loading.open();
        if (kind === 0) throw new Error("SQLITE_IOERR");
        if (kind === 1) await new Promise(() => {});
      };
      const cut = whole.subarray(0, Math.floor(random() * whole.length));
      const changed = whole.map((byte, at) => (at === 0 || random() < 0.3 ? byte ^ 0x91 : byte));
      if (kind === 2) store(random() < 0.5 ? cut : changed);
      const client = world.client(person, document);
      client.connect();
      await loading.opened;
      if (kind === 1) timers.advance(10_000);
      const { code } = await client.gone();
      expect(code).toBe(closeCodes.tryAgain);
      expect(client.textAtSync).toBeNull();
      expect(world.collab.counts().rooms).toBe(0);
      store(whole);
      refused++;
    }
    sqlite.close();
    log.beforeLoad = async () => {};
    const client = await world.join(person, document);
    expect(client.textAtSync).toBe("Keep this. ");
    expect(await world.rows(document)).toEqual(before);
    told("D2", count, seed, `${refused} errors, 0 empty documents, 0 rows written`);
  });

  it("[D3][CS10] fifty clients that join during a slow load never see an empty document", async () => {
    const { opened, log } = await openFaultyWorld();
    world = opened;
    const people: Person[] = [];
    for (let i = 0; i < 10; i++) people.push(await world.person({ side: i % 2 ? "employer" : "provider" }));
    const rounds = trials(100, 8);
    let synced = 0;
    for (let round = 0; round < rounds; round++) {
      const document = await world.document(`Round ${round}`);
      const loading = gate();
      log.beforeLoad = () => loading.opened;
      const clients = Array.from({ length: 50 }, (_, i) => world.client(people[i % 10] ?? null, document));
      for (const client of clients) client.connect();
      await Promise.all(clients.map((client) => client.until(() => client.isOpen, "open")));
      expect(clients.every((client) => !client.isSynced)).toBe(true);
      loading.open();
      await Promise.all(clients.map((client) => client.synced()));
      for (const client of clients) {
        expect(client.textAtSync).toBe(`Round ${round}`);
        synced++;
        client.destroy();
      }
    }
    expect(log.loads).toBe(rounds);
    told("D3", rounds, "none", `${synced} clients synced, 0 with an empty document, one load a round`);
  });

  it("[CS13] a page that comes back gets the rows it lacks and no more", async () => {
    world = await openCollabWorld();
    const document = await world.document("x".repeat(20_000));
    const ann = await world.person();
    const bob = await world.person({ side: "employer" });
    const one = await world.join(ann, document);
    const two = await world.join(bob, document);
    await two.until(() => two.have >= 1, "an ack");
    two.destroy();
    await two.gone();
    for (let i = 0; i < 120; i++) one.type(`${i},`);
    await one.allAcked();
    two.bytesReceived = 0;
    two.connect();
    await two.synced();
    expect(two.text).toBe(one.text);
    const bytesWithHave = two.bytesReceived;
    expect(bytesWithHave).toBeLessThan(4_000);

    // Without `have` its state vector still spares it what it holds.
    const three = world.client(bob, document, { doc: two.doc, have: 0 });
    three.connect();
    await three.synced();
    expect(three.bytesReceived).toBeLessThan(4_000);
    told("CS13", 120, "none", `${bytesWithHave} bytes for 120 rows beside a document of 20,000 characters`);
  });

  it("[D20][CS14] closing the last tab frees the room, also when loading or storing fails", async () => {
    const timers = new ManualTimers(Date.now());
    const { opened, log } = await openFaultyWorld({ timers });
    world = opened;
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(10_000, 300);
    const documents = await Promise.all(Array.from({ length: 20 }, (_, i) => world.document(`Text ${i}`)));
    const person = await world.person();
    const idleTimers = timers.waiting;
    // The server hears of a closed line a moment after its client.
    const events = new EventEmitter();
    world.http.on("connection", (socket) =>
      socket.on("close", () => setImmediate(() => events.emit("change"))),
    );
    const allClosed = () => until(events, () => world.collab.counts().connections === 0, "all closed");
    let failures = 0;
    for (let i = 0; i < count; i++) {
      const document = documents[i % documents.length];
      if (document === undefined) continue;
      const fault = random();
      log.beforeLoad = async () => {
        if (fault < 0.15) throw new Error("SQLITE_IOERR");
      };
      log.beforeAppend = async () =>
        fault > 0.85 ? { ok: false, refusal: { reason: "storage", message: "SQLITE_FULL" } } : null;
      const client = world.client(person, document);
      client.connect();
      await client.until(() => client.isSynced || client.closed !== null, "in or refused");
      if (client.isSynced) {
        client.type("x");
        await client.until(
          () => client.ackedFrames >= client.sentFrames || client.closed !== null,
          "answered",
        );
      }
      if (client.closed !== null) failures++;
      client.leave();
      await client.gone();
      if (i % 25 === 24) {
        await allClosed();
        timers.advance(unloadAfterMs);
      }
    }
    await allClosed();
    timers.advance(unloadAfterMs);
    const counts = world.collab.counts();
    expect(counts).toEqual({ rooms: 0, connections: 0, bufferedBytes: 0 });
    expect(timers.waiting).toBe(idleTimers);
    told("D20", count, seed, `${failures} forced failures; 0 rooms, 0 connections, 0 timers left`);
  });

  it("[CS14] asks for a checkpoint when the last one leaves, after everything is stored", async () => {
    const asked: { documentId: string; rows: number }[] = [];
    const events = new EventEmitter();
    world = await openCollabWorld({
      onCheckpointDue: async (documentId) => {
        const stored = await world.realLog.load(documentId);
        asked.push({ documentId, rows: stored?.headSeq ?? 0 });
        events.emit("change");
      },
    });
    const document = await world.document();
    const [one, two] = [
      await world.join(await world.person(), document),
      await world.join(await world.person({ side: "employer" }), document),
    ];
    one.type("first ");
    two.type("second ");
    one.leave();
    two.leave();
    await until(events, () => asked.length > 0, "asked for a checkpoint");
    expect(asked).toEqual([{ documentId: document.id, rows: (await world.rows(document)).length }]);
  });
});
