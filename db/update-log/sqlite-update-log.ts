/**
 * The update log on SQLite, as the serving thread sees it: collects what arrives while
 * a commit is under way, hands it to the writer's thread as one batch, and answers
 * when it is on disk. One batch is under way at a time, so lone keystrokes go at once
 * and busy times share their syncs (performance guide §5.3). No disk is touched here.
 */
import { Worker } from "node:worker_threads";
import { hashBytes } from "./chain.ts";
import { CommitWindow } from "./commit-window.ts";
import {
  type Answers,
  type BatchAnswer,
  type FromWriter,
  type LeaseOrder,
  type NewSource,
  type Question,
  refusalReasons,
  type ToWriter,
} from "./messages.ts";
import { countForBatch, packRows } from "./pack-batch.ts";
import type { Companions, NewRow } from "./rows.ts";
import type { Appended, AppendResult, UpdateLog } from "./update-log.ts";

/** Pause before the next try when the writer cannot open the database, ms. */
const reopenMs = 500;
const closedMessage = "the log is closed";

export interface SqliteUpdateLog extends UpdateLog {
  /** Copies the database into the new file `path`, at a pace that lets typing go on. */
  backup(path: string): Promise<{ readonly pages: number }>;
  /** Resolves when the writer's thread answers: it hangs in no statement. Touches no disk. */
  ping(): Promise<void>;
  /** Ends the writer's thread as a crash would. The log starts another and goes on. */
  crashWriter(): Promise<void>;
}

type Answerer<T> = { resolve(value: T): void; reject(error: Error): void };
interface WaitingRow extends Answerer<AppendResult> {
  readonly row: NewRow;
  readonly companions: Companions | undefined;
}
interface WaitingSource extends Answerer<number> {
  readonly source: NewSource;
}
interface WaitingLease extends Answerer<{ readonly refused: readonly number[] }> {
  readonly order: LeaseOrder;
}
interface UnderWay {
  readonly rows: readonly WaitingRow[];
  readonly sources: readonly WaitingSource[];
  readonly leases: readonly WaitingLease[];
}
interface Asked extends Answerer<never> {
  readonly question: Question;
}

/**
 * Opens the log of the migrated database at `path`. Rejects when it cannot be opened.
 * `now` is server time in ms: sessions are judged by it.
 */
export async function openUpdateLog(options: { path: string; now: () => number }): Promise<SqliteUpdateLog> {
  const log = new Log(options.path, options.now);
  await log.open();
  return log;
}

