import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recoveryLastsMs } from "../app/domain/recovery.ts";
import { migrate } from "./migrate.ts";
import * as groundFloor from "./migrations/0001_ground_floor.ts";
import { openDatabase } from "./open.ts";
import { openTestDatabase, type TestDatabase } from "./testing/open-test-database.ts";

describe("migrations", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.close());

  it("are applied once; a second start finds nothing to do", async () => {
    expect(await migrate(test.db)).toEqual([]);
  });

  it("leave a database whose foreign keys hold", async () => {
    const { rows } = await sql`pragma foreign_key_check`.execute(test.db);
    expect(rows).toEqual([]);
  });

  it("[W10] give a recovery that was under way an end, and no other document one", async () => {
    const folder = mkdtempSync(join(tmpdir(), "two-way-migrate-"));
    const db = openDatabase(join(folder, "two-way.db"));
    const asBefore = async () => ({ "0001_ground_floor": groundFloor });
    await new Migrator({ db, provider: { getMigrations: asBefore } }).migrateToLatest();
    await sql`pragma foreign_keys = off`.execute(db);
    for (const [id, isRecovering] of [
      ["recovering", 1],
      ["at peace", 0],
    ] as const)
      await sql`
        insert into document
          (id, partnership_id, kind, title, lineage_id, epoch, schema_number, is_recovering, created_by, created_at)
        values (${id}, 'p', 'page', ${id}, 'l', 'e', 1, ${isRecovering}, 'u', 0)`.execute(db);
    const before = Date.now();
    expect(await migrate(db)).toEqual(["0002_set_aside", "0003_recovery_ends"]);
    const documents = await db
      .selectFrom("document")
      .select(["id", "recovering_until"])
      .orderBy("id")
      .execute();
    expect(documents).toEqual([
      { id: "at peace", recovering_until: 0 },
      { id: "recovering", recovering_until: expect.any(Number) },
    ]);
    // SQLite's clock counts whole seconds.
    const until = documents[1]?.recovering_until ?? 0;
    expect(until).toBeGreaterThan(before + recoveryLastsMs - 1_000);
    expect(until).toBeLessThanOrEqual(Date.now() + recoveryLastsMs);
    await db.destroy();
    rmSync(folder, { recursive: true });
  });
});
