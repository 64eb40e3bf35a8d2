/**
 * The followers: they read the log behind the hot path, in order, and derive from it
 * who deleted what and how much was written (authorship), what search finds, automatic
 * versions, checkpoints and the archive. Each remembers how far it got in the same
 * transaction as its effects, and can start again from the first row.
 *
 * Reading is in memory and cheap; writing is bundled: while people type, a follower
 * commits every few seconds, so that a keystroke costs few bytes on disk. What a crash
 * takes from memory lies behind the cursor and is read again.
 *
 * A document that a follower cannot process costs that document only: it is set aside,
 * its place is remembered, and from there it is read again later (ADR 0014). A fault
 * of the disk holds back everything and is thrown.
 *
 * Everything here is synchronous and belongs to one worker (`worker.ts`).
 */
import type BetterSqlite3 from "better-sqlite3";
import { countWords, plainText } from "../../app/document/plain-text.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import { freshClientId } from "../../app/operations/create-document.ts";
import { Authorship } from "./authorship.ts";
import { AutomaticVersions } from "./automatic-versions.ts";
import { Checkpoints, checkpointRows, type Fault } from "./checkpoints.ts";
import type { Advance } from "./cursors.ts";
import { faultOf } from "./documents-fault.ts";
import { FollowerTables } from "./follower-tables.ts";
import { type Damage, type Held, HeldDocuments } from "./held-documents.ts";
import { LogRows } from "./log-rows.ts";
import { Progress } from "./progress.ts";
import { Reading } from "./reading.ts";
import { repairOf } from "./repair-tree.ts";
import { type Aside, type Failure, type Part, SetAside } from "./set-aside.ts";

export interface FollowLogOptions {
  readonly sqlite: BetterSqlite3.Database;
  readonly newId: () => string;
  /** A range of history that cannot be read. Told once per range and start. */
  readonly onDamage: (damage: Damage) => void;
  /** A document is set aside, or followed again. Told once each time. */
  readonly onAside?: (aside: Aside) => void;
  readonly onCheckpoint?: (documentId: string) => void;
  /** A document needs this edit of the server's own to be sound again (`repair-tree.ts`). */
  readonly onRepair?: (repair: Repair) => void;
  readonly fault?: Fault;
  /** Called before each piece of work on one document; tests throw here. */
  readonly beforeWork?: (part: Part, document: number) => void;
  /** Ms, from any steady clock: how long work on one document takes. */
  readonly clock?: () => number;
}

export type Repair = {
  readonly documentId: string;
  readonly update: Uint8Array;
  readonly clientIds: readonly number[];
};

/** What a document that ends a worker is taken to cost each time it is tried, ms. */
const endedWorkerMs = 60_000;

/** Pauses between two commits of a follower while people type, ms. */
const pauses: Readonly<Record<"authorship" | "search" | "archive", number>> = {
  authorship: 2_000,
  search: 5_000,
  archive: 60_000,
};

export class FollowLog {
  readonly tables: FollowerTables;
  readonly rows: LogRows;
  readonly documents: HeldDocuments;
  readonly #reading: Reading;
  readonly #progress: Progress;
  readonly #aside: SetAside;
  readonly #authorship: Authorship;
  readonly #checkpoints: Checkpoints;
  readonly #versions: AutomaticVersions;
  readonly #options: FollowLogOptions;
  readonly #fault: Fault;
  readonly #beforeWork: (part: Part, document: number) => void;
  readonly #clock: () => number;
  readonly #changedTexts = new Set<number>();
  readonly #dueCheckpoints = new Set<number>();
  readonly #checkpointSeq = new Map<number, number>();
  readonly #flushedAt = { authorship: 0, search: 0, archive: 0 };

