/** `npm run verify`: what it finds whole, and what broken. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendAudit } from "../audit.ts";
import { MaintainedPlan, now } from "../testing/maintained-plan.ts";
import { firstHash } from "../update-log/chain.ts";
import { packSegment } from "../update-log/segment.ts";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";
import { anchorFile, appendAnchor, readAnchors } from "./anchors.ts";
import { verifyDatabase } from "./verify-database.ts";

let kept: MaintainedPlan;
beforeEach(async () => {
  kept = await MaintainedPlan.open();
});
afterEach(() => kept.close());

describe("npm run verify", () => {
  it("[S18] finds a whole record whole, says so per document, and leaves an anchor", async () => {
    await kept.type([" for", " a", " school"]);
    const { code, output } = await kept.command("verify");
    expect(output).toContain(`${kept.plan.id}  ok, 4 rows`);
    expect(output).toContain("The record is whole: 1 documents.");
    expect(code).toBe(0);
    expect(readAnchors(kept.folder).documents[kept.plan.id]?.[0]).toBe(4);
  });

  it.each([
    ["other words", "update log set bytes = x'00' where seq = 3", [{ fromSeq: 3, toSeq: 3 }]],
    ["another time", "update log set at = 5 where seq = 2", [{ fromSeq: 2, toSeq: 2 }]],
    [
      "another author",
      "update log_source set user_id = 'x' where actor_kind = 'user'",
      [{ fromSeq: 2, toSeq: 5 }],
    ],
    ["a missing row", "delete from log where seq = 3", [{ fromSeq: 3, toSeq: 4 }]],
    ["a doubled number", "update log set seq = 2 where seq = 3", [{ fromSeq: 2, toSeq: 4 }]],
    ["another key", "update log_key set key = zeroblob(32)", [{ fromSeq: 1, toSeq: 5 }]],
  ])("[S18] shows %s", async (_what, statement, damaged) => {
    await kept.type(["a", "b", "c", "d"]);
    kept.tamper(statement);
    const verdict = await verifyDatabase(kept.path, readAnchors(kept.folder));
    expect(verdict.documents[0]?.damaged).toEqual(damaged);
    expect(verdict.isWhole).toBe(false);
    const { code, output } = await kept.command("verify");
    expect(output).toContain("BROKEN at row");
    expect(code).toBe(1);
  });

  it("[D26] names documents that followers had to leave behind, and calls the record whole all the same", async () => {
    const left = (follower: string) =>
      kept.db
        .insertInto("set_aside")
        .values({ document: kept.plan.number, follower, log_id: 1, fault: "RangeError at a.ts:1", at: now() })
        .execute();
    await left("versions");
    await left("search");
    const { code, output } = await kept.command("verify");
    expect(output).toContain(
      `${kept.plan.id}  not followed for search, versions since 2014-05-13T16:53:20.000Z (RangeError at a.ts:1); no word is lost`,
    );
    expect(output).toContain("The record is whole");
    expect(code).toBe(0);
  });

  it("[D26] names checkpoints that are damaged, and calls the record whole all the same", async () => {
    await kept.type([" for", " a", " school"]);
    kept.tamper("update checkpoint set state = zeroblob(length(state))");
    const { code, output } = await kept.command("verify");
    expect(output).toContain(
      `${kept.plan.id}  checkpoint at row 1 is damaged and not used; a new one is made when somebody opens the document; no word is lost`,
    );
    expect(output).toContain("The record is whole");
    expect(code).toBe(0);
    expect(await kept.textOf(kept.path)).toBe("Design and install a network for a school");
    kept.tamper(`insert into archive (document, seq, epoch, log_id, state, at)
      select number, 4, epoch, 4, x'00', 0 from document`);
    expect((await kept.command("verify")).output).toContain(
      `${kept.plan.id}  archive is damaged and not used; it is made anew from the log; no word is lost`,
    );
    kept.tamper("update checkpoint set document = 999");
    expect((await kept.command("verify")).output).toContain(
      "checkpoint at row 1  belongs to no document and is not used; no word is lost",
    );
  });

  it("[S18] shows a tail that was cut off, of the log and of the audit trail, by the anchor", async () => {
    await kept.type(["a", "b", "c"]);
    for (let at = 1; at <= 3; at++)
      await kept.db.transaction().execute((transaction) =>
        appendAudit(transaction, {
          at,
          actorUserId: null,
          partnershipId: null,
          verb: "x",
          objectType: "y",
          objectId: "z",
        }),
      );
    expect((await kept.anchor()).isWhole).toBe(true);
    kept.tamper("delete from log where seq = 4; delete from audit_event where id = 3");
    const verdict = await verifyDatabase(kept.path, readAnchors(kept.folder));
    expect(verdict.documents[0]?.damaged).toEqual([]);
    expect(verdict.cutOff).toEqual([{ documentId: kept.plan.id, anchoredSeq: 4 }]);
    expect(verdict.isAuditCutOff).toBe(true);
    expect(verdict.isWhole).toBe(false);
    // Each time it is asked: the verdict must not heal by being written down.
    for (let times = 0; times < 2; times++) {
      const { code, output } = await kept.command("verify");
      expect(output).toContain("row 4 was there when an anchor was written");
      expect(output).toContain("audit trail  BROKEN");
      expect(code).toBe(1);
      // Nor by a backup or a purge, which leave anchors as well.
      const backup = await kept.command("backup", join(kept.folder, `cut-${times}.db`));
      expect(backup.output).toContain("The record in it is NOT whole");
      expect(backup.code).toBe(1);
    }
    const { email } = await kept.db
      .selectFrom("user")
      .select("email")
      .where("id", "=", kept.world.provider.userId)
      .executeTakeFirstOrThrow();
    await kept.db.destroy();
    expect((await kept.command("purge", "--document", kept.plan.id, "--by", email ?? "")).code).toBe(0);
    kept.reopen();
    expect((await kept.command("verify")).output).toContain("audit trail  BROKEN");
  });

  it("[S18] goes by the furthest end that an anchor saw, and past a line that was torn while it was written", async () => {
    await kept.type(["a", "b", "c"]);
    await kept.anchor();
    appendFileSync(anchorFile(kept.folder), '{"at":1,"kind":"ver');
    await kept.type(["d"]);
    expect((await kept.command("verify")).output).toContain("1 lines cannot be read");
    // Nor does a later anchor at a shorter end make anybody forget the further one.
    const shorter = { [kept.plan.id]: [2, "00"] as const };
    appendAnchor(kept.folder, { at: 2, kind: "backup", documents: shorter, audit: [0, ""] });
    expect(readAnchors(kept.folder).documents[kept.plan.id]?.[0]).toBe(5);
    kept.tamper("delete from log where seq = 5");
    const { code, output } = await kept.command("verify");
    expect(output).toContain("row 5 was there when an anchor was written");
    expect(code).toBe(1);
  });

  it("[D19] reads sealed segments like open rows, and names a damaged one only", async () => {
    await kept.type(["a", "b", "c", "d", "e"]);
    seal(1, 3);
    expect(await kept.textOf(kept.path)).toBe("Design and install a networkabcde");
    expect((await verifyDatabase(kept.path, readAnchors(kept.folder))).isWhole).toBe(true);
    const log = await openUpdateLog({ path: kept.path, now });
    expect((await log.rows(kept.plan.number, 1, 6)).map(({ seq, isIntact }) => [seq, isIntact])).toEqual(
      [1, 2, 3, 4, 5, 6].map((seq) => [seq, true]),
    );
    await log.close();
    kept.tamper("update segment set bytes = zeroblob(length(bytes))");
    const verdict = await verifyDatabase(kept.path, readAnchors(kept.folder));
    expect(verdict.documents[0]?.damaged).toEqual([{ fromSeq: 1, toSeq: 3 }]);
    expect(await kept.type(["f"])).toContain("f");
  });
});

/** Seals rows as the later job will: same transaction, key kept with the segment. */
function seal(fromSeq: number, toSeq: number): void {
  const sqlite = new Sqlite(kept.path);
  const rows = sqlite
    .prepare(
      "select id, source, seq, at, client_ids, bytes, hash from log where document = ? and seq between ? and ? order by id",
    )
    .all(kept.plan.number, fromSeq, toSeq) as {
    id: number;
    source: number;
    seq: number;
    at: number;
    client_ids: Buffer;
    bytes: Buffer;
    hash: Buffer;
  }[];
  const checkpoint = sqlite.prepare("select * from checkpoint").get() as Record<string, unknown>;
  expect(checkpoint["document"]).toBe(kept.plan.number);
  const { key } = sqlite.prepare("select key from log_key").get() as { key: Buffer };
  const segment = packSegment({
    document: kept.plan.number,
    rows: rows.map((row) => ({ ...row, logId: row.id, clientIds: row.client_ids })),
    firstHash: firstHash(kept.plan.id),
    lastHash: rows.at(-1)!.hash,
    key,
  });
  sqlite.transaction(() => {
    sqlite
      .prepare(
        "insert into segment values (@document, @from_seq, @to_seq, @first_hash, @last_hash, @key, @metadata, @bytes, @commitments, @purged_at)",
      )
      .run(segment);
    sqlite
      .prepare("delete from log where document = ? and seq between ? and ?")
      .run(kept.plan.number, fromSeq, toSeq);
    sqlite.prepare("update log_key set from_seq = ?").run(toSeq + 1);
  })();
  sqlite.close();
}
