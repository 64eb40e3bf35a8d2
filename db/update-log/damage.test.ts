/** Flipped bits in the stored log and its checkpoints: what they cost, and that they are told. */
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { verifyDerived } from "../maintenance/verify-derived.ts";
import { verifyLog } from "../maintenance/verify-log.ts";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import {
  insertPlanDocument,
  insertPlanWorld,
  type PlanDocument,
  type PlanWorld,
} from "../testing/plan-fixture.ts";
import { hashedCheckpoint } from "./checkpoint-hash.ts";
import { deleteSetOf } from "./delete-set.ts";
import { LogReader } from "./log-reader.ts";
import { openUpdateLog } from "./sqlite-update-log.ts";
import { Writer } from "./writer.ts";

const documents = 10;
const keystrokes = 119;
const checkpointSeq = 60;

let test: TestDatabase;
let world: PlanWorld;
const plans: { plan: PlanDocument; textAtCheckpoint: string; text: string }[] = [];
beforeEach(async () => {
  test = await openTestDatabase();
  world = await insertPlanWorld(test.db);
  plans.length = 0;
  const log = await openUpdateLog({ path: test.path, now: () => 1 });
  for (let d = 0; d < documents; d++) {
    const plan = await insertPlanDocument(test.db, world, "Plan: ");
    const source = await log.openSource({
      document: plan.number,
      epoch: plan.epoch,
      lineage: plan.lineage,
      schemaNumber: 1,
      actorKind: "demo",
      userId: world.provider.userId,
      side: null,
      sessionId: null,
    });
    const doc = new Y.Doc();
    for (const { bytes } of await log.rows(plan.number, 1, 1)) Y.applyUpdate(doc, bytes);
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    const text = doc.getText("default");
    let textAtCheckpoint = "";
    for (let i = 0; i < keystrokes; i++) {
      text.insert(text.length, String.fromCharCode(97 + (i % 26)));
      if (i + 2 !== checkpointSeq) continue;
      textAtCheckpoint = text.toString();
      const state = Y.encodeStateAsUpdate(doc);
      const row = {
        document: plan.number,
        seq: checkpointSeq,
        epoch: plan.epoch,
        log_id: 1,
        state,
        state_vector: Y.encodeStateVectorFromUpdate(state),
        delete_set: deleteSetOf(state),
        pieces: Uint8Array.of(1, 1, 60, 99),
        at: 1,
      };
      await test.db
        .insertInto("checkpoint")
        .values(hashedCheckpoint({ documentId: plan.id, schemaNumber: 1 }, row))
        .execute();
    }
    const bytesOf = async (bytes: Uint8Array) =>
      log.append({ document: plan.number, source, at: 1_000, clientIds: [doc.clientID], bytes });
    for (const result of await Promise.all(updates.map(bytesOf))) expect(result.ok).toBe(true);
    plans.push({ plan, textAtCheckpoint, text: text.toString() });
  }
  await log.close();
});
afterEach(() => test.close());

/** One byte of a value changed, as a disk would. */
function flipped(value: unknown): unknown {
  if (typeof value === "number") return value ^ 0x40;
  if (typeof value === "string") return `${String.fromCharCode(value.charCodeAt(0) ^ 1)}${value.slice(1)}`;
  const bytes = Buffer.from(value as Uint8Array);
  if (bytes.length === 0) return Buffer.of(0x10);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 0x10;
  return bytes;
}

function random(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * limit);
  };
}

