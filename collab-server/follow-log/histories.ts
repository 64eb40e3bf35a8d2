/**
 * Histories as the serving thread sees them: asks the worker (`worker-line.ts`), and stores
 * a restore's edit through the collaboration server, so that everybody connected gets it at
 * once.
 */
import type { DocumentId, UserId, VersionId } from "../../app/domain/ids.ts";
import { ok, type Result, refuse } from "../../app/domain/result.ts";
import type { CutVersion, DocumentJson, Histories, OnBehalfOf } from "../../app/operations/services.ts";
import { serverUserId } from "../../db/server-user.ts";
import type { Companions } from "../../db/update-log/rows.ts";
import type { AppendResult, UpdateLog } from "../../db/update-log/update-log.ts";
import type { Repair } from "./follow-log.ts";
import type { Damage } from "./held-documents.ts";
import type { Aside } from "./set-aside.ts";
import { type Told, WorkerLine } from "./worker-line.ts";

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
/** Starts the worker and waits until it can answer. Rejects when it cannot start. */
export async function openHistories(options: HistoriesOptions): Promise<RunningHistories> {
  const histories = new WorkerHistories(options);
  await histories.start();
  return histories;
}

class WorkerHistories implements RunningHistories {
  readonly #options: HistoriesOptions;
  readonly #line: WorkerLine;
  readonly #stopListening: () => void;
  /** Newest durable row we were told of; a version is cut at what was durable when asked. */
  #newestLogId = 0;
  #ticking: NodeJS.Timeout | null = null;
  #hinting: NodeJS.Timeout | null = null;
  /** One restore at a time per document: two would each undo the other. */
  readonly #restores = new Map<string, Promise<unknown>>();

  constructor(options: HistoriesOptions) {
    this.#options = options;
    this.#line = new WorkerLine({
      ...{ path: options.path, memoryMb: options.memoryMb, onTrouble: options.onTrouble },
      onTold: (message) => this.#hear(message),
    });
    this.#stopListening = options.log.onAppended((rows) => {
      for (const row of rows) this.#newestLogId = Math.max(this.#newestLogId, row.logId);
      this.#hint();
    });
  }

  async start(): Promise<void> {
    await this.#line.start();
    this.#ticking = setInterval(() => this.#line.post({ kind: "tick", now: this.#options.now() }), tickMs);
    this.#ticking.unref();
    // Rows may have come while nobody followed.
    this.#line.post({ kind: "appended" });
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
    return this.#line.ask("firstText", json, clientId);
  }

  async firstTextOfCopy(documentId: DocumentId, clientId: number): ReturnType<Histories["firstTextOfCopy"]> {
    return this.#line.ask("firstTextOfCopy", documentId, clientId);
  }

  async packVersion(documentId: DocumentId, versionId: VersionId): ReturnType<Histories["packVersion"]> {
    return this.#line.ask("packVersion", documentId, versionId);
  }

  async packPresent(documentId: DocumentId): ReturnType<Histories["packPresent"]> {
    return this.#line.ask("packPresent", documentId);
  }

  async drawVersion(documentId: DocumentId, versionId: VersionId): ReturnType<Histories["drawVersion"]> {
    return this.#line.ask("drawVersion", documentId, versionId);
  }

  async drawPresent(documentId: DocumentId): ReturnType<Histories["drawPresent"]> {
    return this.#line.ask("drawPresent", documentId);
  }

  async caughtUp(): Promise<void> {
    await this.#line.ask("caughtUp");
  }

  async left(documentId: string): Promise<void> {
    await this.#line.ask("left", documentId);
  }

  async startAgain(name: "authorship" | "search" | "archive"): Promise<void> {
    await this.#line.ask("startAgain", name);
  }

  thin(now: number): Promise<number> {
    return this.#line.ask("thin", now);
  }

  async crash(): Promise<void> {
    const ended = this.#line.ended();
    this.#line.post({ kind: "crash" });
    await ended;
  }

  async close(): Promise<void> {
    this.#stopListening();
    if (this.#ticking) clearInterval(this.#ticking);
    if (this.#hinting) clearTimeout(this.#hinting);
    await this.#line.close();
  }

  async #restore(order: Parameters<Histories["restore"]>[0]): ReturnType<Histories["restore"]> {
    const seq = await this.#seqNow(order.documentId);
    if (!seq.ok) return seq;
    const plan = await this.#line.ask(
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
    const apart = await this.#line.ask("keptApart", order.documentId, {
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
    if (this.#line.isClosing) return;
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
    return this.#line.ask("headSeq", documentId, this.#newestLogId);
  }

  #cutAt(order: CutVersion, seq: number, report: string | null) {
    const { kind, name, note, documentId, by } = order;
    return this.#line.ask("cut", {
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

  /** Waking another thread costs more than most appends do, so not every commit does. */
  #hint(): void {
    this.#hinting ??= setTimeout(() => {
      this.#hinting = null;
      this.#line.post({ kind: "appended" });
    }, hintAfterMs);
  }

  #hear(message: Told): void {
    switch (message.kind) {
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
