/**
 * Histories as the serving thread sees them: asks the worker, and stores a restore's
 * edit through the collaboration server, so that everybody connected gets it at once.
 * A worker that dies is started again; what was asked of it is answered with a thrown
 * error, never left hanging, and what is asked meanwhile waits for the next one.
 */
import { Worker } from "node:worker_threads";
import type { DocumentId, UserId, VersionId } from "../../app/domain/ids.ts";
import { ok, type Result, refuse } from "../../app/domain/result.ts";
import type { CutVersion, DocumentJson, Histories, OnBehalfOf } from "../../app/operations/services.ts";
import { serverUserId } from "../../db/server-user.ts";
import type { Companions } from "../../db/update-log/rows.ts";
import type { AppendResult, UpdateLog } from "../../db/update-log/update-log.ts";
import type { Repair } from "./follow-log.ts";
import type { Damage } from "./held-documents.ts";
import type { CallName, Calls, FromWorker, ToWorker, WorkerOptions } from "./messages.ts";
import type { Aside } from "./set-aside.ts";

export interface HistoriesOptions {
  /** The migrated database. */
  readonly path: string;
  readonly log: Pick<UpdateLog, "onAppended">;
  readonly now: () => number;
  readonly newId: () => string;
  /** Stores an edit of the server's own and hands it to everybody: the collaboration server's. */
  readonly appendServerEdit: (edit: {
    readonly documentId: string;
    readonly bytes: Uint8Array;
    readonly clientIds: readonly number[];
    readonly onBehalfOf: OnBehalfOf;
    readonly companions?: Companions;
  }) => Promise<AppendResult>;
  /** Rows of a document that cannot be read; the text of the present is not affected. */
  readonly onDamage?: (damage: Damage) => void;
  /** A document cannot be followed by all followers, or can be again; the others go on. */
  readonly onAside?: (aside: Aside) => void;
  /** A new checkpoint stands: rooms may drop the rows it contains. */
  readonly onCheckpoint?: (documentId: string) => void;
  /** A version was brought back: for the people who have the document open. */
  readonly onRestored?: (documentId: string, by: string, version: string) => void;
  /** The worker failed or could not write; it goes on by itself. */
  readonly onTrouble?: (message: string) => void;
  /** Memory of the worker, MB; what 32 large documents need unless said otherwise. */
  readonly memoryMb?: number;
}

export interface RunningHistories extends Histories {
  /** The last person closed a document, or its checkpoint is damaged: resolves when a new one is made. */
  left(documentId: string): Promise<void>;
  /** Lets a follower read the log again from its first row. */
  startAgain(name: "authorship" | "search" | "archive"): Promise<void>;
  /** Removes automatic versions that are old and not the last of their day and side. */
  thin(now: number): Promise<number>;
  /** Ends the worker as a bug would; it starts again. */
  crash(): Promise<void>;
  /** Lets the worker write what it knows, then ends it. */
  close(): Promise<void>;
}

/** How often quiet documents are looked for, ms. */
const tickMs = 60_000;
/** The worker is told of new rows this long after the first of them, ms. */
const hintAfterMs = 1_000;
/** A worker that dies is started again after this pause, ms. */
const restartMs = 250;
/** 32 documents of at most 5 MB, unpacked several times over, and room to work. */
const memoryMbMost = 1024;
const maxYoungGenerationSizeMb = 64;
/** A document on which the worker has ended so often is left aside: memory may have been short by chance once. */
const endsMost = 2;

/** Starts the worker and waits until it can answer. Rejects when it cannot start. */
export async function openHistories(options: HistoriesOptions): Promise<RunningHistories> {
  const histories = new WorkerHistories(options);
  await histories.start();
  return histories;
}

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

class WorkerHistories implements RunningHistories {
  readonly #options: HistoriesOptions;
  readonly #waiting = new Map<number, Waiting>();
  /** Whoever asks while no worker is there; a page then waits a moment instead of failing. */
  #untilBack: { resolve(): void; reject(error: Error): void }[] = [];
  readonly #stopListening: () => void;
  #worker: Worker | null = null;
  /** The document the worker is at, by its number; 0 where it is at none. */
  readonly #workingOn = new Int32Array(new SharedArrayBuffer(4));
  /** How often a worker has ended over a document: out of memory, it says nothing itself. */
  readonly #endedOver = new Map<number, number>();
  #isClosing = false;
  #lastId = 0;
  /** Newest durable row we were told of; a version is cut at what was durable when asked. */
  #newestLogId = 0;
  #ticking: NodeJS.Timeout | null = null;
  #restarting: NodeJS.Timeout | null = null;
  #hinting: NodeJS.Timeout | null = null;
  /** One restore at a time per document: two would each undo the other. */
  readonly #restores = new Map<string, Promise<unknown>>();

