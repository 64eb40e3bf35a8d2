/**
 * Opens the database on this thread. The server itself uses `open-in-worker.ts`, so
 * that no commit's fsync runs on the loop that serves live editing; scripts, workers
 * and tests use this one. Both give the same Kysely.
 */
import Sqlite from "better-sqlite3";
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver } from "kysely";
import { setPragmas } from "./pragmas.ts";
import type { Schema } from "./schema.ts";
import { addSqlFunctions } from "./sql-functions.ts";

/**
 * `begin immediate`: a transaction that reads first and writes later would otherwise
 * fail at once with SQLITE_BUSY_SNAPSHOT when the log writer committed in between.
 */
class ImmediateSqliteDriver extends SqliteDriver {
  readonly #sqlite: Sqlite.Database;
  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
  }
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
  /** A full or broken disk makes SQLite end the transaction itself; to complain would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #sqlite: Sqlite.Database;
  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
  }
  override createDriver() {
    return new ImmediateSqliteDriver(this.#sqlite);
  }
}

/** Opens (and makes, if missing) the database file at `path`. Does not migrate. */
export function openDatabase(path: string): Kysely<Schema> {
  const sqlite = new Sqlite(path);
  setPragmas(sqlite);
  addSqlFunctions(sqlite);
  return new Kysely<Schema>({ dialect: new ImmediateSqliteDialect(sqlite) });
}
