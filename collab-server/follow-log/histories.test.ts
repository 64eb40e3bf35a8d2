/** Versions as they are cut and read through the running worker. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DocumentId } from "../../app/domain/ids.ts";
import { unpackText } from "../../db/exports/packed-text.ts";
import { seeded, seedOfRun } from "../testing/count.ts";
import { openHistories, type RunningHistories } from "./histories.ts";
import { type FollowWorld, minute, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";
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

describe("versions", () => {
  it("are cut at exactly the row that was durable when asked, numbered in order, with their authors", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const employer = await world.writer(document, "employer");
    textOfBlock(college.doc, 1).insert(0, "Safely: ");
    await college.send(now);
    const asked = named({ world, histories }, document.id, "First");
    await employer.receive();
    textOfBlock(employer.doc, 0).insert(4, " of both");
    textOfBlock(employer.doc, 1).delete(0, 4);
    await employer.send(now + minute);
    const first = value(await asked);
    const second = value(await named({ world, histories }, document.id, "Second"));
    await histories.caughtUp();

    const rows = await world.database.db
      .selectFrom("version")
      .select(["id", "number", "seq", "kind", "authors", "words"])
      .where("document_id", "=", document.id)
      .orderBy("number")
      .execute();
    const [created, one, two] = rows;
    expect(created).toMatchObject({ number: 1, seq: 1, kind: "created", authors: "[]" });
    expect(one).toMatchObject({ id: first.versionId, number: 2, seq: 2 });
    expect(two).toMatchObject({ id: second.versionId, number: 3, seq: 3 });
    expect(JSON.parse(one?.authors ?? "")).toEqual([
      { userId: college.userId, side: "provider", added: 8, removed: 0 },
    ]);
    expect(JSON.parse(two?.authors ?? "")).toEqual([
      { userId: employer.userId, side: "employer", added: 8, removed: 4 },
    ]);
    const text = value(await histories.packVersion(document.id as DocumentId, first.versionId));
    expect(JSON.stringify(unpackText(text))).toContain("Safely: What");
    expect(JSON.stringify(unpackText(text))).not.toContain("of both");
  });

  it("[D5] count text whose author a recovery could not verify for nobody", async () => {
    const document = await world.document();
    const keeper = await world.writer(document, "employer");
    textOfBlock(keeper.doc, 1).insert(0, "Brought back: ");
    await keeper.send(now);
    await world.database.db
      .updateTable("client_lease")
      .set({ is_verified: 0 })
      .where("client_id", "=", keeper.doc.clientID)
      .execute();
    const { versionId } = value(await named({ world, histories }, document.id, "After the recovery"));
    const cut = await world.database.db
      .selectFrom("version")
      .select("authors")
      .where("id", "=", versionId)
      .executeTakeFirstOrThrow();
    expect(cut.authors).toBe("[]");
  });

  it("can be cut at a row long past, and read the same as then", async () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const hashes = new Map<number, string>();
    for (let i = 0; i < 60; i++) {
      editPlan(writer.doc, random);
      const sent = await writer.send(now + i);
      if (sent?.ok) hashes.set(sent.value.seq, hashOf(writer.doc));
    }
    for (const [seq, hash] of [...hashes].filter((_, index) => index % 7 === 0)) {
      const cut = value(await named({ world, histories }, document.id, `At ${seq}`, seq));
      const read = value(await histories.packVersion(document.id as DocumentId, cut.versionId));
      expect(read.contentHash, `seed ${seed} seq ${seq}`).toBe(hash);
    }
  });

  it("refuse a version of another document and a row that is not durable", async () => {
    const document = await world.document();
    const other = await world.document();
    const cut = value(await named({ world, histories }, document.id, "Mine"));
    for (const answer of [
      await histories.packVersion(other.id as DocumentId, cut.versionId),
      await histories.restore({
        documentId: other.id as DocumentId,
        versionId: cut.versionId,
        by: leaderOf(world),
      }),
    ])
      expect(answer).toMatchObject({ ok: false, refusal: { code: "version-elsewhere" } });
    expect(await named({ world, histories }, document.id, "Future", 99)).toMatchObject({
      refusal: { code: "not-saved" },
    });
  });
});
