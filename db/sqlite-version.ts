/**
 * Which SQLite is bundled? 3.7.0 to 3.51.2 can corrupt the database when a write-ahead
 * log is reset at the wrong moment (promise D23); nothing is stored with one of those.
 */
import { type Kysely, sql } from "kysely";
import type { Schema } from "./schema.ts";

const firstSound = "3.51.3";

/** Is this `sqlite_version()` free of the fault? */
export function isSoundSqlite(version: string): boolean {
  return version.localeCompare(firstSound, "en", { numeric: true }) >= 0;
}

/** Throws when the connection's SQLite could corrupt what it stores. */
export async function refuseCorruptingSqlite(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  const version = rows[0]?.version ?? "none";
  if (!isSoundSqlite(version))
    throw new Error(`SQLite ${version} can corrupt its log; ${firstSound} is needed`);
}
