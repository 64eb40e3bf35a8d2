/**
 * Functions of our own inside SQLite, for the connections that answer pages. They run on
 * the database's thread, where the texts are: a page gets passages, never whole texts.
 */
import type BetterSqlite3 from "better-sqlite3";
import { passage } from "../app/document/passage.ts";

/** `passage(text, words)`: the passage around the first of the words (a JSON list), as JSON. */
export function addSqlFunctions(sqlite: BetterSqlite3.Database): void {
  sqlite.function("passage", { deterministic: true, directOnly: true }, (text: unknown, words: unknown) =>
    JSON.stringify(passage(String(text ?? ""), JSON.parse(String(words)) as string[])),
  );
}
