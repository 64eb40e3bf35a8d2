/** What damaged rows and archives do to versions, and what not. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import type { DocumentId } from "../../app/domain/ids.ts";
import { unpackText } from "../../db/exports/packed-text.ts";
import { seeded, seedOfRun, told, trials } from "../testing/count.ts";
import { openHistories, type RunningHistories } from "./histories.ts";
import { type FollowWorld, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";
import { editPlan } from "./testing/random-plan.ts";
import {
  type Heard,
  hashOf,
  heardNothing,
  historiesOptions,
  leaderOf,
  named,
  value,
} from "./testing/running-histories.ts";

/** Full counts on a busy machine, ms. */
const longRun = 900_000;

let world: FollowWorld;
let histories: RunningHistories;
let heard: Heard;
let now = tenOClock;

beforeEach(async () => {
  world = await openFollowWorld();
  now = tenOClock;
  heard = heardNothing();
  histories = await openHistories(historiesOptions(world, () => now, heard));
});
afterEach(async () => {
  await histories.close();
  await world.close();
});

describe("damage", () => {
  it(
    "[D26] one flipped bit costs history at most: the present stays readable and the row is reported",
    async () => {
      const seed = seedOfRun();
      const random = seeded(seed);
      const count = trials(1_000, 40);
      await histories.close();
      let refused = 0;
      let unharmed = 0;
      const document = await world.document();
      const writer = await world.writer(document, "provider");
      const versions: { id: string; hash: string }[] = [];
      const start = world.follow();
      for (let i = 0; i < 60; i++) {
        editPlan(writer.doc, random);
        const sent = await writer.send(now + i);
        if (i % 10 === 5 && sent?.ok) {
          const id = crypto.randomUUID();
          start.histories.cut({
            documentId: document.id,
            kind: "named",
            name: `V${i}`,
            note: null,
            by: leaderOf(world),
            restoredFrom: null,
            seq: sent.value.seq,
            at: now,
            versionId: id,
            report: null,
          });
          versions.push({ id, hash: hashOf(writer.doc) });
        }
      }
      start.follow.read();
      start.follow.left(document.id);
      start.follow.flush({ all: true, now: 0 });
      start.sqlite.close();
      const sqlite = world.sqlite();
      const ids = sqlite
        .prepare("select id from log where document = ?")
        .pluck()
        .all(document.number) as number[];

      for (let trial = 0; trial < count; trial++) {
        const id = ids[Math.floor(random() * ids.length)] ?? 0;
        const bytes = sqlite.prepare("select bytes from log where id = ?").pluck().get(id) as Buffer;
        const broken = Buffer.from(bytes);
        const at = Math.floor(random() * broken.length);
        broken[at] = (broken[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        sqlite.prepare("update log set bytes = ? where id = ?").run(broken, id);
        // Nothing but the log and the checkpoint is left to go by.
        sqlite.exec("delete from archive; delete from follower");
        world.damage.length = 0;
        const { follow, histories: reading, sqlite: own } = world.follow();
        const present = reading.readPresent(document.id);
        expect(present.ok && contentHash(present.value.json), `seed ${seed} trial ${trial}`).toBe(
          contentHash(readDocument(writer.doc).json),
        );
        const seq = ids.indexOf(id) + 1;
        expect(world.damage).toContainEqual({ document: document.number, fromSeq: seq, toSeq: seq });
        for (const version of versions) {
          const read = reading.readVersion(document.id, version.id);
          if (read.ok) {
            expect(read.value.contentHash).toBe(version.hash);
            unharmed++;
          } else {
            expect(read.refusal.code).toBe("history-damaged");
            refused++;
          }
        }
        follow.flush({ all: true, now: 0 });
        own.close();
        sqlite.prepare("update log set bytes = ? where id = ?").run(bytes, id);
      }
      sqlite.exec("delete from archive; delete from follower");
      const { histories: healed } = world.follow();
      for (const version of versions) expect(healed.readVersion(document.id, version.id).ok).toBe(true);
      expect(refused).toBeGreaterThan(0);
      told(
        "D26",
        count,
        seed,
        `present readable every time; old versions ${unharmed} exact, ${refused} refused as damaged`,
      );
    },
    longRun,
  );

  it("[D26] an emoji that somebody cuts in half later is still whole in the version before", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const text = textOfBlock(writer.doc, 1);
    text.insert(0, "🎓 learned. ");
    await writer.send(now);
    const version = value(await named({ world, histories }, document.id, "Whole"));
    // Yjs replaces both halves, in all of its history, when something comes between them.
    text.insert(1, "x");
    await writer.send(now);
    const read = value(await histories.packVersion(document.id as DocumentId, version.versionId));
    expect(JSON.stringify(unpackText(read))).toContain("🎓 learned. What");
  });

  it("[D26] a damaged archive is made again from the log", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "Still here. ");
    await writer.send(now);
    await histories.caughtUp();
    await histories.close();
    const sqlite = world.sqlite();
    sqlite.prepare("update archive set state = ?").run(Buffer.from("not brotli"));
    const { histories: reading } = world.follow();
    const present = reading.readPresent(document.id);
    expect(present.ok && JSON.stringify(present.value.json)).toContain("Still here. ");
  });
});
