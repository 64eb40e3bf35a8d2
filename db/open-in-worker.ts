/**
 * Opens the database on a thread of its own and gives the same Kysely as `open.ts`. A
 * commit waits for the disk; on the loop that serves live editing that wait would be
 * everybody's wait. Statements travel as text and parameters, rows come back copied.
 *
 * One connection, and many callers at once: statements travel one behind the other
 * without waiting for answers, because a wait for each would be a wait for two threads
 * to wake. A transaction has the connection to itself from its begin to its end. Whoever
 * holds one open must not wait for another query inside it, nor for the log's writer.
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

/** Kysely need not queue callers: `WorkerDriver` keeps transactions apart itself. */
class ManyCallersAdapter extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true;
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
    return new ManyCallersAdapter();
  }
  createIntrospector(db: Kysely<unknown>) {
    return new SqliteIntrospector(db);
  }
}

class WorkerDriver implements Driver {
  readonly #path: string;
  #thread: QueryThread | null = null;
  /** Who has begun a transaction that has not ended. */
  #owner: Caller | null = null;
  #ended: Promise<void> = Promise.resolve();
  #end = () => {};

  constructor(path: string) {
    this.#path = path;
  }
  async init(): Promise<void> {
    const thread = new QueryThread(this.#path);
    // The first answer proves that the file could be opened.
    await thread.ask("select 1", []);
    this.#thread = thread;
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    return new Caller((caller, sql, parameters) => this.#ask(caller, sql, parameters));
  }
  // Immediate, for the reason given in open.ts.
  async beginTransaction(caller: Caller): Promise<void> {
    while (this.#owner !== null) await this.#ended;
    this.#owner = caller;
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    try {
      await this.#ask(caller, "begin immediate", []);
    } catch (error) {
      this.#leave();
      throw error;
    }
  }
  /** One that fails leaves the transaction open: Kysely then rolls back. */
  async commitTransaction(caller: Caller): Promise<void> {
    await this.#ask(caller, "commit", []);
    this.#leave();
  }
  async rollbackTransaction(caller: Caller): Promise<void> {
    try {
      await this.#ask(caller, "rollback", []);
    } finally {
      this.#leave();
    }
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {
    await this.#thread?.close();
  }

  #leave(): void {
    this.#owner = null;
    this.#end();
  }

  async #ask(caller: Caller, sql: string, parameters: readonly unknown[]): Promise<Answered> {
    while (this.#owner !== null && this.#owner !== caller) await this.#ended;
    if (this.#thread === null) throw new Error("The database has not been opened");
    return this.#thread.ask(sql, parameters);
  }
}

/** What Kysely takes for a connection: one query, or one transaction, of somebody. */
class Caller implements DatabaseConnection {
  readonly #ask: (caller: Caller, sql: string, parameters: readonly unknown[]) => Promise<Answered>;

  constructor(ask: (caller: Caller, sql: string, parameters: readonly unknown[]) => Promise<Answered>) {
    this.#ask = ask;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes, insertId } = await this.#ask(this, query.sql, query.parameters);
    if (changes === null) return { rows: rows as R[] };
    return { rows: rows as R[], numAffectedRows: BigInt(changes), insertId: BigInt(insertId ?? 0) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming holds the only connection open; read in pages instead");
  }
}

type Answered = Extract<QueryAnswer, { ok: true }>;
type Waiting = {
  readonly resolve: (answer: Answered) => void;
  readonly reject: (error: Error) => void;
};

class QueryThread {
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

  ask(sql: string, parameters: readonly unknown[]): Promise<Answered> {
    if (this.#gone) return Promise.reject(this.#gone);
    this.#last += 1;
    const order: QueryOrder = { id: this.#last, sql, parameters };
    return new Promise((resolve, reject) => {
      this.#waiting.set(order.id, { resolve, reject });
      this.#worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    const ended = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.postMessage("close");
    await ended;
  }
}
