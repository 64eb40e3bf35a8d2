import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { recoveryLastsMs } from "../app/domain/recovery.ts";
import { verifyDerived } from "./maintenance/verify-derived.ts";
import { migrate } from "./migrate.ts";
import * as groundFloor from "./migrations/0001_ground_floor.ts";
import * as setAside from "./migrations/0002_set_aside.ts";
import * as recoveryEnds from "./migrations/0003_recovery_ends.ts";
import { openDatabase } from "./open.ts";
import { openTestDatabase, type TestDatabase } from "./testing/open-test-database.ts";
import { textUpdate } from "./testing/plan-fixture.ts";

/** The schema as it was before checkpoints had hashes. */
const before0004 = {
  "0001_ground_floor": groundFloor,
  "0002_set_aside": setAside,
  "0003_recovery_ends": recoveryEnds,
};

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
    expect(await migrate(db)).toEqual([
      "0002_set_aside",
      "0003_recovery_ends",
      "0004_checkpoint_hash",
      "0005_checkpoint_pieces",
      "0006_archive_hash",
    ]);
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

  it("[D26] give checkpoints and archives from before a hash, but none to a checkpoint whose parts do not fit each other", async () => {
    const folder = mkdtempSync(join(tmpdir(), "two-way-migrate-"));
    const path = join(folder, "two-way.db");
    const db = openDatabase(path);
    await new Migrator({ db, provider: { getMigrations: async () => before0004 } }).migrateToLatest();
    await sql`pragma foreign_keys = off`.execute(db);
    const state = textUpdate("A plan", 7);
    const stateVector = Y.encodeStateVectorFromUpdate(state);
    const plans = [
      { id: "whole", epoch: "e", state, stateVector },
      { id: "cut short", epoch: "e", state: state.subarray(0, -3), stateVector },
      { id: "of another document", epoch: "e", state, stateVector: Uint8Array.of(1, 8, 6) },
      { id: "of another epoch", epoch: "f", state, stateVector },
    ];
    for (const [index, plan] of plans.entries()) {
      await sql`
        insert into document
          (number, id, partnership_id, kind, title, lineage_id, epoch, schema_number, created_by, created_at)
        values (${index + 1}, ${plan.id}, 'p', 'page', ${plan.id}, 'l', 'e', 1, 'u', 0)`.execute(db);
      await sql`
        insert into checkpoint (document, seq, epoch, log_id, state, state_vector, delete_set, at)
        values (${index + 1}, 1, ${plan.epoch}, 1, ${plan.state}, ${plan.stateVector}, x'00', 0)`.execute(db);
    }
    await sql`insert into archive (document, seq, epoch, log_id, state, at) values (1, 1, 'e', 1, x'01', 0)`.execute(
      db,
    );
    await migrate(db);
    await db.destroy();
    const sqlite = new Sqlite(path);
    expect(verifyDerived(sqlite).damagedArchives).toEqual([]);
    expect(verifyDerived(sqlite).damagedCheckpoints).toEqual([
      { documentId: "cut short", seq: 1 },
      { documentId: "of another document", seq: 1 },
      { documentId: "of another epoch", seq: 1 },
    ]);
    sqlite.close();
    rmSync(folder, { recursive: true });
  });
});