class Log implements SqliteUpdateLog {
  readonly #path: string;
  readonly #now: () => number;
  readonly #heads = new Map<number, number>();
  readonly #listeners = new Set<(rows: readonly Appended[]) => void>();
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | null = null;
  #isOpen = false;
  #isClosing = false;
  #isClosed = false;
  #rows: WaitingRow[] = [];
  #sources: WaitingSource[] = [];
  #leases: WaitingLease[] = [];
  #underWay: UnderWay | null = null;
  #isScheduled = false;
  readonly #window = new CommitWindow();
  #nextQuestion = 1;
  #closed: (() => void)[] = [];

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** Starts the writer; resolves when it has read the log. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./writer-worker.ts", import.meta.url), {
        workerData: { path: this.#path },
      });
      this.#worker = worker;
      let failure: unknown = null;
      worker.on("message", (message: FromWriter) => {
        if (message.kind === "opened") {
          this.#isOpen = true;
          this.#catchUp(message.heads);
          for (const [id, { question }] of this.#asked) this.#tell({ kind: "ask", id, question });
          resolve();
          this.#schedule();
          this.#closeWhenIdle();
        } else this.#hear(message);
      });
      worker.on("error", (error) => {
        failure = error;
      });
      worker.on("exit", () => {
        const wasOpen = this.#isOpen;
        this.#isOpen = false;
        this.#worker = null;
        if (this.#isClosing) {
          this.#finish();
          return;
        }
        const reason = failure instanceof Error ? failure.message : "the log's writer has stopped";
        if (!wasOpen) reject(failure instanceof Error ? failure : new Error(reason));
        else this.#recover(reason);
      });
    });
  }

  append(row: NewRow, companions?: Companions): Promise<AppendResult> {
    for (const number of [row.document, row.source, row.at, ...row.clientIds])
      if (!Number.isSafeInteger(number) || number < 0) throw new Error(`Not a row of the log: ${number}`);
    if (this.#isClosed)
      return Promise.resolve({ ok: false, refusal: { reason: "storage", message: closedMessage } });
    return new Promise((resolve, reject) => {
      this.#rows.push({ row, companions, resolve, reject });
      this.#window.rowArrived(row.document, performance.now());
      this.#schedule();
    });
  }

  openSource(source: NewSource): Promise<number> {
    if (this.#isClosed) return Promise.reject(new Error(closedMessage));
    return new Promise((resolve, reject) => {
      this.#sources.push({ source, resolve, reject });
      this.#schedule();
    });
  }

  lease(order: LeaseOrder): Promise<{ readonly refused: readonly number[] }> {
    if (this.#isClosed) return Promise.reject(new Error(closedMessage));
    return new Promise((resolve, reject) => {
      this.#leases.push({ order, resolve, reject });
      this.#schedule();
    });
  }

  async load(documentId: string) {
    const stored = await this.#ask<"load">({ kind: "load", documentId });
    if (stored !== null)
      this.#heads.set(stored.document, Math.max(stored.headSeq, this.headSeq(stored.document)));
    return stored;
  }

  newerCheckpoint(document: number, afterSeq: number) {
    return this.#ask<"checkpoint">({ kind: "checkpoint", document, afterSeq });
  }

  rows(document: number, fromSeq: number, toSeq: number) {
    return this.#ask<"rows">({ kind: "rows", document, fromSeq, toSeq });
  }

  headSeq(document: number): number {
    return this.#heads.get(document) ?? 0;
  }

  onAppended(listener: (rows: readonly Appended[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  backup(path: string) {
    return this.#ask<"backup">({ kind: "backup", path });
  }

  async ping(): Promise<void> {
    await this.#ask<"ping">({ kind: "ping" });
  }

  async crashWriter(): Promise<void> {
    await this.#worker?.terminate();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed.push(resolve);
      this.#isClosing = true;
      if (this.#worker === null) this.#finish();
      else this.#closeWhenIdle();
    });
  }

  #closeWhenIdle(): void {
    // A backup may take minutes and can be asked for again; it is cut short.
    const questions = [...this.#asked.values()].filter(({ question }) => question.kind !== "backup");
    const isIdle =
      this.#underWay === null &&
      this.#rows.length + this.#sources.length + this.#leases.length === 0 &&
      questions.length === 0;
    if (this.#isClosing && this.#isOpen && isIdle) this.#tell({ kind: "close" });
  }

  /** The writer is gone for good: whoever still waits is told. */
  #finish(): void {
    this.#isClosed = true;
    this.#failUnderWay(closedMessage);
    this.#failWaiting(closedMessage);
    for (const asked of this.#asked.values()) asked.reject(new Error(closedMessage));
    this.#asked.clear();
    for (const resolve of this.#closed.splice(0)) resolve();
  }

  /**
   * The writer crashed. What it had in hand may or may not be on disk, so it is
   * answered `storage`: the sender offers it again, and Yjs takes a row twice without
   * harm. Questions are asked again; what still waits goes to the next writer.
   */
  #recover(reason: string): void {
    this.#failUnderWay(reason);
    this.open().catch((error: Error) => {
      this.#failWaiting(error.message);
      setTimeout(() => {
        if (this.#isClosing) this.#finish();
        else this.#recover(reason);
      }, reopenMs);
    });
  }

  /** Rows that reached the disk in a crash are told to listeners: a seq nobody hears of would be a gap. */
  #catchUp(pairs: readonly number[]): void {
    for (let i = 0; i < pairs.length; i += 2) {
      const [document = 0, seq = 0] = pairs.slice(i, i + 2);
      const known = this.#heads.get(document);
      if (known === undefined) this.#heads.set(document, seq);
      else if (known < seq) this.#tellDurable(document, known + 1);
    }
  }

  #tellDurable(document: number, fromSeq: number): void {
    this.#ask<"durable">({ kind: "durable", document, fromSeq }).then(
      (rows) => this.#announce(rows.map((row) => ({ document, ...row }))),
      () => {
        // The disk could not be read just now. When we are closing, the next start reads it.
        if (!this.#isClosing) setTimeout(() => this.#tellDurable(document, fromSeq), reopenMs);
      },
    );
  }

  #tell(message: ToWriter, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #ask<Kind extends keyof Answers>(question: Question & { kind: Kind }): Promise<Answers[Kind]> {
    return new Promise((resolve, reject) => {
      if (this.#isClosing) return reject(new Error(closedMessage));
      const id = this.#nextQuestion++;
      this.#asked.set(id, { question, resolve, reject } as unknown as Asked);
      if (this.#isOpen) this.#tell({ kind: "ask", id, question });
    });
  }

  #hear(message: FromWriter): void {
    switch (message.kind) {
      case "batch":
        this.#answer(message.answer);
        this.#schedule();
        break;
      case "answer":
      case "failed": {
        const asked = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        if (message.kind === "answer") asked?.resolve(message.value as never);
        else asked?.reject(new Error(message.message));
        break;
      }
      case "opened":
      case "closed":
        break;
    }
    this.#closeWhenIdle();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#underWay !== null || !this.#isOpen) return;
    if (this.#rows.length + this.#sources.length + this.#leases.length === 0) return;
    this.#isScheduled = true;
    const wait = this.#window.waitMs(performance.now());
    if (wait >= 1) setTimeout(() => this.#flush(), wait);
    // Not at once but at the end of this turn of the loop: frames that arrived together go together.
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    if (!this.#isOpen || this.#underWay !== null) return;
    const rows = this.#rows.splice(0, countForBatch(this.#rows));
    const underWay = { rows, sources: this.#sources, leases: this.#leases };
    this.#sources = [];
    this.#leases = [];
    this.#underWay = underWay;
    this.#window.commitStarted(performance.now());
    const packed = packRows(rows);
    const batch = {
      now: this.#now(),
      sources: underWay.sources.map(({ source }) => source),
      leases: underWay.leases.map(({ order }) => order),
      ...packed,
    };
    this.#tell({ kind: "batch", batch }, [packed.bytes.buffer]);
  }

  #answer(answer: BatchAnswer): void {
    const underWay = this.#underWay;
    if (underWay === null) return;
    if (answer.kind === "storage") {
      this.#failUnderWay(answer.message);
      return;
    }
    this.#underWay = null;
    if (answer.kind === "fault") {
      const bug = new Error(`The log's writer failed: ${answer.message}`);
      for (const waiting of [...underWay.rows, ...underWay.sources, ...underWay.leases]) waiting.reject(bug);
      return;
    }
    const results = underWay.rows.map(({ row }, index): AppendResult => {
      const seq = answer.appended[2 * index] ?? 0;
      const logId = answer.appended[2 * index + 1] ?? 0;
      if (seq < 0) return { ok: false, refusal: { reason: refusalReasons[-1 - seq] ?? "gone" } };
      const hash = answer.hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
      return { ok: true, value: { document: row.document, seq, logId, hash } };
    });
    const faults = new Map(answer.faults);
    try {
      this.#announce(results.flatMap((result) => (result.ok ? [result.value] : [])));
    } finally {
      for (const [index, id] of answer.sources.entries()) underWay.sources[index]?.resolve(id);
      for (const [index, refused] of answer.refusedLeases.entries())
        underWay.leases[index]?.resolve({ refused });
      for (const [index, result] of results.entries()) {
        const fault = faults.get(index);
        if (fault === undefined) underWay.rows[index]?.resolve(result);
        else underWay.rows[index]?.reject(new Error(fault));
      }
    }
  }

  #announce(rows: readonly Appended[]): void {
    if (rows.length === 0) return;
    for (const { document, seq } of rows) if (seq > this.headSeq(document)) this.#heads.set(document, seq);
    for (const listener of this.#listeners) listener(rows);
  }

  #failUnderWay(message: string): void {
    const underWay = this.#underWay;
    this.#underWay = null;
    if (underWay === null) return;
    // What the same page sent next stands on it: stored alone, it would wait in every reader for ever.
    const sources = new Set(underWay.rows.map(({ row }) => row.source));
    const { behind = [], apart = [] } = Object.groupBy(this.#rows, ({ row }) =>
      sources.has(row.source) ? "behind" : "apart",
    );
    this.#rows = apart;
    failAll({ ...underWay, rows: [...underWay.rows, ...behind] }, message);
  }

  #failWaiting(message: string): void {
    const waiting = { rows: this.#rows, sources: this.#sources, leases: this.#leases };
    this.#rows = [];
    this.#sources = [];
    this.#leases = [];
    failAll(waiting, message);
  }
}

/** Nothing was stored, as far as anybody knows: rows may be offered again. */
function failAll(waiting: UnderWay, message: string): void {
  for (const row of waiting.rows) row.resolve({ ok: false, refusal: { reason: "storage", message } });
  for (const other of [...waiting.sources, ...waiting.leases]) other.reject(new Error(message));
}
