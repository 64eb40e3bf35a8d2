/**
 * The thread behind `open-in-worker.ts`: owns one connection, runs one statement after
 * the other in the order they arrive, and answers each.
 */
import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { setPragmas, waitForLocksMs } from "./pragmas.ts";
import { addSqlFunctions } from "./sql-functions.ts";
import { waitsBriefly } from "./storage-fault.ts";

export type QueryOrder = {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
};
export type QueryAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly rows: readonly unknown[];
      /** Null for statements that return rows. */
      readonly changes: number | null;
      readonly insertId: number | bigint | null;
    }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code: string | null };

/** Preparing costs more than running for most of our statements; the set of texts is small. */
const preparedMax = 500;

if (!parentPort) throw new Error("query-worker.ts is started by open-in-worker.ts");
const port = parentPort;
const sqlite = new Sqlite((workerData as { path: string }).path);
setPragmas(sqlite);
addSqlFunctions(sqlite);
const prepared = new Map<string, Sqlite.Statement>();

function prepare(sql: string): Sqlite.Statement {
  const known = prepared.get(sql);
  if (known) return known;
  const statement = sqlite.prepare(sql);
  if (prepared.size >= preparedMax) {
    const oldest = prepared.keys().next().value;
    if (oldest !== undefined) prepared.delete(oldest);
  }
  prepared.set(sql, statement);
  return statement;
}

/** Longer than the log's writer holds the file for one commit, shorter than anybody notices. */
const briefWaitMs = 100;

/** Runs the statement, and gives up early on a lock where its text asks for that. */
function patiently<T>(order: QueryOrder, run: () => T): T {
  if (!order.sql.endsWith(waitsBriefly)) return run();
  sqlite.pragma(`busy_timeout = ${briefWaitMs}`);
  try {
    return run();
  } finally {
    sqlite.pragma(`busy_timeout = ${waitForLocksMs}`);
  }
}

function answer(order: QueryOrder): QueryAnswer {
  const { id, sql, parameters } = order;
  // A full or broken disk makes SQLite end the transaction itself; to complain would hide why.
  if (sql === "rollback" && !sqlite.inTransaction)
    return { id, ok: true, rows: [], changes: 0, insertId: null };
  try {
    const statement = prepare(sql);
    if (statement.reader) {
      const rows = patiently(order, () => statement.all(parameters));
      return { id, ok: true, rows, changes: null, insertId: null };
    }
    const { changes, lastInsertRowid } = patiently(order, () => statement.run(parameters));
    return { id, ok: true, rows: [], changes, insertId: lastInsertRowid };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Sqlite.SqliteError ? error.code : null;
    return { id, ok: false, message, code };
  }
}

port.on("message", (order: QueryOrder | "close") => {
  if (order !== "close") return port.postMessage(answer(order));
  sqlite.close();
  port.close();
});
