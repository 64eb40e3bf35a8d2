/**
 * Migrations: a fixed list rather than a folder scan, so that a built or bundled copy
 * cannot miss one. Forward only; a released migration is never edited.
 */
import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import * as groundFloor from "./migrations/0001_ground_floor.ts";
import * as setAside from "./migrations/0002_set_aside.ts";
import * as recoveryEnds from "./migrations/0003_recovery_ends.ts";
import type { Schema } from "./schema.ts";

const migrations = {
  "0001_ground_floor": groundFloor,
  "0002_set_aside": setAside,
  "0003_recovery_ends": recoveryEnds,
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
