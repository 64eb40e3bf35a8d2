import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noAnchors } from "../maintenance/anchors.ts";
import { verifyDatabase } from "../maintenance/verify-database.ts";
import { buildIoShim } from "../testing/io-shim.ts";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import {
  insertPlanDocument,
  insertPlanWorld,
  type PlanDocument,
  type PlanWorld,
} from "../testing/plan-fixture.ts";
import { openUpdateLog } from "./sqlite-update-log.ts";

let test: TestDatabase;
let world: PlanWorld;
let plan: PlanDocument;
beforeEach(async () => {
  test = await openTestDatabase();
  world = await insertPlanWorld(test.db);
  plan = await insertPlanDocument(test.db, world);
});
afterEach(() => test.close());

async function openLogAndSource() {
  const log = await openUpdateLog({ path: test.path, now: () => 1 });
  const source = await log.openSource({
    document: plan.number,
    epoch: plan.epoch,
    lineage: plan.lineage,
    schemaNumber: 1,
    actorKind: "user",
    userId: world.provider.userId,
    side: "provider",
    sessionId: world.provider.sessionId,
  });
  return { log, source };
}
const rowOf = (source: number, text = "x") => ({
  document: plan.number,
  source,
  at: 1,
  clientIds: [],
  bytes: Buffer.from(text),
});

/** A file system of 32 MB for the test alone, or null where this machine does not let us. */
function mountSmall(folder: string): { unmount(): void } | null {
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], { stdio: "ignore" });
    return { unmount: () => execFileSync("umount", [folder]) };
  } catch {
    return null;
  }
}

describe("a full disk", () => {
  it("[D13] [B5] 50 times: no ack without room, reading goes on, writing goes on by itself when there is room", async () => {
    const [trials, seed] = [50, 20150512];
    const { log, source } = await openLogAndSource();
    await log.close();
    await test.db.destroy();
    const small = join(test.folder, "small");
    const mounted = mountSmall(small);
    try {
      cpSync(test.path, join(small, "two-way.db"));
      const child = join(import.meta.dirname, "..", "testing", "full-disk-process.ts");
      const shim = mounted ? {} : { ...buildIoShim(test.folder), IO_FULL: join(small, "full") };
      const how = mounted ? "ballast" : "flag";
      const output = execFileSync(
        process.execPath,
        [child, join(small, "two-way.db"), `${plan.number}`, `${source}`, `${trials}`, `${seed}`, how],
        { env: { ...process.env, ...shim }, encoding: "utf8" },
      );
      const found = JSON.parse(output);
      console.log(
        `[D13] [B5] ${trials} trials, seed ${seed}, ${mounted ? "on a file system of 32 MB" : "with ENOSPC by a shim (no right to mount)"}: ${output.trim()}`,
      );
      expect(found).toMatchObject({
        falseAcks: 0,
        lost: 0,
        damaged: 0,
        unasked: 0,
        wrongReasons: [],
        recovered: trials,
        readsWhileFull: trials,
      });
      // The refusal that told us the disk is full, then 3 lone rows and 5 in a burst.
      expect(found.refusals).toBe(trials * 9);
      expect(await verifyDatabase(join(small, "two-way.db"), noAnchors)).toMatchObject({ isWhole: true });
      const sqlite = new Sqlite(join(small, "two-way.db"), { readonly: true });
      expect(sqlite.pragma("integrity_check", { simple: true })).toBe("ok");
      sqlite.close();
    } finally {
      mounted?.unmount();
    }
  });
});

describe("a locked database", () => {
  it("[D9] 50 appends wait without stopping this thread or the log's readers, and all arrive", async () => {
    const { log, source } = await openLogAndSource();
    const other = new Sqlite(test.path);
    other.exec("begin immediate");
    let answered = 0;
    const waiting = Array.from({ length: 50 }, (_, i) =>
      log.append(rowOf(source, `letter ${i}`)).then((result) => {
        answered++;
        return result;
      }),
    );
    // Witnesses: this loop turns, and the writer's own thread answers readers, while the lock is held.
    let turns = 0;
    for (; turns < 1_000; turns++) await new Promise((next) => setImmediate(next));
    let loads = 0;
    for (; loads < 50; loads++) expect((await log.load(plan.id))?.headSeq).toBe(1);
    expect(answered).toBe(0);
    other.exec("rollback");
    const results = await Promise.all(waiting);
    expect(results.map((result) => (result.ok ? result.value.seq : 0))).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 2),
    );
    console.log(
      `[D9] lock held: ${turns} turns of the loop, ${loads} loads answered, 50 of 50 rows arrived after`,
    );
    other.close();
    await log.close();
  });

  it("[D9] after 5 seconds the rows are answered as not stored, and the log goes on when the lock is gone", async () => {
    const { log, source } = await openLogAndSource();
    const other = new Sqlite(test.path);
    other.exec("begin immediate");
    const refusing = log.append(rowOf(source));
    await new Promise((next) => setImmediate(next));
    // What the same page sent next stands on the first: it must not be stored without it.
    const behind = log.append(rowOf(source, "next"));
    expect(await refusing).toMatchObject({ ok: false, refusal: { reason: "storage" } });
    other.exec("rollback");
    expect(await behind).toMatchObject({ ok: false, refusal: { reason: "storage" } });
    other.exec("begin immediate");
    await expect(
      log.lease({
        lineage: plan.lineage,
        clientIds: [5],
        userId: world.provider.userId,
        side: null,
        sessionId: null,
        at: 1,
      }),
    ).rejects.toThrow("locked");
    other.exec("rollback");
    other.close();
    expect(await log.append(rowOf(source))).toMatchObject({ ok: true, value: { seq: 2 } });
    expect(await verifyDatabase(test.path, noAnchors)).toMatchObject({ isWhole: true });
    await log.close();
  });

  it("[D13] what the tables refuse for no known reason is a rejection, takes no row along, and the log goes on", async () => {
    const { log, source } = await openLogAndSource();
    await log.append(rowOf(source, "before"));
    const other = new Sqlite(test.path);
    other.exec("create trigger no_more_rows before insert on log begin select raise(abort, 'x'); end");
    await expect(log.append(rowOf(source))).rejects.toThrow("The log's writer failed");
    other.exec("drop trigger no_more_rows");
    other.close();
    expect((await log.load(plan.id))?.tail).toHaveLength(1);
    expect(await log.append(rowOf(source))).toMatchObject({ ok: true, value: { seq: 3 } });
    await log.close();
  });
});
