/**
 * How every connection to the file is opened (promises, rule C19). `synchronous=FULL`
 * is said explicitly: with WAL alone SQLite silently falls back to NORMAL after the
 * first write, and 200 commits cost 8 syncs instead of 209 (M10).
 */
import type BetterSqlite3 from "better-sqlite3";

export function setPragmas(sqlite: BetterSqlite3.Database): void {
  sqlite.pragma("journal_mode = WAL");
  sqlite.pragma("synchronous = FULL");
  sqlite.pragma("foreign_keys = ON");
  sqlite.pragma("busy_timeout = 5000");
  sqlite.pragma("trusted_schema = OFF");
  sqlite.pragma("secure_delete = ON");
}
