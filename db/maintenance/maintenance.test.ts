/** Verify, backup, restore and purge against real files, as the commands run them. */
import { execFile } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Sqlite from "better-sqlite3";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { recoveryLastsMs } from "../../app/domain/recovery.ts";
import { appendAudit } from "../audit.ts";
import * as groundFloor from "../migrations/0001_ground_floor.ts";
import * as setAside from "../migrations/0002_set_aside.ts";
import { openDatabase } from "../open.ts";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import {
  insertPlanDocument,
  insertPlanWorld,
  type PlanDocument,
  type PlanWorld,
} from "../testing/plan-fixture.ts";
import { firstHash } from "../update-log/chain.ts";
import { packSegment } from "../update-log/segment.ts";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";
import { openAdminSocket } from "./admin-socket.ts";
import { anchorFile, appendAnchor, noAnchors, readAnchors } from "./anchors.ts";
import { backupDatabase, filesBeside, filesFolder, type Place } from "./backup-database.ts";
import { purgeDocument } from "./purge-document.ts";
import { restoreDatabase } from "./restore-database.ts";
import { verifyDatabase } from "./verify-database.ts";

let test: TestDatabase;
let world: PlanWorld;
let plan: PlanDocument;
let place: Place;
const now = () => 1_400_000_000_000;

beforeEach(async () => {
  test = await openTestDatabase();
  world = await insertPlanWorld(test.db);
  plan = await insertPlanDocument(test.db, world, "Design and install a network");
  place = { dataFolder: test.folder, databasePath: test.path };
});
afterEach(() => test.close());

