/**
 * How every connection to the file is opened (promises, rule C19). `synchronous=FULL`
 * is said explicitly: with WAL alone SQLite silently falls back to NORMAL after the
 * first write, and 200 commits cost 8 syncs instead of 209 (M10).
 *
 * Pages of 1 kB, decided when the file is made: a lone keystroke then writes 5.4 kB
 * instead of 8.5, and one among twenty busy documents 0.5 instead of 0.7 (ADR 0009).
 * The write-ahead log is written back after as many bytes as with SQLite's own defaults.
 */
import type BetterSqlite3 from "better-sqlite3";

/** How long a change waits for somebody else's before it is refused. */
export const waitForLocksMs = 5000;

export function setPragmas(sqlite: BetterSqlite3.Database): void {
  // Without effect on a database that has its first table already; must come before WAL.
  sqlite.pragma("page_size = 1024");
  sqlite.pragma("journal_mode = WAL");
  sqlite.pragma("wal_autocheckpoint = 4000");
  sqlite.pragma("synchronous = FULL");
  sqlite.pragma("foreign_keys = ON");
  sqlite.pragma(`busy_timeout = ${waitForLocksMs}`);
  sqlite.pragma("trusted_schema = OFF");
  sqlite.pragma("secure_delete = ON");
}
