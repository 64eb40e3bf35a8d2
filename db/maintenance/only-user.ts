/**
 * Commands that replace or blank the database must be alone with it. Two proofs: no
 * server answers on the data folder's door, and SQLite lets go of the write-ahead log,
 * which it does only for the last connection.
 */
import Sqlite from "better-sqlite3";
import { askServer } from "./admin-socket.ts";

/** Null when nobody else uses the database; else a sentence. */
export async function whoElseUses(dataFolder: string, databasePath: string): Promise<string | null> {
  if (await askServer(dataFolder, { do: "hello" }))
    return "The server is running. Stop it first, then run this command again.";
  const sqlite = new Sqlite(databasePath, { fileMustExist: true });
  try {
    sqlite.pragma("busy_timeout = 0");
    sqlite.pragma("journal_mode = DELETE");
    return null;
  } catch (error) {
    if (error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      return "Another program has the database open. Close it first, then run this command again.";
    // What cannot be read as a database is what a backup is brought back for.
    if (error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return null;
    throw error;
  } finally {
    sqlite.close();
  }
}
