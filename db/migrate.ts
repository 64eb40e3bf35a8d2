/**
 * Migrations: a fixed list rather than a folder scan, so that a built or bundled copy
 * cannot miss one. Forward only; a released migration is never edited.
 */
import type { Database as Sqlite } from "better-sqlite3";
import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import * as groundFloor from "./migrations/0001_ground_floor.ts";
import * as setAside from "./migrations/0002_set_aside.ts";
import * as recoveryEnds from "./migrations/0003_recovery_ends.ts";
import * as checkpointHash from "./migrations/0004_checkpoint_hash.ts";
import * as checkpointPieces from "./migrations/0005_checkpoint_pieces.ts";
import * as archiveHash from "./migrations/0006_archive_hash.ts";
import type { Schema } from "./schema.ts";

const migrations = {
  "0001_ground_floor": groundFloor,
  "0002_set_aside": setAside,
  "0003_recovery_ends": recoveryEnds,
  "0004_checkpoint_hash": checkpointHash,
  "0005_checkpoint_pieces": checkpointPieces,
  "0006_archive_hash": archiveHash,
};

/** Brings the database to the newest schema; throws with the migration's name when one fails. */
export async function migrate(db: Kysely<Schema>): Promise<readonly string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error) {
    const failed = results?.find((result) => result.status === "Error")?.migrationName ?? "unknown";
    throw new Error(`Migration ${failed} failed`, { cause: error });
  }
  return (results ?? []).map((result) => result.migrationName);
}

/**
 * How the schema of a database stands to this program's. Foreign: no migration of ours was
 * ever run on it, and it is not empty; what is empty is older, because it may be migrated.
 */
export function schemaAge(sqlite: Sqlite): "present" | "older" | "newer" | "foreign" {
  const tables = sqlite
    .prepare("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all() as string[];
  if (!tables.includes("kysely_migration")) return tables.length === 0 ? "older" : "foreign";
  const done = sqlite.prepare("select name from kysely_migration").pluck().all() as string[];
  const known = Object.keys(migrations);
  if (done.some((name) => !known.includes(name))) return "newer";
  return known.every((name) => done.includes(name)) ? "present" : "older";
}
