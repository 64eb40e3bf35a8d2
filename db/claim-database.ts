/**
 * One server for one database: the writer knows the last row of every document by heart,
 * and two of them would give two rows one number. The claim is a lock on a file beside the
 * database, which the system takes back however the process ends.
 */
import Sqlite from "better-sqlite3";

export interface Claim {
  close(): void;
}

/** Claims the database at `path` for this process; null while another one has it. */
export function claimDatabase(path: string): Claim | null {
  const sqlite = new Sqlite(`${path}.claim`);
  try {
    sqlite.pragma("busy_timeout = 0");
    // Nothing is ever written to it: no second file.
    sqlite.pragma("journal_mode = MEMORY");
    sqlite.exec("begin exclusive");
    return { close: () => void sqlite.close() };
  } catch (error) {
    sqlite.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY")) return null;
    throw error;
  }
}