  constructor(options: FollowLogOptions) {
    const { sqlite, newId } = options;
    this.#options = options;
    this.#fault = options.fault ?? (() => undefined);
    this.#beforeWork = options.beforeWork ?? (() => undefined);
    const clock = options.clock ?? (() => performance.now());
    this.#clock = clock;
    const told = new Set<string>();
    const onDamage = (damage: Damage) => {
      const key = `${damage.document}:${damage.fromSeq}:${damage.toSeq}`;
      if (!told.has(key)) options.onDamage(damage);
      told.add(key);
    };
    this.tables = new FollowerTables(sqlite);
    this.rows = new LogRows(sqlite);
    this.documents = new HeldDocuments(sqlite, this.rows, onDamage, (document, error) =>
      this.#aside.put("reading", document, { fault: faultOf(error), startedAt: clock() }),
    );
    this.#authorship = new Authorship(this.tables);
    this.#checkpoints = new Checkpoints(sqlite, this.#fault);
    this.#versions = new AutomaticVersions(this.tables, this.documents, newId, (...which) =>
      this.deletionsOf(...which),
    );
    this.#aside = new SetAside({
      sqlite,
      clock,
      tell: options.onAside ?? (() => undefined),
      onPut: (part, document) => this.#forget(part, document),
    });
    this.#progress = new Progress(this.tables, this.#aside);
    this.#reading = new Reading({
      rows: this.rows,
      documents: this.documents,
      authorship: this.#authorship,
      versions: this.#versions,
      progress: this.#progress,
      clock,
      beforeWork: this.#beforeWork,
      onDamage,
      onBatch: (at) => {
        if (this.documents.wantsRoom) this.#flushArchive(at);
      },
      onNewText: (document) => this.#changedTexts.add(document),
      onRead: (document) => this.#considerCheckpoint(document),
      onReadAgain: (document) => {
        if (this.#progress.cursors.isBehind("search", document)) this.#changedTexts.add(document);
        if (this.#progress.cursors.isBehind("checkpoints", document)) this.#dueCheckpoints.add(document);
      },
    });
  }

  /** Leaves a document aside that ended an earlier worker, so that no error could be caught. */
  leaveAside(document: number, fault: string): void {
    this.#aside.put("reading", document, { fault, startedAt: this.#clock() - endedWorkerMs });
  }

  /** Reads the log to its end, into memory. Throws where the store fails. */
  read(): void {
    this.#reading.read();
  }

  /** Commits what is due; with `all`, everything there is. `now` in ms, from any steady clock. */
  flush(order: { readonly all: boolean; readonly now: number }): void {
    // Half of something would be stored, and the cursor would say all or nothing of it.
    if (this.#reading.isHalfWay) this.read();
    const isDue = (name: keyof typeof pauses) =>
      order.all || order.now - this.#flushedAt[name] >= pauses[name] || order.now < this.#flushedAt[name];
    if (isDue("authorship")) {
      this.#flushAuthorship(order.now);
      this.#flushedAt.authorship = order.now;
    }
    if (isDue("search")) {
      this.#flushSearch(order.now);
      this.#flushedAt.search = order.now;
    }
    this.#makeCheckpoints(order.now);
    if (isDue("archive")) {
      this.#flushArchive(order.now);
      this.#flushedAt.archive = order.now;
    }
  }

  /** Something was read that no follower has committed yet. */
  get hasUnwritten(): boolean {
    return (
      this.#versions.hasWaiting ||
      this.#ready("checkpoints", this.#dueCheckpoints).length > 0 ||
      (["authorship", "search", "archive"] as const).some((name) => this.#progress.isUnwritten(name))
    );
  }

  /** Stores versions cut by rule, so that one cut on demand comes after them. */
  storeVersions(): void {
    if (this.#versions.hasWaiting) this.#flushAuthorship(this.#flushedAt.authorship);
  }

  /**
   * A document at its newest row. Null where it cannot be read: what is held of it would
   * be old, and must not be taken for the present.
   */
  present(document: number): Held | null {
    if (this.#aside.has("reading", document)) {
      const isWorthIt = this.#aside.hasRested("reading", document);
      if (!isWorthIt || !this.#reading.readAgain(document)) return null;
    }
    return this.documents.hold(document);
  }

  /** False where it is not on record yet who deleted what in a document: nothing may be built on that. */
  knowsAuthors(document: number): boolean {
    return !this.#aside.has("authorship", document);
  }

  /** The last person closed the document: what they deleted need not travel any more. */
  left(documentId: string): void {
    const document = this.documents.byId(documentId);
    if (document === null) return;
    this.#dueCheckpoints.add(document.number);
    this.#aside.news(document.number);
  }

  /** Cuts the versions of documents that have been quiet long enough. */
  quiet(now: number): void {
    for (const document of this.#versions.quietAt(now))
      if (!this.#aside.has("versions", document))
        this.#aside.attempt("versions", document, () => this.#versions.quiet(document));
  }

  /** Thins old automatic versions; gives back how many went. */
  thin(now: number): number {
    return this.#versions.thin(now);
  }

  /** Who deleted what in rows after `afterSeq` up to `toSeq`, committed or not yet. */
  deletionsOf(document: number, afterSeq: number, toSeq: number) {
    return this.#authorship.deletionsOf(document, afterSeq, toSeq);
  }

  /**
   * Lets a follower start again from the first row. Versions cannot: they are records
   * that people refer to, not something derived.
   */
  startAgain(name: "authorship" | "search" | "archive"): void {
    this.flush({ all: true, now: this.#flushedAt.archive });
    this.tables.inTransaction(() => this.tables.empty(name));
    this.documents.forget();
    this.#checkpointSeq.clear();
    this.#progress.startAgain();
  }

  /** What was made in memory of a document that is set aside: it is made anew later. */
  #forget(part: Part, document: number): void {
    if (part === "authorship" || part === "reading") this.#authorship.drop(document);
    if (part === "authorship" || part === "reading" || part === "versions") this.#versions.drop(document);
    if (part === "reading") this.documents.drop(document);
  }

  #ready(part: Part, documents: Iterable<number>): readonly number[] {
    return [...documents].filter((document) => this.#aside.isReady(part, document));
  }

  #considerCheckpoint(document: number): void {
    const newest = this.#checkpointSeq.get(document) ?? this.#checkpoints.newestSeq(document);
    this.#checkpointSeq.set(document, newest);
    if (this.documents.hold(document).seq - newest >= checkpointRows) this.#dueCheckpoints.add(document);
  }

  /** What went through: the cursors stand there, and what the tables refused is set aside. */
  #committed(steps: readonly Advance[], refused: ReadonlyMap<Part, ReadonlyMap<number, Failure>>): void {
    for (const step of steps) this.#progress.cursors.committed(step);
    for (const [part, failures] of refused)
      for (const [document, failure] of failures) this.#aside.put(part, document, failure);
    for (const { name } of steps) this.#aside.settle(name);
  }

  #flushAuthorship(at: number): void {
    const progress = this.#progress;
    const isUnwritten = progress.isUnwritten("authorship") || progress.isUnwritten("versions");
    if (!isUnwritten && !this.#versions.hasWaiting) return;
    const counted = this.#authorship.documents();
    const cut = this.#versions.documents();
    const { steps, refused } = this.tables.inTransaction(() => {
      const uncounted = this.#aside.storeEach(counted, (document) => this.#authorship.store(document));
      const whole = cut.filter((document) => !uncounted.has(document));
      const uncut = this.#aside.storeEach(whole, (document) => this.#versions.store(document));
      this.#fault("authorship: before cursor");
      const steps = [
        progress.advance("authorship", at, uncounted),
        progress.advance("versions", at, new Map([...uncounted, ...uncut])),
      ];
      for (const step of steps) progress.cursors.write(step);
      return { steps, refused: new Map([["authorship", uncounted] as const, ["versions", uncut] as const]) };
    });
    for (const document of counted) this.#authorship.drop(document);
    for (const document of cut) this.#versions.drop(document);
    this.#committed(steps, refused);
    this.#fault("authorship: committed");
  }

  #flushSearch(at: number): void {
    const progress = this.#progress;
    const changed = this.#ready("search", this.#changedTexts);
    if (changed.length === 0 && !progress.isUnwritten("search")) return;
    const texts = new Map<number, { seq: number; body: string; words: number; repair: Repair | null }>();
    for (const document of changed) {
      if (!this.#aside.isReady("search", document)) continue;
      this.#aside.lift("search", document);
      const isRead = this.#aside.attempt("search", document, () => {
        this.#beforeWork("search", document);
        const held = this.documents.hold(document);
        const body = plainText(readDocument(held.doc).json);
        texts.set(document, { seq: held.seq, body, words: countWords(body), repair: this.#repairOf(held) });
      });
      if (!isRead) this.#changedTexts.delete(document);
    }
    const { step, refused } = this.tables.inTransaction(() => {
      const refused = this.#aside.storeEach(texts.keys(), (number) => {
        const text = texts.get(number);
        if (text) this.tables.setText(this.documents.facts(number), text);
      });
      this.#fault("search: before cursor");
      const step = progress.advance("search", at, refused);
      progress.cursors.write(step);
      return { step, refused };
    });
    for (const document of texts.keys()) this.#changedTexts.delete(document);
    this.#committed([step], new Map([["search", refused]]));
    this.#fault("search: committed");
    for (const { repair } of texts.values()) if (repair) this.#options.onRepair?.(repair);
  }

  /** Asked of changed documents only: a refused repair is not tried again until somebody writes. */
  #repairOf(held: Held): Repair | null {
    // What a damaged row hides may look like a broken tree.
    if (held.damaged.length > 0) return null;
    const repair = repairOf(held.doc, freshClientId(this.#options.newId()));
    return repair && { documentId: this.documents.facts(held.number).id, ...repair };
  }

  #makeCheckpoints(at: number): void {
    for (const document of this.#ready("checkpoints", this.#dueCheckpoints)) {
      this.#aside.lift("checkpoints", document);
      this.#aside.attempt("checkpoints", document, () => {
        this.#beforeWork("checkpoints", document);
        const held = this.documents.hold(document);
        const facts = this.documents.facts(document);
        if (this.#checkpoints.make(held, facts, at)) this.#options.onCheckpoint?.(facts.id);
        this.#checkpointSeq.set(document, held.seq);
      });
      this.#dueCheckpoints.delete(document);
    }
  }

  /**
   * After authorship only: what starts from the archive must not have missed anything. A
   * document on which authorship fails is read from its first row when it is tried again.
   */
  #flushArchive(at: number): void {
    this.#flushAuthorship(at);
    this.#fault("archive: before");
    const progress = this.#progress;
    const isUnwritten = progress.isUnwritten("archive") || progress.isUnwritten("checkpoints");
    if (!isUnwritten && this.#aside.due(["archive"]).length === 0) return;
    const packed = new Map<number, Parameters<FollowerTables["setArchive"]>[0]>();
    for (const { pack, ...row } of [...this.documents.unarchived()])
      this.#aside.attempt("reading", row.number, () => {
        if (this.#aside.isReady("archive", row.number)) packed.set(row.number, { ...row, state: pack() });
        // Its state would wait in memory for ever; read anew, it needs none.
        else if (this.documents.isCold(row.number)) throw new Error("There is no room for it");
      });
    for (const document of packed.keys()) this.#aside.lift("archive", document);
    const { steps, refused } = this.tables.inTransaction(() => {
      const refused = this.#aside.storeEach(packed.keys(), (document) => {
        this.#beforeWork("archive", document);
        const row = packed.get(document);
        if (row) this.tables.setArchive(row, this.documents.facts(document), at);
      });
      const steps = [progress.advance("checkpoints", at), progress.advance("archive", at, refused)];
      const [checkpoints, archive] = steps;
      if (checkpoints) progress.cursors.write(checkpoints);
      this.#fault("archive: before cursor");
      if (archive) progress.cursors.write(archive);
      return { steps, refused };
    });
    for (const document of packed.keys()) if (!refused.has(document)) this.documents.archived(document);
    this.#committed(steps, new Map([["archive", refused]]));
    this.#fault("archive: committed");
  }
}
