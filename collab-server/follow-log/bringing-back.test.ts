/** Bringing a version back, through the worker and the log. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canonicalJson, contentHash } from "../../app/document/canonical.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import type { DocumentId, UserId, VersionId } from "../../app/domain/ids.ts";
import { unpackText } from "../../db/exports/packed-text.ts";
import { serverUserId } from "../../db/server-user.ts";
import { seeded, seedOfRun, told, trials } from "../testing/count.ts";
import { openHistories, type RunningHistories } from "./histories.ts";
import { type FollowWorld, openFollowWorld, tenOClock, textOfBlock } from "./testing/plan-world.ts";
import { editPlan, paragraph } from "./testing/random-plan.ts";
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

describe("bringing a version back", () => {
  it("[D5] v1, v2, v1, the newest, v2: each exactly equal, each a forward edit in the same epoch", async () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const versions: { id: VersionId; hash: string }[] = [];
    for (let i = 0; i < 3; i++) {
      for (let edit = 0; edit < 15; edit++) {
        editPlan(writer.doc, random);
        await writer.send(now++);
      }
      versions.push({
        id: value(await named({ world, histories }, document.id, `V${i}`)).versionId,
        hash: hashOf(writer.doc),
      });
    }
    for (const index of [0, 1, 0, 2, 1]) {
      const version = versions[index] as (typeof versions)[number];
      const restored = value(
        await histories.restore({
          documentId: document.id as DocumentId,
          versionId: version.id,
          by: leaderOf(world),
        }),
      );
      await writer.receive();
      expect(hashOf(writer.doc), `seed ${seed}`).toBe(version.hash);
      const read = value(await histories.packVersion(document.id as DocumentId, restored.versionId));
      expect(read.contentHash).toBe(version.hash);
    }
    const { epoch } = await world.database.db
      .selectFrom("document")
      .select("epoch")
      .where("id", "=", document.id)
      .executeTakeFirstOrThrow();
    expect(epoch).toBe(document.epoch);
    const kinds = await world.database.db
      .selectFrom("version")
      .select(["kind", "seq"])
      .where("document_id", "=", document.id)
      .orderBy("number")
      .execute();
    expect(kinds.filter((row) => row.kind === "before_restore")).toHaveLength(5);
    expect(kinds.filter((row) => row.kind === "restored")).toHaveLength(5);
    expect(kinds.map((row) => row.seq)).toEqual(kinds.map((row) => row.seq).toSorted((a, b) => a - b));
    const sources = await world.database.db
      .selectFrom("log_source")
      .select(["actor_kind", "user_id"])
      .where("document", "=", document.number)
      .where("actor_kind", "=", "server")
      .execute();
    expect(sources.every((source) => source.user_id === leaderOf(world).userId)).toBe(true);
    told("D5", 5, seed, "a chain of restores through the worker, all equal, one epoch");
  });

  it("[W10] gives returning text back to its author, and nobody credit for it", async () => {
    const document = await world.document();
    const college = await world.writer(document, "provider");
    const employer = await world.writer(document, "employer");
    textOfBlock(college.doc, 1).insert(0, "Written by the college. ");
    await college.send(now);
    const version = value(await named({ world, histories }, document.id, "With it"));
    await employer.receive();
    textOfBlock(employer.doc, 1).delete(0, 24);
    await employer.send(now + 1);
    const restored = value(
      await histories.restore({
        documentId: document.id as DocumentId,
        versionId: version.versionId,
        by: { userId: employer.userId as UserId, side: "employer" },
      }),
    );
    const rows = await world.database.db
      .selectFrom("version")
      .select(["id", "kind", "authors"])
      .where("document_id", "=", document.id)
      .orderBy("number")
      .execute();
    const after = rows.find((row) => row.id === restored.versionId);
    // Compared with the version just before, the college's own words came back.
    expect(JSON.parse(after?.authors ?? "")).toEqual([
      { userId: college.userId, side: "provider", added: 24, removed: 0 },
    ]);
    expect(heard.notices).toEqual([[document.id, "Leader of the employer", "version 2, “With it”"]]);
    const carry = await world.database.db.selectFrom("attr_carry").selectAll().execute();
    expect(carry).toMatchObject([{ from_client: college.doc.clientID, length: 24, kind: "restore" }]);
    const lease = await world.database.db
      .selectFrom("client_lease")
      .select("user_id")
      .where("client_id", "=", carry[0]?.to_client ?? 0)
      .executeTakeFirstOrThrow();
    expect(lease.user_id).toBe(serverUserId);
  });

  it(
    "[D7] loses nothing that was typed while the restore was under way",
    async () => {
      const seed = seedOfRun();
      const count = trials(100, 12);
      let kept = 0;
      let apart = 0;
      for (let trial = 0; trial < count; trial++) {
        const random = seeded(seed + trial);
        const document = await world.document();
        const writer = await world.writer(document, "provider");
        const typist = await world.writer(document, "employer");
        const first = value(await named({ world, histories }, document.id, "Then"));
        const fragment = writer.doc.getXmlFragment("default");
        fragment.insert(2, [paragraph("A new paragraph")]);
        await writer.send(now);
        await typist.receive();
        const token = `typed meanwhile ${trial}`;
        textOfBlock(typist.doc, random() < 0.5 ? 1 : 2).insert(3, token);
        const restoring = histories.restore({
          documentId: document.id as DocumentId,
          versionId: first.versionId,
          by: leaderOf(world),
        });
        const typing = typist.send(now);
        const restored = value(await restoring);
        await typing;
        await typist.receive();
        await writer.receive();
        expect(hashOf(typist.doc)).toBe(hashOf(writer.doc));
        const { json } = readDocument(writer.doc);
        const isVisible = canonicalJson(json).includes(token);
        const isListed = restored.keptApart.join("\n").includes(token);
        // Typed before the restore was computed, it is part of "before" and comes back from there.
        const before = await world.database.db
          .selectFrom("version")
          .select("id")
          .where("document_id", "=", document.id)
          .where("kind", "=", "before_restore")
          .executeTakeFirstOrThrow();
        const past = value(await histories.packVersion(document.id as DocumentId, before.id as VersionId));
        const isBefore = canonicalJson(unpackText(past)).includes(token);
        expect(isVisible || isListed || isBefore, `seed ${seed} trial ${trial}`).toBe(true);
        if (isListed) {
          const { report } = await world.database.db
            .selectFrom("version")
            .select("report")
            .where("id", "=", restored.versionId)
            .executeTakeFirstOrThrow();
          expect(report).toContain(token);
          apart++;
        } else kept++;
      }
      told("D7", count, seed, `${kept} kept in place or before, ${apart} listed in the report, 0 lost`);
    },
    longRun,
  );

  it("refuses what already reads like that, and stores nothing", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    textOfBlock(writer.doc, 1).insert(0, "x");
    await writer.send(now);
    const version = value(await named({ world, histories }, document.id, "Now"));
    const head = world.log.headSeq(document.number);
    expect(
      await histories.restore({
        documentId: document.id as DocumentId,
        versionId: version.versionId,
        by: leaderOf(world),
      }),
    ).toMatchObject({ refusal: { code: "already-like-this" } });
    expect(world.log.headSeq(document.number)).toBe(head);
    const count = await world.database.db.selectFrom("version").select("id").execute();
    expect(count).toHaveLength(2);
  });

  it("restores one after the other when two people ask at once", async () => {
    const document = await world.document();
    const writer = await world.writer(document, "provider");
    const first = value(await named({ world, histories }, document.id, "One"));
    textOfBlock(writer.doc, 1).insert(0, "Two. ");
    await writer.send(now);
    const second = value(await named({ world, histories }, document.id, "Two"));
    textOfBlock(writer.doc, 1).insert(0, "Three. ");
    await writer.send(now);
    const answers = await Promise.all(
      [first, second].map((version) =>
        histories.restore({
          documentId: document.id as DocumentId,
          versionId: version.versionId,
          by: leaderOf(world),
        }),
      ),
    );
    expect(answers.every((answer) => answer.ok)).toBe(true);
    const present = value(await histories.packPresent(document.id as DocumentId));
    const wanted = value(await histories.packVersion(document.id as DocumentId, second.versionId));
    expect(contentHash(unpackText(present))).toBe(wanted.contentHash);
  });
});
