import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import { verifyDerived } from "../../db/maintenance/verify-derived.ts";
import { serverUserId } from "../../db/server-user.ts";
import { checkpointsOf } from "../../db/update-log/stored-checkpoints.ts";
import { seeded, seedOfRun, told, trials } from "../testing/count.ts";
import { IdRanges } from "./id-ranges.ts";
import { type FollowWorld, minute, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";
import { editPlan, paragraph } from "./testing/random-plan.ts";
import { collectedDocument, packState, plainState } from "./yjs-history.ts";

/** Full counts on a busy machine, ms. */
const longRun = 900_000;

let world: FollowWorld;
beforeEach(async () => {
  world = await openFollowWorld();
});
afterEach(() => world.close());

const hashOf = (doc: Y.Doc) => {
  const { json, maps } = readDocument(doc);
  return contentHash(json, maps);
};

const derived = (sqlite: ReturnType<FollowWorld["sqlite"]>) => ({
  deletions: sqlite
    .prepare("select document, seq, user_id, side, hex(ranges) from attr_delete order by 1, 2")
    .all(),
  activity: sqlite.prepare("select * from activity_day order by 1, 2, 3").all(),
  texts: sqlite.prepare("select * from document_text order by 1").all(),
  search: sqlite.prepare("select rowid, title, body from document_search order by 1").all(),
});

describe("followers of the log", () => {
  it("[W10] count who wrote and who deleted, at arrival, and only what was unseen", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const employer = await world.writer(document, "employer");
    textOfBlock(college.doc, 1).insert(0, "Safely: ");
    await college.send(tenOClock);
    await employer.receive();
    textOfBlock(employer.doc, 1).delete(0, 4);
    await employer.send(tenOClock + minute);
    // A full sync repeats everything the college wrote and the employer deleted.
    const { follow, sqlite } = world.follow();
    await college.receive();
    textOfBlock(college.doc, 1).insert(0, "!");
    await college.send(tenOClock + 2 * minute);
    follow.read();
    follow.flush({ all: true, now: 0 });

    const days = sqlite
      .prepare("select user_id, side, characters_added, characters_removed from activity_day")
      .all();
    expect(days).toEqual(
      expect.arrayContaining([
        { user_id: college.userId, side: "provider", characters_added: 9, characters_removed: 0 },
        { user_id: employer.userId, side: "employer", characters_added: 0, characters_removed: 4 },
      ]),
    );
    const deletions = sqlite.prepare("select user_id, seq, ranges from attr_delete").all() as {
      user_id: string;
      seq: number;
      ranges: Buffer;
    }[];
    expect(deletions).toHaveLength(1);
    expect(deletions[0]).toMatchObject({ user_id: employer.userId, seq: 3 });
    expect(IdRanges.decode(deletions[0]?.ranges ?? new Uint8Array()).size).toBe(4);
  });

  it("counts neither the template, nor text that a split only moved", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const text = textOfBlock(college.doc, 1);
    college.doc.transact(() => {
      text.delete(10, 14);
      college.doc.getXmlFragment("default").insert(2, [paragraph("rner can do.")]);
    });
    await college.send(tenOClock);
    const { follow, sqlite } = world.follow();
    follow.read();
    follow.flush({ all: true, now: 0 });
    expect(sqlite.prepare("select characters_added, characters_removed from activity_day").all()).toEqual([
      { characters_added: 0, characters_removed: 2 },
    ]);
  });

  it("make the present text searchable under the document's number", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    textOfBlock(college.doc, 1).insert(0, "Dosimetry first. ");
    await college.send(tenOClock);
    const { follow, sqlite } = world.follow();
    follow.read();
    follow.flush({ all: true, now: 0 });
    expect(
      sqlite.prepare("select rowid from document_search where document_search match 'dosimetry'").all(),
    ).toEqual([{ rowid: document.number }]);
    expect(sqlite.prepare("select seq, words from document_text").get()).toEqual({ seq: 2, words: 8 });
  });

  it(
    "start again from the first row and come to equal tables, with more documents than they hold",
    async () => {
      const seed = seedOfRun();
      const random = seeded(seed);
      const count = trials(60, 36);
      const documents = [];
      for (let i = 0; i < count; i++) {
        const document = await world.document();
        documents.push({
          writers: [await world.writer(document, "provider"), await world.writer(document, "employer")],
        });
      }
      const { follow, sqlite } = world.follow();
      let rows = 0;
      for (let round = 0; round < 4; round++) {
        for (const { writers } of documents) {
          const writer = writers[Math.floor(random() * 2)];
          if (!writer) continue;
          await writer.receive();
          for (let edit = 0; edit < 3; edit++) {
            editPlan(writer.doc, random);
            if (await writer.send(tenOClock + round * 8 * 60 * minute + edit)) rows++;
          }
        }
        // Now and then, as in life; the last round is left to the end.
        if (round % 2 === 0) {
          follow.read();
          follow.flush({ all: round === 0, now: round * 10_000 });
        }
        expect(follow.documents.count).toBeLessThanOrEqual(32);
      }
      follow.read();
      follow.flush({ all: true, now: 1_000_000 });
      const lived = derived(sqlite);
      expect(lived.deletions.length).toBeGreaterThan(0);
      for (const name of ["authorship", "search", "archive"] as const) {
        follow.startAgain(name);
        follow.read();
        follow.flush({ all: true, now: 2_000_000 });
        expect(derived(sqlite), `${name} again, seed ${seed}`).toEqual(lived);
      }
      // And a follower that was never there while it happened.
      sqlite.exec(
        "delete from follower; delete from archive; delete from attr_delete; delete from activity_day",
      );
      const late = world.follow();
      late.follow.read();
      late.follow.flush({ all: true, now: 0 });
      expect(derived(sqlite), `late, seed ${seed}`).toEqual(lived);
      told("followers", rows, seed, `${count} documents, tables equal after each rebuild`);
    },
    longRun,
  );

  it(
    "[D19] compaction survives a crash at every step and never drops a row",
    async () => {
      const seed = seedOfRun();
      const random = seeded(seed);
      const document = await world.document();
      const writer = await world.writer(document, "provider");
      const steps = new Set<string>();
      const count = trials(100, 24);
      let rows = 1;
      for (let trial = 0; trial < count; trial++) {
        for (let i = 0; i < 12; i++) {
          editPlan(writer.doc, random);
          if (await writer.send(tenOClock + trial * 1000 + i)) rows++;
        }
        const crashAt = Math.floor(random() * 12);
        let step = 0;
        const first = world.follow({
          fault: (name) => {
            steps.add(name);
            // As the disk would fail, and then the process ends: nothing after it happens.
            if (step++ === crashAt) throw new Sqlite.SqliteError(`crash at ${name}`, "SQLITE_IOERR");
          },
        });
        try {
          first.follow.read();
          first.follow.left(document.id);
          first.follow.flush({ all: true, now: trial });
        } catch (error) {
          expect((error as Error).message).toMatch(/^crash at/);
        }
        first.sqlite.close();

        const again = world.follow();
        const stored = await world.log.load(document.id);
        const served = collectedDocument();
        Y.applyUpdate(served, stored?.checkpoint.state ?? new Uint8Array());
        for (const row of stored?.tail ?? []) Y.applyUpdate(served, row.bytes);
        expect(hashOf(served), `seed ${seed} trial ${trial}: what a newcomer is sent`).toBe(
          hashOf(writer.doc),
        );
        const present = again.histories.readPresent(document.id);
        expect(present.ok && contentHash(present.value.json)).toBe(
          contentHash(readDocument(writer.doc).json),
        );
        again.follow.left(document.id);
        again.follow.flush({ all: true, now: trial });
        expect(again.sqlite.prepare("select count(*) from log").pluck().get()).toBe(rows);
        expect(again.sqlite.prepare("select count(*) from checkpoint").pluck().get()).toBeLessThanOrEqual(2);
        again.sqlite.close();
      }
      const check = world.follow();
      check.follow.read();
      const lived = derived(check.sqlite);
      check.follow.startAgain("authorship");
      check.follow.read();
      check.follow.flush({ all: true, now: 0 });
      expect(derived(check.sqlite)).toEqual(lived);
      expect(steps.size).toBeGreaterThanOrEqual(9);
      told("D19", count, seed, `${steps.size} steps crashed at, ${rows} rows kept, state hash equal`);
    },
    longRun,
  );

  it("[D26] a damaged checkpoint is made anew, and the one before stays until the new one is proved", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const left = (options: Parameters<FollowWorld["follow"]>[0] = {}) => {
      const { follow, sqlite } = world.follow(options);
      try {
        follow.read();
        follow.left(document.id);
        follow.flush({ all: true, now: 0 });
      } finally {
        sqlite.close();
      }
    };
    const standing = () =>
      [...checkpointsOf(world.sqlite(), document.number)].map(({ seq, proved }) => [seq, proved !== null]);
    const type = async (words: string) => {
      textOfBlock(writer.doc, 1).insert(0, words);
      await writer.send(tenOClock);
    };
    const opened = async () => {
      const stored = await world.log.load(document.id);
      const served = collectedDocument();
      Y.applyUpdate(served, stored?.checkpoint.state ?? new Uint8Array());
      for (const row of stored?.tail ?? []) Y.applyUpdate(served, row.bytes);
      return hashOf(served);
    };
    await type("Dosimetry. ");
    left();
    expect(standing()).toEqual([
      [2, true],
      [1, true],
    ]);
    const damages = [
      // In the place of the new one.
      "update checkpoint set state = zeroblob(length(state)) where seq = 2",
      // A number that no row has: nothing is ever newer than this one.
      "update checkpoint set seq = 1000000 where seq = 2",
      "update checkpoint set hash = null",
    ];
    for (const damage of damages) {
      world.sqlite().exec(damage);
      expect(await opened()).toBe(hashOf(writer.doc));
      // The disk fails between writing the new one and proving it.
      expect(() =>
        left({
          fault: (step) => {
            if (step === "checkpoint: inserted") throw new Sqlite.SqliteError("crash", "SQLITE_IOERR");
          },
        }),
      ).toThrow("crash");
      expect(await opened()).toBe(hashOf(writer.doc));
      left();
      expect(standing()[0], damage).toEqual([2, true]);
      expect(standing().every(([, isProved]) => isProved)).toBe(true);
      expect(await opened()).toBe(hashOf(writer.doc));
    }
    // Damage that comes while the new one is written: it is found before the older one goes.
    await type("Again. ");
    left({
      fault: (step) => {
        if (step === "checkpoint: inserted")
          world.sqlite().exec("update checkpoint set state = zeroblob(length(state)) where seq = 3");
      },
    });
    expect(standing()).toEqual([[2, true]]);
    expect(await opened()).toBe(hashOf(writer.doc));
    left();
    expect(standing()).toEqual([
      [3, true],
      [2, true],
    ]);
  });

  it.each([
    ["another text, soundly packed", "update archive set state = @state"],
    ["a number that no row has", "update archive set seq = seq + 1000"],
    ["another place", "update archive set log_id = log_id - 1"],
    ["no hash", "update archive set hash = null"],
  ])("[D26] an archive damaged to %s is not read, but made again from the log", async (_what, damage) => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const write = async (words: string) => {
      textOfBlock(writer.doc, 1).insert(0, words);
      await writer.send(tenOClock);
    };
    await write("Dosimetry. ");
    const first = world.follow();
    first.follow.read();
    first.follow.flush({ all: true, now: 0 });
    expect(verifyDerived(first.sqlite).damagedArchives).toEqual([]);
    textOfBlock(writer.doc, 1).insert(0, "Never written by anybody. ");
    const state = packState(plainState(writer.doc));
    textOfBlock(writer.doc, 1).delete(0, 26);
    first.sqlite.prepare(damage).run(damage.includes("@state") ? { state } : {});
    expect(verifyDerived(first.sqlite).damagedArchives).toEqual([document.id]);

    const again = world.follow();
    again.follow.read();
    const present = again.histories.readPresent(document.id);
    expect(present.ok && contentHash(present.value.json)).toBe(contentHash(readDocument(writer.doc).json));
    expect(world.damage).toEqual([{ document: document.number, fromSeq: 0, toSeq: 2 }]);
    await write("And after that. ");
    again.follow.read();
    again.follow.left(document.id);
    again.follow.flush({ all: true, now: 1 });
    const served = collectedDocument();
    for (const { seq, proved } of checkpointsOf(again.sqlite, document.number))
      if (seq === 3 && proved !== null) Y.applyUpdate(served, proved.state);
    expect(hashOf(served)).toBe(hashOf(writer.doc));
    expect(verifyDerived(again.sqlite)).toEqual({
      leftBehind: [],
      damagedCheckpoints: [],
      damagedArchives: [],
    });
  });

  it("[D26] an archive that is gone is missed, and made again from the log", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "Dosimetry. ");
    await writer.send(tenOClock);
    const first = world.follow();
    first.follow.read();
    first.follow.flush({ all: true, now: 0 });
    first.sqlite.prepare("delete from archive").run();

    const again = world.follow();
    // A document made since has none yet, and nobody misses it.
    const newer = await world.document();
    again.follow.read();
    for (const [{ id }, text] of [
      [document, "Dosimetry. "],
      [newer, "What the learner can do."],
    ] as const) {
      const present = again.histories.readPresent(id);
      expect(present.ok && JSON.stringify(present.value.json)).toContain(text);
    }
    expect(world.damage).toEqual([{ document: document.number, fromSeq: 0, toSeq: 2 }]);
    textOfBlock(writer.doc, 1).insert(0, "After that. ");
    await writer.send(tenOClock);
    again.follow.read();
    again.follow.flush({ all: true, now: 1 });
    expect(again.sqlite.prepare("select document, seq from archive order by document").all()).toEqual([
      { document: document.number, seq: 3 },
      { document: newer.number, seq: 1 },
    ]);
  });

  it("[D26] text that a damaged row hides is never filled from a damaged checkpoint", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "Hidden. ");
    await writer.send(tenOClock);
    const made = world.follow();
    made.follow.read();
    made.follow.left(document.id);
    made.follow.flush({ all: true, now: 0 });
    made.sqlite.exec(`
      delete from archive; delete from follower;
      update log set bytes = x'0000' where seq = 2;
      update checkpoint set at = at + 1 where seq = 2`);
    const { follow, histories } = world.follow();
    follow.read();
    expect(follow.documents.hold(document.number)).toMatchObject({ damaged: [2], mendedTo: 0 });
    made.sqlite.exec("update checkpoint set at = at - 1 where seq = 2");
    const again = world.follow();
    again.follow.read();
    expect(again.follow.documents.hold(document.number)).toMatchObject({ damaged: [2], mendedTo: 2 });
    expect(histories.readPresent(document.id).ok).toBe(true);
  });

  it("[D19] keeps loading short: a checkpoint at least every 500 rows", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "employer");
    const text = textOfBlock(writer.doc, 1);
    const sent = [];
    for (let i = 0; i < 1_203; i++) {
      text.insert(text.length, "x");
      sent.push(writer.send(tenOClock + i * 200));
    }
    await Promise.all(sent);
    const made: string[] = [];
    const { follow } = world.follow({ onCheckpoint: (id) => made.push(id) });
    follow.read();
    follow.flush({ all: false, now: 0 });
    const stored = await world.log.load(document.id);
    expect(stored?.tail.length).toBeLessThan(500);
    expect(stored?.checkpoint.seq).toBeGreaterThan(1);
    expect(stored?.checkpoint.pieces.length).toBeGreaterThan(0);
    expect(made).toEqual([document.id]);
    const head = stored?.headSeq ?? 0;
    expect((await world.log.rows(document.number, 1, head)).length).toBe(1_204);
  });

  it("counts the words of the server's own edits for nobody", async () => {
    const document = await world.document();
    const append = world.appendServerEdit(() => tenOClock);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, (await world.log.load(document.id))?.checkpoint.state ?? new Uint8Array());
    const before = Y.encodeStateVector(doc);
    textOfBlock(doc, 1).delete(0, 4);
    textOfBlock(doc, 1).insert(0, "By the server");
    await append({
      documentId: document.id,
      bytes: Y.encodeStateAsUpdate(doc, before),
      clientIds: [doc.clientID],
      onBehalfOf: { userId: world.world.provider.userId as never, side: "provider", actorKind: "server" },
    });
    const { follow, sqlite } = world.follow();
    follow.read();
    follow.flush({ all: true, now: 0 });
    expect(sqlite.prepare("select count(*) from activity_day").pluck().get()).toBe(0);
    expect(sqlite.prepare("select user_id, side from attr_delete").all()).toEqual([
      { user_id: serverUserId, side: null },
    ]);
  });
});
