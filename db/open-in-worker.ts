/**
 * Opens the database on a thread of its own and gives the same Kysely as `open.ts`. A
 * commit waits for the disk; on the loop that serves live editing that wait would be
 * everybody's wait. Statements travel as text and parameters, rows come back copied.
 *
 * One connection: Kysely hands it to one caller or transaction at a time (its adapter
 * says that there is only one). Whoever holds a transaction open must not wait for
 * another query inside it, nor for the log's writer.
 */
import { Worker } from "node:worker_threads";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { QueryAnswer, QueryOrder } from "./query-worker.ts";
import type { Schema } from "./schema.ts";

/** Opens (and makes, if missing) the database file at `path`. Does not migrate. */
export function openDatabaseInWorker(path: string): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new WorkerDialect(path) });
}

/** What SQLite refused, with its code, as `open.ts` would have thrown it. */
class SqliteError extends Error {
  readonly code: string;
  constructor(message: string, code: string) {
    super(message);
    this.name = "SqliteError";
    this.code = code;
  }
}

class WorkerDialect implements Dialect {
  readonly #path: string;
  constructor(path: string) {
    this.#path = path;
  }
  createDriver() {
    return new WorkerDriver(this.#path);
  }
  createQueryCompiler() {
    return new SqliteQueryCompiler();
  }
  createAdapter() {
    return new SqliteAdapter();
  }
  createIntrospector(db: Kysely<unknown>) {
    return new SqliteIntrospector(db);
  }
}

class WorkerDriver implements Driver {
  readonly #path: string;
  #connection: WorkerConnection | null = null;
  constructor(path: string) {
    this.#path = path;
  }
  async init(): Promise<void> {
    const connection = new WorkerConnection(this.#path);
    // The first answer proves that the file could be opened.
    await connection.ask("select 1", []);
    this.#connection = connection;
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#connection) throw new Error("The database has not been opened");
    return this.#connection;
  }
  // Immediate, for the reason given in open.ts.
  async beginTransaction(): Promise<void> {
    await this.#connection?.ask("begin immediate", []);
  }
  async commitTransaction(): Promise<void> {
    await this.#connection?.ask("commit", []);
  }
  async rollbackTransaction(): Promise<void> {
    await this.#connection?.ask("rollback", []);
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {
    await this.#connection?.close();
  }
}

type Waiting = {
  readonly resolve: (answer: Extract<QueryAnswer, { ok: true }>) => void;
  readonly reject: (error: Error) => void;
};

class WorkerConnection implements DatabaseConnection {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #gone: Error | null = null;

  constructor(path: string) {
    this.#worker = new Worker(new URL("./query-worker.ts", import.meta.url), { workerData: { path } });
    this.#worker.on("message", (answer: QueryAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.ok) waiting?.resolve(answer);
      else
        waiting?.reject(
          answer.code === null ? new Error(answer.message) : new SqliteError(answer.message, answer.code),
        );
    });
    this.#worker.on("error", (error) => this.#giveUp(error as Error));
    this.#worker.on("exit", () => this.#giveUp(new Error("The database's thread has ended")));
  }

  #giveUp(error: Error): void {
    this.#gone ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  ask(sql: string, parameters: readonly unknown[]): Promise<Extract<QueryAnswer, { ok: true }>> {
    if (this.#gone) return Promise.reject(this.#gone);
    this.#last += 1;
    const order: QueryOrder = { id: this.#last, sql, parameters };
    return new Promise((resolve, reject) => {
      this.#waiting.set(order.id, { resolve, reject });
      this.#worker.postMessage(order);
    });
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes, insertId } = await this.ask(query.sql, query.parameters);
    if (changes === null) return { rows: rows as R[] };
    return { rows: rows as R[], numAffectedRows: BigInt(changes), insertId: BigInt(insertId ?? 0) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming holds the only connection open; read in pages instead");
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    const ended = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.postMessage("close");
    await ended;
  }
}