/** Types `texts` at the end of the plan as its provider's leader; gives back the text. */
async function type(
  texts: readonly string[],
  document: PlanDocument = plan,
  remove?: { at: number; length: number },
) {
  const log = await openUpdateLog({ path: test.path, now });
  const client = 1_000_000 + Math.floor(Math.random() * 1e9);
  await log.lease({
    lineage: document.lineage,
    clientIds: [client],
    userId: world.provider.userId,
    side: "provider",
    sessionId: null,
    at: 1,
  });
  const { epoch } = await test.db
    .selectFrom("document")
    .select("epoch")
    .where("number", "=", document.number)
    .executeTakeFirstOrThrow();
  const source = await log.openSource({
    document: document.number,
    epoch,
    lineage: document.lineage,
    schemaNumber: 1,
    actorKind: "user",
    userId: world.provider.userId,
    side: "provider",
    sessionId: world.provider.sessionId,
  });
  const stored = await log.load(document.id);
  const doc = new Y.Doc();
  doc.clientID = client;
  if (stored) Y.applyUpdate(doc, stored.checkpoint.state);
  for (const row of stored?.tail ?? []) Y.applyUpdate(doc, row.bytes);
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const text = doc.getText("default");
  for (const piece of texts) text.insert(text.length, piece);
  if (remove) text.delete(remove.at, remove.length);
  for (const bytes of updates)
    expect(
      await log.append({ document: document.number, source, at: now(), clientIds: [client], bytes }),
    ).toMatchObject({ ok: true });
  await log.close();
  return text.toString();
}
async function textOf(path: string, document: PlanDocument = plan): Promise<string> {
  const log = await openUpdateLog({ path, now });
  const stored = await log.load(document.id);
  await log.close();
  const doc = new Y.Doc();
  if (stored) Y.applyUpdate(doc, stored.checkpoint.state);
  for (const row of stored?.tail ?? []) Y.applyUpdate(doc, row.bytes);
  return doc.getText("default").toString();
}
/** With the file in hand and no respect for triggers. */
function tamper(statement: string, path = test.path): void {
  const sqlite = new Sqlite(path);
  sqlite.exec("drop trigger if exists audit_is_fixed; drop trigger if exists audit_is_kept");
  sqlite.exec(statement);
  sqlite.close();
}
async function anchor() {
  const verdict = await verifyDatabase(test.path, readAnchors(test.folder));
  appendAnchor(test.folder, { at: now(), kind: "verify", ...verdict.anchored });
  return verdict;
}
const run = promisify(execFile);
const command = (name: string, ...options: string[]) => commandAt({}, name, ...options);
async function commandAt(place: Readonly<Record<string, string>>, name: string, ...options: string[]) {
  const script = join(import.meta.dirname, "..", "..", "scripts", `${name}.ts`);
  const env = { ...process.env, DATA_DIR: test.folder, ...place };
  return run(process.execPath, [script, ...options], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

/** After a restore nobody has a session. */
async function signInAgain() {
  const { userId, sessionId } = world.provider;
  await test.db
    .insertInto("session")
    .values({
      ...{ secret_hash: sessionId, id: sessionId, user_id: userId, created_at: 0, last_seen_at: 0 },
      ...{ expires_at: Number.MAX_SAFE_INTEGER, device: "test", is_shared_computer: 0 },
    })
    .execute();
}

describe("npm run verify", () => {
  it("[S18] finds a whole record whole, says so per document, and leaves an anchor", async () => {
    await type([" for", " a", " school"]);
    const { code, output } = await command("verify");
    expect(output).toContain(`${plan.id}  ok, 4 rows`);
    expect(output).toContain("The record is whole: 1 documents.");
    expect(code).toBe(0);
    expect(readAnchors(test.folder).documents[plan.id]?.[0]).toBe(4);
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
    await type(["a", "b", "c", "d"]);
    tamper(statement);
    const verdict = await verifyDatabase(test.path, readAnchors(test.folder));
    expect(verdict.documents[0]?.damaged).toEqual(damaged);
    expect(verdict.isWhole).toBe(false);
    const { code, output } = await command("verify");
    expect(output).toContain("BROKEN at row");
    expect(code).toBe(1);
  });

  it("[D26] names documents that followers had to leave behind, and calls the record whole all the same", async () => {
    const left = (follower: string) =>
      test.db
        .insertInto("set_aside")
        .values({ document: plan.number, follower, log_id: 1, fault: "RangeError at a.ts:1", at: now() })
        .execute();
    await left("versions");
    await left("search");
    const { code, output } = await command("verify");
    expect(output).toContain(
      `${plan.id}  not followed for search, versions since 2014-05-13T16:53:20.000Z (RangeError at a.ts:1); no word is lost`,
    );
    expect(output).toContain("The record is whole");
    expect(code).toBe(0);
  });

  it("[D26] names checkpoints that are damaged, and calls the record whole all the same", async () => {
    await type([" for", " a", " school"]);
    tamper("update checkpoint set state = zeroblob(length(state))");
    const { code, output } = await command("verify");
    expect(output).toContain(
      `${plan.id}  checkpoint at row 1 is damaged and not used; a new one is made when somebody opens the document; no word is lost`,
    );
    expect(output).toContain("The record is whole");
    expect(code).toBe(0);
    expect(await textOf(test.path)).toBe("Design and install a network for a school");
    tamper(`insert into archive (document, seq, epoch, log_id, state, at)
      select number, 4, epoch, 4, x'00', 0 from document`);
    expect((await command("verify")).output).toContain(
      `${plan.id}  archive is damaged and not used; it is made anew from the log; no word is lost`,
    );
    tamper("update checkpoint set document = 999");
    expect((await command("verify")).output).toContain(
      "checkpoint at row 1  belongs to no document and is not used; no word is lost",
    );
  });

  it("[S18] shows a tail that was cut off, of the log and of the audit trail, by the anchor", async () => {
    await type(["a", "b", "c"]);
    for (let at = 1; at <= 3; at++)
      await test.db.transaction().execute((transaction) =>
        appendAudit(transaction, {
          at,
          actorUserId: null,
          partnershipId: null,
          verb: "x",
          objectType: "y",
          objectId: "z",
        }),
      );
    expect((await anchor()).isWhole).toBe(true);
    tamper("delete from log where seq = 4; delete from audit_event where id = 3");
    const verdict = await verifyDatabase(test.path, readAnchors(test.folder));
    expect(verdict.documents[0]?.damaged).toEqual([]);
    expect(verdict.cutOff).toEqual([{ documentId: plan.id, anchoredSeq: 4 }]);
    expect(verdict.isAuditCutOff).toBe(true);
    expect(verdict.isWhole).toBe(false);
    // Each time it is asked: the verdict must not heal by being written down.
    for (let times = 0; times < 2; times++) {
      const { code, output } = await command("verify");
      expect(output).toContain("row 4 was there when an anchor was written");
      expect(output).toContain("audit trail  BROKEN");
      expect(code).toBe(1);
      // Nor by a backup or a purge, which leave anchors as well.
      const backup = await command("backup", join(test.folder, `cut-${times}.db`));
      expect(backup.output).toContain("The record in it is NOT whole");
      expect(backup.code).toBe(1);
    }
    const { email } = await test.db
      .selectFrom("user")
      .select("email")
      .where("id", "=", world.provider.userId)
      .executeTakeFirstOrThrow();
    await test.db.destroy();
    expect((await command("purge", "--document", plan.id, "--by", email ?? "")).code).toBe(0);
    test = { ...test, db: openDatabase(test.path) };
    expect((await command("verify")).output).toContain("audit trail  BROKEN");
  });

  it("[S18] goes on where a line of the anchors was torn while it was written, and says so", async () => {
    await type(["a", "b", "c"]);
    await anchor();
    appendFileSync(anchorFile(test.folder), '{"at":1,"kind":"ver');
    expect((await command("verify")).output).toContain("1 lines cannot be read");
    tamper("delete from log where seq = 4");
    const { code, output } = await command("verify");
    expect(output).toContain("row 4 was there when an anchor was written");
    expect(code).toBe(1);
  });

  it("[D19] reads sealed segments like open rows, and names a damaged one only", async () => {
    await type(["a", "b", "c", "d", "e"]);
    seal(1, 3);
    expect(await textOf(test.path)).toBe("Design and install a networkabcde");
    expect((await verifyDatabase(test.path, readAnchors(test.folder))).isWhole).toBe(true);
    const log = await openUpdateLog({ path: test.path, now });
    expect((await log.rows(plan.number, 1, 6)).map(({ seq, isIntact }) => [seq, isIntact])).toEqual(
      [1, 2, 3, 4, 5, 6].map((seq) => [seq, true]),
    );
    await log.close();
    tamper("update segment set bytes = zeroblob(length(bytes))");
    const verdict = await verifyDatabase(test.path, readAnchors(test.folder));
    expect(verdict.documents[0]?.damaged).toEqual([{ fromSeq: 1, toSeq: 3 }]);
    expect(await type(["f"])).toContain("f");
  });
});

/** Seals rows as the later job will: same transaction, key kept with the segment. */
function seal(fromSeq: number, toSeq: number): void {
  const sqlite = new Sqlite(test.path);
  const rows = sqlite
    .prepare(
      "select id, source, seq, at, client_ids, bytes, hash from log where document = ? and seq between ? and ? order by id",
    )
    .all(plan.number, fromSeq, toSeq) as {
    id: number;
    source: number;
    seq: number;
    at: number;
    client_ids: Buffer;
    bytes: Buffer;
    hash: Buffer;
  }[];
  const checkpoint = sqlite.prepare("select * from checkpoint").get() as Record<string, unknown>;
  expect(checkpoint["document"]).toBe(plan.number);
  const { key } = sqlite.prepare("select key from log_key").get() as { key: Buffer };
  const segment = packSegment({
    document: plan.number,
    rows: rows.map((row) => ({ ...row, logId: row.id, clientIds: row.client_ids })),
    firstHash: firstHash(plan.id),
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
      .run(plan.number, fromSeq, toSeq);
    sqlite.prepare("update log_key set from_seq = ?").run(toSeq + 1);
  })();
  sqlite.close();
}

describe("npm run backup and npm run restore", () => {
  it("[D5] bring back text and pictures, under a new epoch that takes in what browsers still hold", async () => {
    mkdirSync(filesFolder(test.folder), { recursive: true });
    writeFileSync(join(filesFolder(test.folder), "picture"), "pixels");
    const before = await type([" for a school"]);
    const backup = join(test.folder, "backup.db");
    expect(await backupDatabase(place, backup, now)).toMatchObject({
      ok: true,
      documents: 1,
      throughServer: false,
    });
    expect(readFileSync(join(filesBeside(backup), "picture"), "utf8")).toBe("pixels");
    await type([" and a bank"]);
    await anchor();

    await test.db.destroy();
    expect(await restoreDatabase(place, backup, now)).toMatchObject({ ok: true, documents: 1, damaged: 0 });
    expect(await textOf(test.path)).toBe(before);
    test = { ...test, db: openDatabase(test.path) };
    await signInAgain();
    const row = await test.db
      .selectFrom("document")
      .select(["epoch", "recovering_until"])
      .executeTakeFirstOrThrow();
    expect(row.epoch).not.toBe(plan.epoch);
    expect(row.recovering_until).toBe(now() + recoveryLastsMs);
    expect(readdirSync(test.folder).some((name) => name.startsWith("two-way.db.before-restore-"))).toBe(true);
    // Anchors written after the backup do not call the rightly shorter log cut off.
    expect(await verifyDatabase(test.path, readAnchors(test.folder))).toMatchObject({ isWhole: true });
    expect(await type([" again"])).toBe(`${before} again`);
  });

  it("[D26] a restore takes checkpoints along under the new epoch, and vouches for no damaged one", async () => {
    const other = await insertPlanDocument(test.db, world, "Another plan");
    await test.db.updateTable("checkpoint").set({ at: 5 }).where("document", "=", other.number).execute();
    const backup = join(test.folder, "backup.db");
    expect(await backupDatabase(place, backup, now)).toMatchObject({ ok: true });
    await test.db.destroy();
    expect(await restoreDatabase(place, backup, now)).toMatchObject({ ok: true });
    expect((await verifyDatabase(test.path, noAnchors)).damagedCheckpoints).toEqual([
      { documentId: other.id, seq: 1 },
    ]);
    const log = await openUpdateLog({ path: test.path, now });
    expect(await log.load(plan.id)).toMatchObject({ checkpoint: { seq: 1 }, damagedCheckpoints: [] });
    expect(await log.load(other.id)).toMatchObject({ checkpoint: { seq: 0 }, damagedCheckpoints: [1] });
    await log.close();
    expect(await textOf(test.path, other)).toBe("Another plan");
    test = { ...test, db: openDatabase(test.path) };
  });

  it("[S11] a restore ends every session, reset link and open invitation, and says how many", async () => {
    const later = Number.MAX_SAFE_INTEGER;
    const { userId } = world.provider;
    await test.db
      .insertInto("password_reset")
      .values({ token_hash: "r", user_id: userId, created_at: 1, expires_at: later, used_at: null })
      .execute();
    for (const [id, accepted_at] of [
      ["open", null],
      ["used", 5],
    ] as const)
      await test.db
        .insertInto("invitation")
        .values({
          ...{ id, token_hash: id, partnership_id: world.partnershipId, email: `${id}@example.org` },
          ...{ organisation_id: world.organisationId, side: "provider", role: "leader", invited_by: userId },
          ...{ created_at: 1, expires_at: later, accepted_at, revoked_at: null },
        })
        .execute();
    const backup = join(test.folder, "backup.db");
    await backupDatabase(place, backup, now);
    await test.db.destroy();
    const { code, output } = await command("restore", backup);
    expect(code).toBe(0);
    expect(output).toContain("2 sessions, 1 reset links and 1 open invitations of the backup have ended.");
    test = { ...test, db: openDatabase(test.path) };
    expect(await test.db.selectFrom("session").select("id").execute()).toEqual([]);
    expect(await test.db.selectFrom("password_reset").select("token_hash").execute()).toEqual([]);
    const invitations = await test.db
      .selectFrom("invitation")
      .select(["id", "accepted_at", "revoked_at"])
      .orderBy("id")
      .execute();
    expect(invitations).toEqual([
      { id: "open", accepted_at: null, revoked_at: expect.any(Number) },
      { id: "used", accepted_at: 5, revoked_at: null },
    ]);
    const { after } = await test.db.selectFrom("audit_event").select("after").executeTakeFirstOrThrow();
    expect(JSON.parse(after ?? "")).toEqual({
      documents: 1,
      recoveringUntil: expect.any(Number),
      ended: { sessions: 2, resetLinks: 1, invitations: 1 },
    });
    expect((await command("verify")).code).toBe(0);
  });

  it("[W10] a recovery ends by command, beside whoever is connected, and is on record", async () => {
    const backup = join(test.folder, "backup.db");
    await backupDatabase(place, backup, now);
    await test.db.destroy();
    await restoreDatabase(place, backup, Date.now);
    test = { ...test, db: openDatabase(test.path) };
    await signInAgain();
    const log = await openUpdateLog({ path: test.path, now: Date.now });
    const { epoch } = await test.db.selectFrom("document").select("epoch").executeTakeFirstOrThrow();
    const source = await log.openSource({
      ...{ document: plan.number, epoch, lineage: plan.lineage, schemaNumber: 1, actorKind: "user" },
      ...{ userId: world.provider.userId, side: "provider", sessionId: world.provider.sessionId },
    });
    const bring = (client: number) =>
      log.append({ document: plan.number, source, at: 1, clientIds: [client], bytes: Uint8Array.of(0, 0) });
    expect(await bring(901)).toMatchObject({ ok: true });
    const finish = await command("restore", "--finish");
    expect(finish.output).toContain("The recovery of 1 documents has ended.");
    expect(await bring(902)).toEqual({ ok: false, refusal: { reason: "lease-refused" } });
    expect((await command("restore", "--finish")).output).toContain("No document was recovering.");
    await log.close();
    const ended = await test.db.selectFrom("audit_event").select("verb").orderBy("id").execute();
    expect(ended.map(({ verb }) => verb)).toEqual(["database.restored", "recovery.ended"]);
    expect((await command("verify")).code).toBe(0);
  });

  it("[W10] a recovery ends by itself, at its moment of the server's clock", async () => {
    const backup = join(test.folder, "backup.db");
    await backupDatabase(place, backup, now);
    await test.db.destroy();
    const restored = await restoreDatabase(place, backup, now);
    expect(restored).toMatchObject({ ok: true, recoveringUntil: now() + recoveryLastsMs });
    test = { ...test, db: openDatabase(test.path) };
    await signInAgain();
    let clock = now();
    const log = await openUpdateLog({ path: test.path, now: () => clock });
    const { epoch } = await test.db.selectFrom("document").select("epoch").executeTakeFirstOrThrow();
    const source = await log.openSource({
      ...{ document: plan.number, epoch, lineage: plan.lineage, schemaNumber: 1, actorKind: "user" },
      ...{ userId: world.provider.userId, side: "provider", sessionId: world.provider.sessionId },
    });
    // The row's own time says nothing: a page may have waited with it.
    const bring = (client: number) =>
      log.append({ document: plan.number, source, at: 1, clientIds: [client], bytes: Uint8Array.of(0, 0) });
    expect(await bring(901)).toMatchObject({ ok: true });
    clock = now() + recoveryLastsMs - 1;
    expect(await bring(902)).toMatchObject({ ok: true });
    clock += 1;
    expect(await bring(903)).toEqual({ ok: false, refusal: { reason: "lease-refused" } });
    await log.close();
    // There is nothing left to order.
    expect((await command("restore", "--finish")).output).toContain("No document was recovering.");
  });

  it("a backup through a running server holds every row acknowledged before it was asked for", async () => {
    const log = await openUpdateLog({ path: test.path, now });
    const door = await openAdminSocket({ dataFolder: test.folder, backup: (path) => log.backup(path) });
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
    const append = () =>
      log.append({ document: plan.number, source, at: 1, clientIds: [], bytes: new Uint8Array(200) });
    let isTyping = true;
    let acked = 0;
    const typing = (async () => {
      while (isTyping) {
        expect((await append()).ok).toBe(true);
        acked++;
      }
    })();
    for (let i = 0; i < 300; i++) await append();
    const ackedBefore = acked + 300;
    const { code, output } = await command("backup", join(test.folder, "live.db"));
    isTyping = false;
    await typing;
    expect(output).toContain("by the running server");
    expect(code).toBe(0);
    const verdict = await verifyDatabase(join(test.folder, "live.db"), noAnchors);
    expect(verdict.isWhole).toBe(true);
    expect(verdict.documents[0]?.headSeq).toBeGreaterThanOrEqual(ackedBefore + 1);
    console.log(
      `backup under typing: ${ackedBefore} acked before, ${(verdict.documents[0]?.headSeq ?? 0) - 1} in the copy, ${acked + 300} acked in all`,
    );
    const refused = await command("restore", join(test.folder, "live.db"));
    expect(refused.output).toContain("The server is running. Stop it first");
    expect(refused.code).toBe(1);
    await door.close();
    await log.close();
  });

  it("damaged backups are refused and nothing is changed", async () => {
    await type(["a", "b"]);
    const backup = join(test.folder, "backup.db");
    await backupDatabase(place, backup, now);
    expect(await backupDatabase(place, backup, now)).toMatchObject({ ok: false });
    const bytes = readFileSync(backup);
    writeFileSync(backup, bytes.subarray(0, bytes.length - 4096));
    await test.db.destroy();
    expect(await restoreDatabase(place, backup, now)).toMatchObject({ ok: false });
    expect(await textOf(test.path)).toBe("Design and install a networkab");
    test = { ...test, db: openDatabase(test.path) };
    expect((await command("restore")).output).toContain("Name the backup");
    expect((await command("backup")).output).toContain("Name the file");
  });

  it("a backup of a record with damaged rows is kept, and says that it is not whole", async () => {
    await type(["a", "b", "c"]);
    tamper("update log set bytes = zeroblob(length(bytes)) where seq = 3");
    const { code, output } = await command("backup", join(test.folder, "backup.db"));
    expect(output).toContain("The record in it is NOT whole");
    expect(code).toBe(1);
    expect(existsSync(join(test.folder, "backup.db"))).toBe(true);
  });

  it("backups and what is restored from them are closed to other users of the machine", async () => {
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    const backup = join(test.folder, "backup.db");
    expect((await command("backup", backup)).code).toBe(0);
    expect(modeOf(backup)).toBe("600");
    chmodSync(backup, 0o644);
    await test.db.destroy();
    expect((await command("restore", backup)).code).toBe(0);
    expect(modeOf(test.path)).toBe("600");
    test = { ...test, db: openDatabase(test.path) };
  });

  it("a backup takes the place of a database that cannot be read any more", async () => {
    await type(["a", "b"]);
    const backup = join(test.folder, "backup.db");
    await backupDatabase(place, backup, now);
    await test.db.destroy();
    for (const [kept, moved] of [
      [4_096, "damaged"],
      [0, "no database"],
    ] as const) {
      const bytes = readFileSync(test.path);
      writeFileSync(
        test.path,
        Buffer.concat([bytes.subarray(0, kept), Buffer.alloc(bytes.length - kept, 7)]),
      );
      const { code, output } = await command("restore", backup);
      expect(output, moved).toContain("What was there before is kept at");
      expect(code, moved).toBe(0);
      expect(await textOf(test.path)).toBe("Design and install a networkab");
    }
    test = { ...test, db: openDatabase(test.path) };
  });

  it("restoring is refused while anything else has the database open", async () => {
    const backup = join(test.folder, "backup.db");
    await backupDatabase(place, backup, now);
    expect(await restoreDatabase(place, backup, now)).toEqual({
      ok: false,
      sentence: "Another program has the database open. Close it first, then run this command again.",
    });
    expect(existsSync(anchorFile(test.folder))).toBe(true);
  });
});

describe("npm run purge", () => {
  it("[P1] leaves no byte of deleted text in any file, keeps the present text, its authors and a chain that verifies", async () => {
    const canary = "CANARY-8f2e61";
    const whole = await type([` ${canary}`, " for a school"]);
    await type([], plan, { at: whole.indexOf(canary), length: canary.length });
    const leftOver = whole.replace(canary, "");
    const email = `${world.provider.userId}@example.org`;
    const holding = () =>
      readdirSync(test.folder).filter(
        (name) => !name.endsWith(".sock") && readFileSync(join(test.folder, name)).includes(canary),
      );
    expect(holding().length).toBeGreaterThan(0);
    // The server was killed before search had come to the end.
    await test.db
      .insertInto("document_text")
      .values({ document_id: plan.id, seq: 3, body: whole, words: 7 })
      .execute();
    tamper(
      `insert into document_search (rowid, title, body) values (${plan.number}, 'Plan', '${whole}');
       insert into document_search (rowid, title, body) values (${plan.number + 1}, 'Another', 'and its words')`,
    );

    // A recovery that is under way would let browsers bring back what is erased.
    await test.db.updateTable("document").set({ recovering_until: Number.MAX_SAFE_INTEGER }).execute();
    await test.db.destroy();
    const { code, output } = await command("purge", "--document", plan.id, "--by", email);
    expect(output).toContain("Purged rows 1 to 4");
    expect(code).toBe(0);
    expect(holding()).toEqual([]);
    const terms = new Sqlite(test.path);
    terms.exec("create virtual table temp.terms using fts5vocab(main, document_search, row)");
    const wordsOf = "select count(*) from temp.terms where term in ('canary', '8f2e61', ?)";
    expect(terms.prepare(wordsOf).pluck().get("another")).toBe(1);
    terms.close();
    expect(await textOf(test.path)).toBe(leftOver);

    const verified = await command("verify");
    expect(verified.output).toContain(
      `${plan.id}  ok, 5 rows, rows 1 to 4 purged by Leader of the provider on `,
    );
    expect(verified.code).toBe(0);
    test = { ...test, db: openDatabase(test.path) };
    const after = await test.db
      .selectFrom("document")
      .select(["epoch", "recovering_until"])
      .executeTakeFirstOrThrow();
    expect(after.epoch).not.toBe(plan.epoch);
    expect(after.recovering_until).toBe(0);
    expect(await type([" again"])).toBe(`${leftOver} again`);
    const log = await openUpdateLog({ path: test.path, now });
    expect((await log.rows(plan.number, 1, 6)).map(({ seq, isIntact }) => [seq, isIntact])).toEqual([
      [5, true],
      [6, true],
    ]);
    await log.close();
  });

  it("[D26] takes the text from the rows where the checkpoint is damaged, and is refused where they do not hold it", async () => {
    const text = await type([" for", " a", " school"]);
    const order = { documentId: plan.id, by: `${world.provider.userId}@example.org`, at: 1 };
    const tryIt = async () => {
      await test.db.destroy();
      const outcome = await purgeDocument(place, order);
      test = { ...test, db: openDatabase(test.path) };
      return outcome;
    };
    const row = await test.db
      .selectFrom("log")
      .select("bytes")
      .where("seq", "=", 3)
      .executeTakeFirstOrThrow();
    tamper("update checkpoint set hash = null; update log set bytes = x'ffff' where seq = 3");
    expect(await tryIt()).toEqual({
      ok: false,
      sentence: expect.stringContaining(
        "Start the server, open the document, stop the server and try again.",
      ),
    });
    // An erasure that did not happen is not on record either.
    expect(await test.db.selectFrom("audit_event").select("verb").execute()).toEqual([]);
    await test.db.updateTable("log").set({ bytes: row.bytes }).where("seq", "=", 3).execute();
    expect(await tryIt()).toMatchObject({ ok: true, rows: 4, seq: 5 });
    expect(await textOf(test.path)).toBe(text);
    expect((await verifyDatabase(test.path, noAnchors)).damagedCheckpoints).toEqual([]);

    // What is left of the rows begins with the one that the purge wrote.
    tamper("update checkpoint set hash = null");
    expect(await textOf(test.path)).toBe(text);
    expect(await type([" again"])).toBe(`${text} again`);
    expect(await tryIt()).toMatchObject({ ok: true, rows: 6, seq: 7 });
    expect(await textOf(test.path)).toBe(`${text} again`);
  });

  it("[D26] is refused in a sentence where a row is missing, and leaves no word of itself on record", async () => {
    await type([" for", " a", " school"]);
    tamper("delete from log where seq = 3");
    const by = `${world.provider.userId}@example.org`;
    await test.db.destroy();
    expect(await purgeDocument(place, { documentId: plan.id, by, at: 1 })).toEqual({
      ok: false,
      sentence: expect.stringContaining(`Row 3 of ${plan.id} is missing`),
    });
    test = { ...test, db: openDatabase(test.path) };
    expect(await test.db.selectFrom("audit_event").select("verb").execute()).toEqual([]);
  });

  it("[P1] leaves no damaged checkpoint behind, whatever row it claims to stand at", async () => {
    await type([" for", " a", " school"]);
    await test.db.updateTable("checkpoint").set({ seq: 1_000_000 }).execute();
    await test.db.destroy();
    const by = `${world.provider.userId}@example.org`;
    expect(await purgeDocument(place, { documentId: plan.id, by, at: 1 })).toMatchObject({
      ok: true,
      seq: 5,
    });
    test = { ...test, db: openDatabase(test.path) };
    expect(await test.db.selectFrom("checkpoint").select("seq").execute()).toEqual([{ seq: 5 }]);
  });

  it("[D26] goes past rows that are damaged: they are erased with the rest", async () => {
    await type([" for", " a", " school"]);
    tamper("update log set bytes = x'ffff' where seq = 4");
    await test.db.destroy();
    const email = `${world.provider.userId}@example.org`;
    expect(await purgeDocument(place, { documentId: plan.id, by: email, at: 1 })).toMatchObject({
      ok: true,
      rows: 4,
      seq: 5,
    });
    expect(await textOf(test.path)).toBe("Design and install a network for a");
    test = { ...test, db: openDatabase(test.path) };
  });

  it("is refused in the name of anybody but an administrator or a leader of that partnership", async () => {
    const { userId } = world.provider;
    const order = { documentId: plan.id, by: `${userId}@example.org`, at: 1 };
    const refused = { ok: false, sentence: expect.stringContaining("may not order this") };
    const set = (table: "membership" | "user", change: object) =>
      test.db
        .updateTable(table)
        .set(change)
        .where(table === "user" ? "id" : ("user_id" as "id"), "=", userId)
        .execute();
    const tryIt = async () => {
      await test.db.destroy();
      const outcome = await purgeDocument(place, order);
      test = { ...test, db: openDatabase(test.path) };
      return outcome;
    };
    await set("membership", { role: "editor" });
    expect(await tryIt()).toEqual(refused);
    await set("membership", { role: "leader", status: "left" });
    expect(await tryIt()).toEqual(refused);
    expect(await textOf(test.path)).toBe("Design and install a network");
    await set("user", { is_programme_admin: 1, status: "suspended" });
    expect(await tryIt()).toMatchObject({ ok: false });
    await set("user", { status: "active" });
    expect(await tryIt()).toMatchObject({ ok: true });
  });

  it("is refused for unknown documents, without a name behind it, and beside a running server", async () => {
    const email = `${world.provider.userId}@example.org`;
    expect((await command("purge", "--document", plan.id)).output).toContain("who orders it");
    expect((await command("purge", "--document", plan.id, "--by", email)).output).toContain(
      "has the database open",
    );
    await test.db.destroy();
    const order = { documentId: plan.id, by: email, at: 1 };
    expect(await purgeDocument(place, { ...order, documentId: "none" })).toMatchObject({ ok: false });
    expect(await purgeDocument(place, { ...order, by: "nobody@example.org" })).toMatchObject({ ok: false });
    expect(await textOf(test.path)).toBe("Design and install a network");
    test = { ...test, db: openDatabase(test.path) };
  });
});

describe("a command that cannot use what it is given", () => {
  const tampered = (name: string, statement: string): string => {
    const path = join(test.folder, name);
    const sqlite = new Sqlite(path);
    sqlite.exec(statement);
    sqlite.close();
    return path;
  };
  /** Runs several, and gives what each said in its one line; a trace or another code fails. */
  async function sentencesOf(
    place: Readonly<Record<string, string>>,
    commands: readonly (readonly [string, ...string[]])[],
  ): Promise<readonly string[]> {
    const said: string[] = [];
    for (const [name, ...options] of commands) {
      const { code, output } = await commandAt(place, name, ...options);
      expect([name, code, output]).toEqual([name, 1, expect.stringMatching(/^.+\.\n$/)]);
      said.push(output.trim());
    }
    return said;
  }
  const target = () => join(test.folder, "never.db");
  const purge = ["purge", "--document", "x", "--by", "nobody@example.org"] as const;
  const readers = () => [["verify"], ["backup", target()], purge, ["restore", "--finish"]] as const;
  const all = () => [...readers(), ["migrate"], ["admin", "ann@college.example", "Ann"]] as const;
  const scripts = (commands: readonly (readonly [string, ...string[]])[]) =>
    commands.map(
      ([name, ...options]) => [name === "admin" ? "name-administrator" : name, ...options] as const,
    );

  it("answers words it does not know with how it is used", async () => {
    const [restore, purging] = await sentencesOf({}, [
      ["restore", "--everything"],
      ["purge", "--document"],
    ]);
    expect(restore).toMatch(
      /^Unknown option '--everything'\. Name the backup to bring back: npm run restore/,
    );
    expect(purging).toMatch(/argument missing\. Name the document and who orders it: npm run purge/);
  });

  it("says in a sentence that the database has not been migrated; after that the command goes on", async () => {
    const older = join(test.folder, "older.db");
    const db = openDatabase(older) as unknown as Kysely<unknown>;
    await groundFloor.up(db);
    await setAside.up(db);
    await db.destroy();
    tampered(
      "older.db",
      `attach '${test.path}' as ours;
       create table kysely_migration as select * from ours.kysely_migration where name < '0003';
       create table kysely_migration_lock as select * from ours.kysely_migration_lock`,
    );
    const place = { DATABASE_URL: `file:${older}` };
    expect(await sentencesOf(place, [["restore", "--finish"]])).toEqual([
      `The database ${older} is of an older release and has not been migrated. Make a backup, run npm run migrate, then this command again.`,
    ]);
    // What reads every released schema goes on: the backup that the sentence asks for is among them.
    expect((await commandAt(place, "backup", join(test.folder, "before.db"))).code).toBe(0);
    expect((await commandAt(place, "verify")).code).toBe(0);
    expect((await commandAt(place, "migrate")).output).toMatch(
      /^Applied: 0003_recovery_ends(, \d{4}_\w+)*\n$/,
    );
    expect((await commandAt(place, "restore", "--finish")).output).toBe("No document was recovering.\n");
  }, 120_000);

  it("says in a sentence that the database belongs to a newer release, or to somebody else", async () => {
    await test.db
      .insertInto("kysely_migration" as never)
      .values({ name: "9999_later", timestamp: "x" } as never)
      .execute();
    for (const sentence of await sentencesOf({}, scripts(all())))
      expect(sentence).toBe(
        `The database ${test.path} was used by a newer release. Run this command of that release.`,
      );
    const foreign = tampered("foreign.db", "create table recipes (name text)");
    const place = { DATABASE_URL: `file:${foreign}` };
    for (const sentence of await sentencesOf(place, [["verify"], ["restore", "--finish"], ["migrate"]]))
      expect(sentence).toBe(
        `The database ${foreign} holds nothing of Two-Way. Check DATA_DIR and DATABASE_URL.`,
      );
    expect(await sentencesOf({}, [["restore", foreign]])).toEqual([
      expect.stringContaining("Another program has the database open"),
    ]);
    await test.db.destroy();
    expect(await sentencesOf({}, [["restore", foreign]])).toEqual([
      "The copy holds nothing of Two-Way. Check DATA_DIR and DATABASE_URL. Nothing was changed.",
    ]);
    test = { ...test, db: openDatabase(test.path) };
    expect(existsSync(target())).toBe(false);
  }, 120_000);

  it("says in a sentence what is wrong with the folder or the file", async () => {
    const file = join(test.folder, "a-file");
    writeFileSync(file, "not a database, and long enough to be looked at as one. ".repeat(40));
    for (const sentence of await sentencesOf({ DATABASE_URL: `file:${file}` }, scripts(all())))
      expect(sentence).toContain(`The database ${file} is not a SQLite database. Move it away`);
    for (const sentence of await sentencesOf({ DATABASE_URL: `file:${test.folder}` }, [
      ["verify"],
      ["migrate"],
    ]))
      expect(sentence).toBe(`${test.folder} is not a file. Name the database with DATA_DIR or DATABASE_URL.`);
    for (const sentence of await sentencesOf({ DATA_DIR: join(test.folder, "none") }, readers()))
      expect(sentence).toBe(`There is no database at ${join(test.folder, "none", "two-way.db")}.`);
    for (const sentence of await sentencesOf(
      { DATA_DIR: file },
      scripts([["migrate"], ["restore", test.path]]),
    ))
      expect(sentence).toContain(`names ${file}, which is not a folder.`);
    // What is found out only at the end, by writing: the anchors' place is no folder.
    const { code, output } = await commandAt({ DATA_DIR: file, DATABASE_URL: `file:${test.path}` }, "verify");
    const last = `${join(file, "anchors.jsonl")} cannot be used: it lies in something that is not a folder.\n`;
    expect([code, output]).toEqual([1, expect.stringContaining(last)]);
    expect(output).not.toMatch(/^\s+at /m);
  }, 120_000);
});
