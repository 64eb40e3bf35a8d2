/** `npm run backup` and `npm run restore` against real files, as an operator runs them. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recoveryLastsMs } from "../../app/domain/recovery.ts";
import { MaintainedPlan, now } from "../testing/maintained-plan.ts";
import { insertPlanDocument } from "../testing/plan-fixture.ts";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";
import { openAdminSocket } from "./admin-socket.ts";
import { anchorFile, noAnchors, readAnchors } from "./anchors.ts";
import { backupDatabase, filesBeside, filesFolder } from "./backup-database.ts";
import { restoreDatabase } from "./restore-database.ts";
import { verifyDatabase } from "./verify-database.ts";

let kept: MaintainedPlan;
beforeEach(async () => {
  kept = await MaintainedPlan.open();
});
afterEach(() => kept.close());

describe("npm run backup and npm run restore", () => {
  it("[D5] bring back text and pictures, under a new epoch that takes in what browsers still hold", async () => {
    mkdirSync(filesFolder(kept.folder), { recursive: true });
    writeFileSync(join(filesFolder(kept.folder), "picture"), "pixels");
    const before = await kept.type([" for a school"]);
    const backup = join(kept.folder, "backup.db");
    expect(await backupDatabase(kept.place, backup, now)).toMatchObject({
      ok: true,
      documents: 1,
      throughServer: false,
    });
    expect(readFileSync(join(filesBeside(backup), "picture"), "utf8")).toBe("pixels");
    await kept.type([" and a bank"]);
    await kept.anchor();

    await kept.db.destroy();
    expect(await restoreDatabase(kept.place, backup, now)).toMatchObject({
      ok: true,
      documents: 1,
      damaged: 0,
    });
    expect(await kept.textOf(kept.path)).toBe(before);
    kept.reopen();
    await kept.signInAgain();
    const row = await kept.db
      .selectFrom("document")
      .select(["epoch", "recovering_until"])
      .executeTakeFirstOrThrow();
    expect(row.epoch).not.toBe(kept.plan.epoch);
    expect(row.recovering_until).toBe(now() + recoveryLastsMs);
    expect(readdirSync(kept.folder).some((name) => name.startsWith("two-way.db.before-restore-"))).toBe(true);
    // Anchors written after the backup do not call the rightly shorter log cut off.
    expect(await verifyDatabase(kept.path, readAnchors(kept.folder))).toMatchObject({ isWhole: true });
    expect(await kept.type([" again"])).toBe(`${before} again`);
  });

  it("[D26] a restore takes checkpoints along under the new epoch, and vouches for no damaged one", async () => {
    const other = await insertPlanDocument(kept.db, kept.world, "Another plan");
    await kept.db.updateTable("checkpoint").set({ at: 5 }).where("document", "=", other.number).execute();
    const backup = join(kept.folder, "backup.db");
    expect(await backupDatabase(kept.place, backup, now)).toMatchObject({ ok: true });
    await kept.db.destroy();
    expect(await restoreDatabase(kept.place, backup, now)).toMatchObject({ ok: true });
    expect((await verifyDatabase(kept.path, noAnchors)).damagedCheckpoints).toEqual([
      { documentId: other.id, seq: 1 },
    ]);
    const log = await openUpdateLog({ path: kept.path, now });
    expect(await log.load(kept.plan.id)).toMatchObject({ checkpoint: { seq: 1 }, damagedCheckpoints: [] });
    expect(await log.load(other.id)).toMatchObject({ checkpoint: { seq: 0 }, damagedCheckpoints: [1] });
    await log.close();
    expect(await kept.textOf(kept.path, other)).toBe("Another plan");
    kept.reopen();
  });

  it("[S11] a restore ends every session, reset link and open invitation, and says how many", async () => {
    const later = Number.MAX_SAFE_INTEGER;
    const { userId } = kept.world.provider;
    await kept.db
      .insertInto("password_reset")
      .values({ token_hash: "r", user_id: userId, created_at: 1, expires_at: later, used_at: null })
      .execute();
    for (const [id, accepted_at] of [
      ["open", null],
      ["used", 5],
    ] as const)
      await kept.db
        .insertInto("invitation")
        .values({
          ...{ id, token_hash: id, partnership_id: kept.world.partnershipId, email: `${id}@example.org` },
          ...{
            organisation_id: kept.world.organisationId,
            side: "provider",
            role: "leader",
            invited_by: userId,
          },
          ...{ created_at: 1, expires_at: later, accepted_at, revoked_at: null },
        })
        .execute();
    const backup = join(kept.folder, "backup.db");
    await backupDatabase(kept.place, backup, now);
    await kept.db.destroy();
    const { code, output } = await kept.command("restore", backup);
    expect(code).toBe(0);
    expect(output).toContain("2 sessions, 1 reset links and 1 open invitations of the backup have ended.");
    kept.reopen();
    expect(await kept.db.selectFrom("session").select("id").execute()).toEqual([]);
    expect(await kept.db.selectFrom("password_reset").select("token_hash").execute()).toEqual([]);
    const invitations = await kept.db
      .selectFrom("invitation")
      .select(["id", "accepted_at", "revoked_at"])
      .orderBy("id")
      .execute();
    expect(invitations).toEqual([
      { id: "open", accepted_at: null, revoked_at: expect.any(Number) },
      { id: "used", accepted_at: 5, revoked_at: null },
    ]);
    const { after } = await kept.db.selectFrom("audit_event").select("after").executeTakeFirstOrThrow();
    expect(JSON.parse(after ?? "")).toEqual({
      documents: 1,
      recoveringUntil: expect.any(Number),
      ended: { sessions: 2, resetLinks: 1, invitations: 1 },
    });
    expect((await kept.command("verify")).code).toBe(0);
  });

  it("[W10] a recovery ends by command, beside whoever is connected, and is on record", async () => {
    const backup = join(kept.folder, "backup.db");
    await backupDatabase(kept.place, backup, now);
    await kept.db.destroy();
    await restoreDatabase(kept.place, backup, Date.now);
    kept.reopen();
    await kept.signInAgain();
    const log = await openUpdateLog({ path: kept.path, now: Date.now });
    const { epoch } = await kept.db.selectFrom("document").select("epoch").executeTakeFirstOrThrow();
    const source = await log.openSource({
      ...{
        document: kept.plan.number,
        epoch,
        lineage: kept.plan.lineage,
        schemaNumber: 1,
        actorKind: "user",
      },
      ...{ userId: kept.world.provider.userId, side: "provider", sessionId: kept.world.provider.sessionId },
    });
    const bring = (client: number) =>
      log.append({
        document: kept.plan.number,
        source,
        at: 1,
        clientIds: [client],
        bytes: Uint8Array.of(0, 0),
      });
    expect(await bring(901)).toMatchObject({ ok: true });
    const finish = await kept.command("restore", "--finish");
    expect(finish.output).toContain("The recovery of 1 documents has ended.");
    expect(await bring(902)).toEqual({ ok: false, refusal: { reason: "lease-refused" } });
    expect((await kept.command("restore", "--finish")).output).toContain("No document was recovering.");
    await log.close();
    const ended = await kept.db.selectFrom("audit_event").select("verb").orderBy("id").execute();
    expect(ended.map(({ verb }) => verb)).toEqual(["database.restored", "recovery.ended"]);
    expect((await kept.command("verify")).code).toBe(0);
  });

  it("[W10] a recovery ends by itself, at its moment of the server's clock", async () => {
    const backup = join(kept.folder, "backup.db");
    await backupDatabase(kept.place, backup, now);
    await kept.db.destroy();
    const restored = await restoreDatabase(kept.place, backup, now);
    expect(restored).toMatchObject({ ok: true, recoveringUntil: now() + recoveryLastsMs });
    kept.reopen();
    await kept.signInAgain();
    let clock = now();
    const log = await openUpdateLog({ path: kept.path, now: () => clock });
    const { epoch } = await kept.db.selectFrom("document").select("epoch").executeTakeFirstOrThrow();
    const source = await log.openSource({
      ...{
        document: kept.plan.number,
        epoch,
        lineage: kept.plan.lineage,
        schemaNumber: 1,
        actorKind: "user",
      },
      ...{ userId: kept.world.provider.userId, side: "provider", sessionId: kept.world.provider.sessionId },
    });
    // The row's own time says nothing: a page may have waited with it.
    const bring = (client: number) =>
      log.append({
        document: kept.plan.number,
        source,
        at: 1,
        clientIds: [client],
        bytes: Uint8Array.of(0, 0),
      });
    expect(await bring(901)).toMatchObject({ ok: true });
    clock = now() + recoveryLastsMs - 1;
    expect(await bring(902)).toMatchObject({ ok: true });
    clock += 1;
    expect(await bring(903)).toEqual({ ok: false, refusal: { reason: "lease-refused" } });
    await log.close();
    // There is nothing left to order.
    expect((await kept.command("restore", "--finish")).output).toContain("No document was recovering.");
  });

  it("a backup through a running server holds every row acknowledged before it was asked for", async () => {
    const log = await openUpdateLog({ path: kept.path, now });
    const door = await openAdminSocket({ dataFolder: kept.folder, backup: (path) => log.backup(path) });
    const source = await log.openSource({
      document: kept.plan.number,
      epoch: kept.plan.epoch,
      lineage: kept.plan.lineage,
      schemaNumber: 1,
      actorKind: "server",
      userId: kept.world.provider.userId,
      side: null,
      sessionId: null,
    });
    const append = () =>
      log.append({ document: kept.plan.number, source, at: 1, clientIds: [], bytes: new Uint8Array(200) });
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
    const { code, output } = await kept.command("backup", join(kept.folder, "live.db"));
    isTyping = false;
    await typing;
    expect(output).toContain("by the running server");
    expect(code).toBe(0);
    const verdict = await verifyDatabase(join(kept.folder, "live.db"), noAnchors);
    expect(verdict.isWhole).toBe(true);
    expect(verdict.documents[0]?.headSeq).toBeGreaterThanOrEqual(ackedBefore + 1);
    console.log(
      `backup under typing: ${ackedBefore} acked before, ${(verdict.documents[0]?.headSeq ?? 0) - 1} in the copy, ${acked + 300} acked in all`,
    );
    const refused = await kept.command("restore", join(kept.folder, "live.db"));
    expect(refused.output).toContain("The server is running. Stop it first");
    expect(refused.code).toBe(1);
    await door.close();
    await log.close();
  });

  it("damaged backups are refused and nothing is changed", async () => {
    await kept.type(["a", "b"]);
    const backup = join(kept.folder, "backup.db");
    await backupDatabase(kept.place, backup, now);
    expect(await backupDatabase(kept.place, backup, now)).toMatchObject({ ok: false });
    const bytes = readFileSync(backup);
    writeFileSync(backup, bytes.subarray(0, bytes.length - 4096));
    await kept.db.destroy();
    expect(await restoreDatabase(kept.place, backup, now)).toMatchObject({ ok: false });
    expect(await kept.textOf(kept.path)).toBe("Design and install a networkab");
    kept.reopen();
    expect((await kept.command("restore")).output).toContain("Name the backup");
    expect((await kept.command("backup")).output).toContain("Name the file");
  });

  it("a backup of a record with damaged rows is kept, and says that it is not whole", async () => {
    await kept.type(["a", "b", "c"]);
    kept.tamper("update log set bytes = zeroblob(length(bytes)) where seq = 3");
    const { code, output } = await kept.command("backup", join(kept.folder, "backup.db"));
    expect(output).toContain("The record in it is NOT whole");
    expect(code).toBe(1);
    expect(existsSync(join(kept.folder, "backup.db"))).toBe(true);
  });

  it("backups and what is restored from them are closed to other users of the machine", async () => {
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    const backup = join(kept.folder, "backup.db");
    expect((await kept.command("backup", backup)).code).toBe(0);
    expect(modeOf(backup)).toBe("600");
    chmodSync(backup, 0o644);
    await kept.db.destroy();
    expect((await kept.command("restore", backup)).code).toBe(0);
    expect(modeOf(kept.path)).toBe("600");
    kept.reopen();
  });

  it("a backup takes the place of a database that cannot be read any more", async () => {
    await kept.type(["a", "b"]);
    const backup = join(kept.folder, "backup.db");
    await backupDatabase(kept.place, backup, now);
    await kept.db.destroy();
    for (const [intact, what] of [
      [4_096, "damaged"],
      [0, "no database"],
    ] as const) {
      const bytes = readFileSync(kept.path);
      writeFileSync(
        kept.path,
        Buffer.concat([bytes.subarray(0, intact), Buffer.alloc(bytes.length - intact, 7)]),
      );
      const { code, output } = await kept.command("restore", backup);
      expect(output, what).toContain("What was there before is kept at");
      expect(code, what).toBe(0);
      expect(await kept.textOf(kept.path)).toBe("Design and install a networkab");
    }
    kept.reopen();
  });

  it("restoring is refused while anything else has the database open", async () => {
    const backup = join(kept.folder, "backup.db");
    await backupDatabase(kept.place, backup, now);
    expect(await restoreDatabase(kept.place, backup, now)).toEqual({
      ok: false,
      sentence: "Another program has the database open. Close it first, then run this command again.",
    });
    expect(existsSync(anchorFile(kept.folder))).toBe(true);
  });
});
