/**
 * Whose fault is an error? The store's (disk full, database locked, file damaged): then
 * everything waits and is tried again. Or one document's: then that document is set
 * aside and the others go on. Whatever SQLite says is the store's, but for refusing one
 * row; everything else was thrown by the work on one document.
 */
import Sqlite from "better-sqlite3";

/** SQLite's refusals of a single row: a constraint, a value too big or of the wrong kind. */
const rowCodes = /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)/;

/** True where the store is to blame: nothing was wrong with the document. */
export function isStoresFault(error: unknown, sqlite: Sqlite.Database): boolean {
  return error instanceof Sqlite.SqliteError ? !rowCodes.test(error.code) : !sqlite.open;
}

/**
 * An error in words of our own: its kind, and the place in the code. Its message may
 * quote what people wrote, and goes nowhere (promise S19).
 */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return "something that is no error was thrown";
  const kind = error instanceof Sqlite.SqliteError ? error.code : error.constructor.name;
  const stack = error.stack ?? "";
  // The stack begins with the message, whose lines could look like places in the code.
  const places = stack.slice(Math.max(0, stack.indexOf(error.message)) + error.message.length);
  const place = /([\w.-]+\.(?:ts|js|mjs|cjs)):(\d+):\d+\)?$/m.exec(places);
  return place ? `${kind} at ${place[1]}:${place[2]}` : kind;
}