  constructor(options: HistoriesOptions) {
    this.#options = options;
    this.#stopListening = options.log.onAppended((rows) => {
      for (const row of rows) this.#newestLogId = Math.max(this.#newestLogId, row.logId);
      this.#hint();
    });
  }

  async start(): Promise<void> {
    await this.#startWorker();
    this.#ticking = setInterval(() => this.#post({ kind: "tick", now: this.#options.now() }), tickMs);
    this.#ticking.unref();
    // Rows may have come while nobody followed.
    this.#post({ kind: "appended" });
  }

  async cut(order: CutVersion): Promise<Result<{ versionId: VersionId; number: number }>> {
    const seq = order.seq === undefined ? await this.#seqNow(order.documentId) : ok(order.seq);
    if (!seq.ok) return seq;
    const cut = await this.#cutAt(order, seq.value, null);
    return cut.ok ? ok({ versionId: cut.value.versionId as VersionId, number: cut.value.number }) : cut;
  }

  async restore(order: Parameters<Histories["restore"]>[0]): ReturnType<Histories["restore"]> {
    const before = this.#restores.get(order.documentId) ?? Promise.resolve();
    const mine = before.then(
      () => this.#restore(order),
      () => this.#restore(order),
    );
    this.#restores.set(order.documentId, mine);
    try {
      return await mine;
    } finally {
      if (this.#restores.get(order.documentId) === mine) this.#restores.delete(order.documentId);
    }
  }

  async firstText(json: DocumentJson, clientId: number): ReturnType<Histories["firstText"]> {
    return this.#ask("firstText", json, clientId);
  }

  async firstTextOfCopy(documentId: DocumentId, clientId: number): ReturnType<Histories["firstTextOfCopy"]> {
    return this.#ask("firstTextOfCopy", documentId, clientId);
  }

  async packVersion(documentId: DocumentId, versionId: VersionId): ReturnType<Histories["packVersion"]> {
    return this.#ask("packVersion", documentId, versionId);
  }

  async packPresent(documentId: DocumentId): ReturnType<Histories["packPresent"]> {
    return this.#ask("packPresent", documentId);
  }

  async drawVersion(documentId: DocumentId, versionId: VersionId): ReturnType<Histories["drawVersion"]> {
    return this.#ask("drawVersion", documentId, versionId);
  }

  async drawPresent(documentId: DocumentId): ReturnType<Histories["drawPresent"]> {
    return this.#ask("drawPresent", documentId);
  }

  async caughtUp(): Promise<void> {
    await this.#ask("caughtUp");
  }

  async left(documentId: string): Promise<void> {
    await this.#ask("left", documentId);
  }

  async startAgain(name: "authorship" | "search" | "archive"): Promise<void> {
    await this.#ask("startAgain", name);
  }

  thin(now: number): Promise<number> {
    return this.#ask("thin", now);
  }

  async crash(): Promise<void> {
    const worker = this.#worker;
    const ended = new Promise((resolve) => worker?.once("exit", resolve));
    await this.#ask("crash").catch(() => null);
    await ended;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#stopListening();
    if (this.#ticking) clearInterval(this.#ticking);
    if (this.#restarting) clearTimeout(this.#restarting);
    if (this.#hinting) clearTimeout(this.#hinting);
    for (const waiting of this.#untilBack.splice(0)) waiting.reject(new Error("The histories are closed"));
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    this.#post({ kind: "close" });
    await ended;
  }

  async #restore(order: Parameters<Histories["restore"]>[0]): ReturnType<Histories["restore"]> {
    const seq = await this.#seqNow(order.documentId);
    if (!seq.ok) return seq;
    const plan = await this.#ask(
      "planRestore",
      order.documentId,
      order.versionId,
      seq.value,
      order.by.userId,
    );
    if (!plan.ok) return plan;
    const common = { documentId: order.documentId, name: null, note: null, by: order.by };
    const before = await this.#cutAt({ ...common, kind: "before_restore" }, seq.value, null);
    if (!before.ok) return before;

    const { update, clientId, carry } = plan.value;
    const appended = await this.#options.appendServerEdit({
      documentId: order.documentId,
      bytes: update,
      clientIds: [clientId],
      onBehalfOf: { ...order.by, actorKind: "server" },
      companions: { carry: carry.map((row) => ({ ...row, kind: "restore" })) },
    });
    if (!appended.ok)
      return refuse(appended.refusal.reason === "too-large" ? "document-too-large" : "not-saved");

    this.#options.onRestored?.(order.documentId, plan.value.byName, plan.value.versionLabel);
    const { seq: computedAt, logId, stateVector } = plan.value;
    const apart = await this.#ask("keptApart", order.documentId, {
      seq: computedAt,
      logId,
      stateVector,
      clientId,
    });
    const report = apart.length === 0 ? null : JSON.stringify({ keptApart: apart });
    const restored = await this.#cutAt(
      { ...common, kind: "restored", restoredFrom: order.versionId },
      appended.value.seq,
      report,
    );
    if (!restored.ok) return restored;
    return ok({ versionId: restored.value.versionId as VersionId, keptApart: apart });
  }

  async #repair({ documentId, update, clientIds }: Repair): Promise<void> {
    if (this.#isClosing) return;
    const trouble = (why: string) => this.#options.onTrouble?.(`A repair was not stored: ${why}`);
    try {
      const appended = await this.#options.appendServerEdit({
        documentId,
        bytes: update,
        clientIds,
        onBehalfOf: { userId: serverUserId as UserId, side: null, actorKind: "server" },
      });
      if (!appended.ok) trouble(appended.refusal.reason);
    } catch (error) {
      trouble(error instanceof Error ? error.message : String(error));
    }
  }

  #seqNow(documentId: string): Promise<Result<number>> {
    return this.#ask("headSeq", documentId, this.#newestLogId);
  }

  #cutAt(order: CutVersion, seq: number, report: string | null) {
    const { kind, name, note, documentId, by } = order;
    return this.#ask("cut", {
      documentId,
      kind,
      name,
      note,
      by,
      seq,
      report,
      restoredFrom: order.restoredFrom ?? null,
      at: order.at ?? this.#options.now(),
      versionId: order.id ?? this.#options.newId(),
    });
  }

  #ask<Name extends CallName>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>> {
    if (this.#isClosing) return Promise.reject(new Error("The histories are closed"));
    if (this.#worker === null)
      return new Promise<void>((resolve, reject) => this.#untilBack.push({ resolve, reject })).then(() =>
        this.#ask(name, ...args),
      );
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.#post({ kind: "ask", id, name, args });
    });
  }

  /** Waking another thread costs more than most appends do, so not every commit does. */
  #hint(): void {
    this.#hinting ??= setTimeout(() => {
      this.#hinting = null;
      this.#post({ kind: "appended" });
    }, hintAfterMs);
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #startWorker(): Promise<void> {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: {
        path: this.#options.path,
        workingOn: this.#workingOn.buffer,
        leftAside: [...this.#endedOver].flatMap(([document, times]) => (times >= endsMost ? [document] : [])),
      } satisfies WorkerOptions,
      resourceLimits: {
        maxOldGenerationSizeMb: this.#options.memoryMb ?? memoryMbMost,
        maxYoungGenerationSizeMb,
      },
    });
    return new Promise((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "ready") {
          this.#worker = worker;
          resolve();
          for (const waiting of this.#untilBack.splice(0)) waiting.resolve();
        } else this.#hear(message);
      });
      worker.on("error", (error) => {
        this.#options.onTrouble?.(`The histories' worker failed: ${(error as Error).message}`);
        reject(error);
      });
      worker.on("exit", () => {
        reject(new Error("The histories' worker ended before it was ready"));
        if (this.#worker !== worker) return;
        this.#worker = null;
        const document = Atomics.exchange(this.#workingOn, 0, 0);
        if (document > 0) this.#endedOver.set(document, (this.#endedOver.get(document) ?? 0) + 1);
        for (const { reject: refuseIt } of this.#waiting.values())
          refuseIt(new Error("The histories' worker ended; please ask again"));
        this.#waiting.clear();
        if (!this.#isClosing) this.#startAgainLater();
      });
    });
  }

  #startAgainLater(): void {
    this.#restarting = setTimeout(() => {
      this.#startWorker().then(
        () => this.#post({ kind: "appended" }),
        () => {
          if (!this.#isClosing) this.#startAgainLater();
        },
      );
    }, restartMs);
  }

  #hear(message: Exclude<FromWorker, { kind: "ready" }>): void {
    switch (message.kind) {
      case "answer":
        this.#waiting.get(message.id)?.resolve(message.value);
        this.#waiting.delete(message.id);
        break;
      case "failed":
        this.#waiting.get(message.id)?.reject(new Error(message.message));
        this.#waiting.delete(message.id);
        break;
      case "damage":
        this.#options.onDamage?.(message.damage);
        break;
      case "aside":
        this.#options.onAside?.(message.aside);
        break;
      case "checkpoint":
        this.#options.onCheckpoint?.(message.documentId);
        break;
      case "repair":
        void this.#repair(message);
        break;
      case "trouble":
        this.#options.onTrouble?.(message.message);
        break;
    }
  }
}
