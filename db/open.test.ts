/** One contract for both ways of opening the database: on this thread, and in a worker. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open.ts";
import { openDatabaseInWorker } from "./open-in-worker.ts";
import type { Schema } from "./schema.ts";
import { isSoundSqlite, refuseCorruptingSqlite } from "./sqlite-version.ts";

const waysToOpen = [
  ["on this thread", openDatabase],
  ["in a worker", openDatabaseInWorker],
] as const;

describe.each(waysToOpen)("a database opened %s", (_name, open) => {
  let folder: string;
  let path: string;
  let db: Kysely<Schema>;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "two-way-open-"));
    path = join(folder, "two-way.db");
    db = open(path);
    await migrate(db);
  });
  afterEach(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const setting = (name: string) =>
    db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst();

  it("[D23] carries an SQLite that does not corrupt its write-ahead log (3.51.3 or newer)", async () => {
    const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
    const version = rows[0]?.version ?? "none";
    console.log(`sqlite_version() = ${version}`);
    expect(isSoundSqlite(version)).toBe(true);
    expect(["3.51.2", "3.50.4", "3.9.9"].filter(isSoundSqlite)).toEqual([]);
    await refuseCorruptingSqlite(db);
  });

  it("keeps its promises about the disk: WAL, full synchronisation, foreign keys, no mmap", async () => {
    const pragma = async (name: string) =>
      Object.values((await sql.raw(`pragma ${name}`).execute(db)).rows[0] as object)[0];
    expect(await pragma("journal_mode")).toBe("wal");
    expect(await pragma("synchronous")).toBe(2);
    expect(await pragma("foreign_keys")).toBe(1);
    expect(await pragma("mmap_size")).toBe(0);
  });

  it("counts what a statement changed and gives the new row's number", async () => {
    const { numInsertedOrUpdatedRows, insertId } = await db
      .insertInto("follower")
      .values({ name: "authorship", log_id: 7, at: 1 })
      .executeTakeFirstOrThrow();
    expect(numInsertedOrUpdatedRows).toBe(1n);
    expect(insertId).toBeTypeOf("bigint");
    const updated = await db
      .updateTable("follower")
      .set({ log_id: 8 })
      .where("log_id", "=", 9)
      .executeTakeFirst();
    expect(updated.numUpdatedRows).toBe(0n);
    const returned = await db.deleteFrom("follower").returning("log_id").execute();
    expect(returned).toEqual([{ log_id: 7 }]);
  });

  it("stores bytes and gives them back as a Uint8Array, also from a slice of something larger", async () => {
    const bytes = new Uint8Array([9, 9, 0, 1, 255, 9]).subarray(2, 5);
    await db.insertInto("log_key").values({ document: 1, from_seq: 1, key: bytes }).execute();
    const { key } = await db.selectFrom("log_key").select("key").executeTakeFirstOrThrow();
    expect(key).toBeInstanceOf(Uint8Array);
    expect([...key]).toEqual([0, 1, 255]);
  });

  it("keeps a transaction whole: a throw takes everything back", async () => {
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto("setting").values({ name: "half", value: "done" }).execute();
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await setting("half")).toBeUndefined();
  });

  it("[D13] names the disk's fault where SQLite has ended the transaction by itself", async () => {
    const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    const failing = db.transaction().execute(async (trx) => {
      await trx.insertInto("setting").values({ name: "half", value: "done" }).execute();
      await sql`rollback`.execute(trx);
      throw full;
    });
    await expect(failing).rejects.toBe(full);
    await db
      .transaction()
      .execute((trx) => trx.insertInto("setting").values({ name: "next", value: "1" }).execute());
    expect(await setting("half")).toBeUndefined();
    expect((await setting("next"))?.value).toBe("1");
  });

  it("keeps other queries out of an open transaction", async () => {
    const seen: string[] = [];
    const first = db.transaction().execute(async (trx) => {
      await trx.insertInto("setting").values({ name: "order", value: "1" }).execute();
      seen.push("written");
      await trx.updateTable("setting").set({ value: "2" }).where("name", "=", "order").execute();
      seen.push("changed");
    });
    const second = setting("order").then((row) => seen.push(`read ${row?.value}`));
    await Promise.all([first, second]);
    expect(seen).toEqual(["written", "changed", "read 2"]);
  });

  it("keeps many transactions begun at once apart, whichever of them fail", async () => {
    await db.insertInto("setting").values({ name: "count", value: "0" }).execute();
    const seen: (string | undefined)[] = [];
    const raise = (fails: boolean) =>
      db.transaction().execute(async (trx) => {
        const { value } = await trx
          .selectFrom("setting")
          .select("value")
          .where("name", "=", "count")
          .executeTakeFirstOrThrow();
        await trx.updateTable("setting").set({ value: "half" }).where("name", "=", "count").execute();
        await trx
          .updateTable("setting")
          .set({ value: String(Number(value) + 1) })
          .where("name", "=", "count")
          .execute();
        if (fails) throw new Error("changed my mind");
      });
    const raising = Promise.allSettled(Array.from({ length: 20 }, (_, index) => raise(index % 5 === 0)));
    for (let reading = 0; reading < 100; reading += 1) seen.push((await setting("count"))?.value);
    const outcomes = await raising;
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(4);
    expect((await setting("count"))?.value).toBe("16");
    expect(seen).toHaveLength(100);
    expect(seen.filter((value) => !/^\d+$/.test(value ?? ""))).toEqual([]);
  });

  it("goes on after a transaction that could not begin", async () => {
    const other = open(path);
    try {
      await sql`pragma busy_timeout = 0`.execute(db);
      await other.transaction().execute(async (trx) => {
        await trx.insertInto("setting").values({ name: "theirs", value: "1" }).execute();
        const mine = db.transaction().execute((own) => own.selectFrom("setting").select("name").execute());
        await expect(mine).rejects.toMatchObject({ code: "SQLITE_BUSY" });
      });
      await db
        .transaction()
        .execute((own) => own.insertInto("setting").values({ name: "mine", value: "1" }).execute());
      expect((await setting("mine"))?.value).toBe("1");
    } finally {
      await other.destroy();
    }
  });

  it("begins transactions at once as writers, so that a read before the write does not fail", async () => {
    const other = open(path);
    try {
      await sql`select 1`.execute(other);
      await db.transaction().execute(async (trx) => {
        await trx.selectFrom("setting").select("name").execute();
        await sql`pragma busy_timeout = 0`.execute(other);
        await expect(
          other.insertInto("setting").values({ name: "other", value: "1" }).execute(),
        ).rejects.toMatchObject({ code: "SQLITE_BUSY" });
        await trx.insertInto("setting").values({ name: "mine", value: "1" }).execute();
      });
      expect((await setting("mine"))?.value).toBe("1");
    } finally {
      await other.destroy();
    }
  });

  it("says what SQLite refused, with its code", async () => {
    await db.insertInto("setting").values({ name: "demo", value: "yes" }).execute();
    const again = db.insertInto("setting").values({ name: "demo", value: "no" }).execute();
    await expect(again).rejects.toMatchObject({
      name: "SqliteError",
      code: "SQLITE_CONSTRAINT_PRIMARYKEY",
      message: "UNIQUE constraint failed: setting.name",
    });
    await expect(sql`select nothing from nowhere`.execute(db)).rejects.toMatchObject({
      code: "SQLITE_ERROR",
    });
    expect((await setting("demo"))?.value).toBe("yes");
  });

  it("refuses a file that is no database, and stays closed once it is closed", async () => {
    await db.destroy();
    await expect(setting("demo")).rejects.toThrow();
    await expect(async () => {
      const wrong = open(folder);
      await sql`select 1`.execute(wrong);
    }).rejects.toThrow();
  });
});

describe("the database's own thread", () => {
  it("leaves this thread free while a transaction waits for a lock that another holds", async () => {
    const folder = mkdtempSync(join(tmpdir(), "two-way-open-"));
    const path = join(folder, "two-way.db");
    const db = openDatabaseInWorker(path);
    const holder = openDatabase(path);
    try {
      await migrate(db);
      const turns: string[] = [];
      await holder.transaction().execute(async (trx) => {
        await trx.insertInto("setting").values({ name: "held", value: "1" }).execute();
        const waiting = db
          .insertInto("setting")
          .values({ name: "waited", value: "1" })
          .execute()
          .then(() => turns.push("written"));
        // This thread still turns: 100 rounds of its loop pass while the other waits.
        for (let round = 0; round < 100; round += 1) await new Promise((resolve) => setImmediate(resolve));
        turns.push("100 rounds");
        void waiting;
      });
      await db.selectFrom("setting").select("name").execute();
      expect(turns).toEqual(["100 rounds", "written"]);
    } finally {
      await holder.destroy();
      await db.destroy();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
