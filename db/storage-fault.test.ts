/** Reading goes on while nothing can be written, and a fault of the disk is told from a bug. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { type Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DocumentId, SessionId, UserId } from "../app/domain/ids.ts";
import { migrate } from "./migrate.ts";
import { openDatabaseInWorker } from "./open-in-worker.ts";
import { recordVisit } from "./queries/documents.ts";
import { touchSession } from "./queries/sessions.ts";
import type { Schema } from "./schema.ts";
import { isStorageFault } from "./storage-fault.ts";

describe("a database that cannot be written", () => {
  let folder: string;
  let db: Kysely<Schema>;
  let other: Sqlite.Database;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "two-way-fault-"));
    db = openDatabaseInWorker(join(folder, "two-way.db"));
    await migrate(db);
    other = new Sqlite(join(folder, "two-way.db"));
  });
  afterEach(async () => {
    other.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const looks = (what: { at: number }) =>
    recordVisit(db, randomUUID() as UserId, randomUUID() as DocumentId, what.at);
  const busyTimeout = async () =>
    (await sql<{ timeout: number }>`pragma busy_timeout`.execute(db)).rows[0]?.timeout;

  it("[D13] lets people read while another process holds the file: notes beside the way are left out", async () => {
    other.exec("begin immediate");
    const startedAt = performance.now();
    await looks({ at: 1 });
    await touchSession(db, randomUUID() as SessionId, 1);
    expect(await db.selectFrom("setting").select("name").execute()).toEqual(expect.any(Array));
    console.log(`two notes and a page read under a lock: ${Math.round(performance.now() - startedAt)} ms`);
    expect(await db.selectFrom("visit").select("at").execute()).toEqual([]);
    // A real change goes on waiting as long as it is worth.
    expect(await busyTimeout()).toBe(5000);
    other.exec("rollback");
  });

  it("[D13] lets people read while the file is read-only", async () => {
    await sql`pragma query_only = on`.execute(db);
    await looks({ at: 1 });
    await touchSession(db, randomUUID() as SessionId, 1);
    expect(await db.selectFrom("visit").select("at").execute()).toEqual([]);
    await sql`pragma query_only = off`.execute(db);
  });

  it("tells a full, locked, read-only or broken file from a bug", async () => {
    const coded = (code: unknown) => Object.assign(new Error("said SQLite"), { code });
    for (const code of ["FULL", "BUSY", "BUSY_SNAPSHOT", "LOCKED", "READONLY", "IOERR_WRITE", "CANTOPEN"])
      expect([code, isStorageFault(coded(`SQLITE_${code}`))]).toEqual([code, true]);
    for (const code of ["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_ERROR", "ENOSPC_NOT", 5, undefined])
      expect([code, isStorageFault(coded(code))]).toEqual([code, false]);
    expect(isStorageFault("SQLITE_FULL")).toBe(false);
  });

  it("does not take a bug for a fault of the disk, even in a note beside the way", async () => {
    await sql`drop table visit`.execute(db);
    await expect(looks({ at: 1 })).rejects.toMatchObject({ code: "SQLITE_ERROR" });
  });
});