describe("damage", () => {
  it("[D26] one bit flipped in each of 1,000 random rows costs that row only, is reported, and the present text opens", () => {
    const trials = 1_000;
    const seed = 20150224;
    const below = random(seed);
    const writer = new Writer(test.path);
    const reader = new LogReader(writer.sqlite, writer.heads, (id) => writer.source(id));
    const other = new Sqlite(test.path);
    const found = { inBytes: 0, inClientIds: 0, inTime: 0, inHash: 0, beforeCheckpoint: 0, told: 0 };
    for (let trial = 0; trial < trials; trial++) {
      const { plan, textAtCheckpoint, text } = plans[below(documents)]!;
      const seq = 2 + below(keystrokes);
      const column = (["bytes", "bytes", "client_ids", "at", "hash"] as const)[below(5)]!;
      const before = other
        .prepare(`select id, ${column} as value from log where document = ? and seq = ?`)
        .get(plan.number, seq) as { id: number; value: Buffer | number };
      const bits = typeof before.value === "number" ? 40 : before.value.length * 8;
      const bit = below(bits);
      let flipped: Buffer | number;
      if (typeof before.value === "number") {
        flipped = Number(BigInt(before.value) ^ (1n << BigInt(bit)));
      } else {
        flipped = Buffer.from(before.value);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
      }
      const set = other.prepare(`update log set ${column} = ? where id = ?`);
      set.run(flipped, before.id);

      const rows = reader.rows(plan.number, 1, keystrokes + 1);
      const damaged = rows.filter(({ isIntact }) => !isIntact).map((row) => row.seq);
      // A flipped hash with a row behind it is redeemed by that row: nothing was lost at all.
      const costs = column !== "hash" || seq === keystrokes + 1 ? [seq] : [];
      expect(damaged, `seed ${seed}, trial ${trial}: ${column} of row ${seq}`).toEqual(costs);
      expect(rows).toHaveLength(keystrokes + 1);

      const stored = reader.load(plan.id);
      expect(stored?.damaged).toEqual(costs.filter((one) => one > checkpointSeq));
      const doc = new Y.Doc();
      if (stored) Y.applyUpdate(doc, stored.checkpoint.state);
      for (const row of stored?.tail ?? []) Y.applyUpdate(doc, row.bytes);
      const opened = doc.getText("default").toString();
      if (stored?.damaged.length === 0) expect(opened).toBe(text);
      else expect(opened.startsWith(textAtCheckpoint)).toBe(true);

      if (trial % 20 === 0) {
        const verdict = verifyLog(other).documents.find(({ number }) => number === plan.number);
        expect(verdict?.damaged).toEqual([{ fromSeq: seq, toSeq: seq }]);
        found.told++;
      }
      set.run(before.value, before.id);
      found[
        ({ bytes: "inBytes", client_ids: "inClientIds", at: "inTime", hash: "inHash" } as const)[column]
      ]++;
      if (seq <= checkpointSeq) found.beforeCheckpoint++;
    }
    expect(verifyLog(other).documents.flatMap(({ damaged }) => damaged)).toEqual([]);
    other.close();
    writer.close();
    console.log(
      `[D26] ${trials} flips, seed ${seed}: ${JSON.stringify(found)}; each cost its own row at most`,
    );
  });

  it("[D26] one byte flipped in any column of a checkpoint, or its hash gone, costs no word: the one before is read, or the log", () => {
    const { plan, text } = plans[0]!;
    const writer = new Writer(test.path);
    const reader = new LogReader(writer.sqlite, writer.heads, (id) => writer.source(id));
    const other = new Sqlite(test.path);
    const opened = () => {
      const stored = reader.load(plan.id);
      const doc = new Y.Doc();
      if (stored) Y.applyUpdate(doc, stored.checkpoint.state);
      for (const row of stored?.tail ?? []) Y.applyUpdate(doc, row.bytes);
      return { stored, text: doc.getText("default").toString() };
    };
    const whole = other
      .prepare("select * from checkpoint where document = ? order by seq")
      .all(plan.number) as {
      seq: number;
      [column: string]: unknown;
    }[];
    expect(opened()).toMatchObject({
      text,
      stored: { checkpoint: { seq: checkpointSeq }, damagedCheckpoints: [] },
    });
    const columns = Object.keys(whole[0] ?? {});
    expect(columns).toHaveLength(10);
    const damages = [
      ...columns.map((column) => ({ column, to: flipped })),
      { column: "hash", to: () => null },
    ];
    let trials = 0;
    for (const { column, to } of damages)
      for (const which of [[checkpointSeq], [1], [1, checkpointSeq]]) {
        for (const row of whole.filter(({ seq }) => which.includes(seq)))
          other
            .prepare(`update checkpoint set ${column} = ? where document = ? and seq = ?`)
            .run(to(row[column]), plan.number, row.seq);
        const found = opened();
        const told = `${column} of ${which}`;
        expect(found.text, told).toBe(text);
        const left = [1, checkpointSeq].filter((seq) => !which.includes(seq));
        expect(found.stored?.checkpoint.seq, told).toBe(Math.max(0, ...left));
        // One that carries another document's number is not this one's any more.
        const places = column === "seq" ? which.map((seq) => flipped(seq) as number) : which;
        const missed = column === "document" ? [] : places.filter((seq) => seq > Math.max(0, ...left));
        expect(found.stored?.damagedCheckpoints, told).toHaveLength(missed.length);
        const verdict = verifyDerived(other).damagedCheckpoints;
        expect(verdict, told).toHaveLength(which.length);
        expect(new Set(verdict.map(({ documentId }) => documentId)), told).toEqual(
          new Set([column === "document" ? null : plan.id]),
        );
        const newer = reader.newerCheckpoint(plan.number, 1);
        expect(newer.newer?.checkpoint.seq ?? null, told).toBe(
          which.includes(checkpointSeq) ? null : checkpointSeq,
        );
        other.prepare("delete from checkpoint where document in (?, ?)").run(plan.number, plan.number ^ 0x40);
        for (const row of whole)
          other
            .prepare(`insert into checkpoint (${columns}) values (${columns.map(() => "?")})`)
            .run(...columns.map((name) => row[name]));
        trials++;
      }
    expect(verifyDerived(other).damagedCheckpoints).toEqual([]);
    other.close();
    writer.close();
    console.log(`[D26] ${trials} damages of checkpoints in ${columns.length} columns: every word was read`);
  });

  it("[D2] without a whole checkpoint and with its first row damaged a document is not opened, least of all empty", () => {
    const { plan } = plans[0]!;
    const writer = new Writer(test.path);
    const reader = new LogReader(writer.sqlite, writer.heads, (id) => writer.source(id));
    writer.sqlite.prepare("update checkpoint set hash = null where document = ?").run(plan.number);
    writer.sqlite.prepare("update log set bytes = x'0000' where document = ? and seq = 1").run(plan.number);
    expect(() => reader.load(plan.id)).toThrow("no whole checkpoint, and its first row is damaged");
    writer.close();
  });

  it("[D26] a document made a moment ago is found by its rows, whatever its checkpoint says of their place", async () => {
    const writer = new Writer(test.path);
    const reader = new LogReader(writer.sqlite, writer.heads, (id) => writer.source(id));
    const plan = await insertPlanDocument(test.db, world, "Just made");
    writer.sqlite.prepare("update checkpoint set log_id = 1000000 where document = ?").run(plan.number);
    expect(reader.load(plan.id)).toMatchObject({ headSeq: 1, damaged: [], damagedCheckpoints: [1] });
    writer.close();
  });

  it("[D26] rows that are gone, or carry another's number, do not stop the log from opening and going on", async () => {
    const sqlite = new Sqlite(test.path);
    const [first, second, third] = plans.map(({ plan }) => plan);
    sqlite.prepare("delete from log where document = ? and seq = 80").run(first!.number);
    sqlite.prepare("update log set seq = 70 where document = ? and seq = 90").run(second!.number);
    sqlite.prepare("update log set document = 999 where document = ? and seq = 100").run(third!.number);
    sqlite.close();
    const log = await openUpdateLog({ path: test.path, now: () => 1 });
    for (const plan of [first!, second!, third!]) {
      const stored = await log.load(plan.id);
      expect(stored?.headSeq).toBe(keystrokes + 1);
      expect(stored?.damaged.length).toBeGreaterThan(0);
      expect(stored?.damaged.length).toBeLessThanOrEqual(2);
      const source = await log.openSource({
        document: plan.number,
        epoch: plan.epoch,
        lineage: plan.lineage,
        schemaNumber: 1,
        actorKind: "server",
        userId: world.provider.userId,
        side: null,
        sessionId: null,
      });
      const row = { document: plan.number, source, at: 1, clientIds: [], bytes: new Uint8Array(2) };
      expect(await log.append(row)).toMatchObject({ ok: true, value: { seq: keystrokes + 2 } });
    }
    await log.close();
  });
});
