/** Statements by their text, prepared once per connection: followers ask the same for every document. */
import type BetterSqlite3 from "better-sqlite3";

const known = new WeakMap<BetterSqlite3.Database, Map<string, BetterSqlite3.Statement>>();

/** A text must always be read in the same way: `pluck` and `raw` stay with the statement. */
export function prepared(sqlite: BetterSqlite3.Database, text: string): BetterSqlite3.Statement {
  let statements = known.get(sqlite);
  if (statements === undefined) {
    statements = new Map();
    known.set(sqlite, statements);
  }
  const there = statements.get(text);
  if (there !== undefined) return there;
  const made = sqlite.prepare(text);
  statements.set(text, made);
  return made;
}
