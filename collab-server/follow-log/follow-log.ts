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
 * Everything here is synchronous and belongs to one worker (`worker.ts`).
 */
import type BetterSqlite3 from "better-sqlite3";
import { countWords, plainText } from "../../app/document/plain-text.ts";
import { readDocument } from "../../app/document/read-fragment.ts";
import { freshClientId } from "../../app/operations/create-document.ts";
import type { Author } from "./author-of.ts";
import { AutomaticVersions } from "./automatic-versions.ts";
import { Checkpoints, checkpointRows, type Fault } from "./checkpoints.ts";
import { type Activity, type Follower, FollowerTables, followers } from "./follower-tables.ts";
import { type Damage, type Held, HeldDocuments } from "./held-documents.ts";
import type { IdRanges } from "./id-ranges.ts";
import { type LogRow, LogRows } from "./log-rows.ts";
import { repairOf } from "./repair-tree.ts";
import { idleMs } from "./version-rules.ts";

export interface FollowLogOptions {
  readonly sqlite: BetterSqlite3.Database;
  readonly newId: () => string;
  /** A range of history that cannot be read. Told once per range and start. */
  readonly onDamage: (damage: Damage) => void;
  readonly onCheckpoint?: (documentId: string) => void;
  /** A document needs this edit of the server's own to be sound again (`repair-tree.ts`). */
  readonly onRepair?: (repair: Repair) => void;
  readonly fault?: Fault;
}

export type Repair = {
  readonly documentId: string;
  readonly update: Uint8Array;
  readonly clientIds: readonly number[];
};

const dayMs = 24 * 60 * 60 * 1000;
/** Rows read at a time: bounds the memory of one step. */
const batchRows = 2_000;
/** Pauses between two commits of a follower while people type, ms. */
const pauses: Readonly<Record<"authorship" | "search" | "archive", number>> = {
  authorship: 2_000,
  search: 5_000,
  archive: 60_000,
};

type Deletion = { document: number; seq: number; author: Author; ranges: IdRanges };

export class FollowLog {
  readonly tables: FollowerTables;
  readonly rows: LogRows;
  readonly documents: HeldDocuments;
  readonly #checkpoints: Checkpoints;
  readonly #versions: AutomaticVersions;
  readonly #fault: Fault;
  readonly #onCheckpoint: (documentId: string) => void;
  readonly #onRepair: (repair: Repair) => void;
  readonly #newId: () => string;
  /** As stored; rows at or before a follower's cursor are not read to it again. */
  #cursors: Record<Follower, number>;
  /** Everything up to here is in memory. */
  #readTo: number;
  #deletions: Deletion[] = [];
  #activity = new Map<string, Activity>();
  #changedTexts = new Set<number>();
  #dueCheckpoints = new Set<number>();
  #checkpointSeq = new Map<number, number>();
  /** The day (UTC) of the row counted last, spelt once. */
  #day = { number: Number.NaN, name: "" };
  #flushedAt = { authorship: 0, search: 0, archive: 0 };

  constructor(options: FollowLogOptions) {
    this.#fault = options.fault ?? (() => undefined);
    this.#onCheckpoint = options.onCheckpoint ?? (() => undefined);
    this.#onRepair = options.onRepair ?? (() => undefined);
    this.#newId = options.newId;
    const told = new Set<string>();
    this.tables = new FollowerTables(options.sqlite);
    this.rows = new LogRows(options.sqlite);
    this.documents = new HeldDocuments(options.sqlite, this.rows, (damage) => {
      const key = `${damage.document}:${damage.fromSeq}:${damage.toSeq}`;
      if (!told.has(key)) options.onDamage(damage);
      told.add(key);
    });
    this.#checkpoints = new Checkpoints(options.sqlite, this.#fault);
    this.#versions = new AutomaticVersions(this.tables, this.documents, options.newId, (...which) =>
      this.deletionsOf(...which),
    );
    this.#cursors = this.tables.cursors();
    this.#readTo = Math.min(...followers.map((name) => this.#cursors[name]));
  }

  /** Reads the log to its end, into memory. */
  read(): void {
    for (;;) {
      const rows = this.rows.after(this.#readTo, batchRows);
      if (rows.length === 0) return;
      // By document, so that many busy documents do not push each other out of memory.
      const byDocument = Map.groupBy(rows, (row) => row.document);
      for (const [document, its] of byDocument) this.#readDocument(document, its);
      this.#readTo = rows[rows.length - 1]?.id ?? this.#readTo;
      if (this.documents.wantsRoom) this.#flushArchive(rows[rows.length - 1]?.at ?? 0);
    }
  }

  /** Commits what is due; with `all`, everything there is. `now` in ms, from any steady clock. */
  flush(order: { readonly all: boolean; readonly now: number }): void {
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
    this.#flushCheckpoints(order.now);
    if (isDue("archive")) {
      this.#flushArchive(order.now);
      this.#flushedAt.archive = order.now;
    }
  }

  /** Something was read that no follower has committed yet. */
  get hasUnwritten(): boolean {
    return (
      this.#versions.hasWaiting ||
      this.#dueCheckpoints.size > 0 ||
      this.#cursors.authorship < this.#readTo ||
      this.#cursors.search < this.#readTo ||
      this.#cursors.archive < this.#readTo
    );
  }

  /** Stores versions cut by rule, so that one cut on demand comes after them. */
  storeVersions(): void {
    if (this.#versions.hasWaiting) this.#flushAuthorship(this.#flushedAt.authorship);
  }

  /** The last person closed the document: what they deleted need not travel any more. */
  left(documentId: string): void {
    const document = this.documents.byId(documentId);
    if (document) this.#dueCheckpoints.add(document.number);
  }

  /** Cuts the versions of documents that have been quiet long enough. */
  quiet(now: number): void {
    this.#versions.quiet(now);
  }

  /** Thins old automatic versions; gives back how many went. */
  thin(now: number): number {
    return this.#versions.thin(now);
  }

  /** Who deleted what in rows after `afterSeq` up to `toSeq`, committed or not yet. */
  deletionsOf(document: number, afterSeq: number, toSeq: number) {
    const waiting = this.#deletions.filter(
      (deletion) => deletion.document === document && deletion.seq > afterSeq && deletion.seq <= toSeq,
    );
    return [...this.tables.deletions(document, afterSeq, toSeq), ...waiting];
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
    this.#cursors = this.tables.cursors();
    this.#readTo = Math.min(...followers.map((each) => this.#cursors[each]));
  }

  #readDocument(document: number, rows: readonly LogRow[]): void {
    let held = this.documents.hold(document);
    for (let at = 0, row = rows[0]; row !== undefined; row = rows[at]) {
      const isBehind = row.seq <= held.seq;
      if (isBehind ? this.#isCounted(row) || this.#isVersioned(row) : row.seq > held.seq + 1)
        held = this.documents.holdAt(document, row.seq - 1);
      if (row.id > this.#cursors.search) this.#changedTexts.add(document);
      if (row.seq <= held.seq) {
        at++;
        continue;
      }
      if (this.#isVersioned(row)) this.#versions.before(held, row);
      const piece = pieceOfWork(rows, at);
      const facts = this.documents.advanceAll(held, piece);
      for (const [index, itsRow] of piece.entries()) {
        const itsFacts = facts[index];
        if (this.#isVersioned(itsRow)) this.#versions.after(held, itsRow);
        if (this.#isCounted(itsRow) && itsFacts) this.#count(itsRow, itsFacts);
      }
      at += piece.length;
    }
    this.#considerCheckpoint(held);
  }

  #isCounted(row: LogRow): boolean {
    return row.id > this.#cursors.authorship;
  }

  #isVersioned(row: LogRow): boolean {
    return row.id > this.#cursors.versions;
  }

  #count(
    row: LogRow,
    facts: { charactersAdded: number; charactersRemoved: number; deleted: IdRanges },
  ): void {
    const isPerson = row.source.actorKind === "user" || row.source.actorKind === "demo";
    const author: Author = isPerson
      ? { userId: row.source.userId, side: row.source.side }
      : { userId: this.tables.serverUserId, side: null };
    if (!facts.deleted.isEmpty)
      this.#deletions.push({ document: row.document, seq: row.seq, author, ranges: facts.deleted });
    // The first row of a document is its template or import: nobody's writing.
    if (!isPerson || row.seq === 1 || facts.charactersAdded + facts.charactersRemoved === 0) return;
    const day = this.#dayOf(row.at);
    const key = `${row.document}|${day}|${author.userId}`;
    const known = this.#activity.get(key);
    if (known) {
      known.side = author.side;
      known.added += facts.charactersAdded;
      known.removed += facts.charactersRemoved;
      known.firstAt = Math.min(known.firstAt, row.at);
      known.lastAt = Math.max(known.lastAt, row.at);
      return;
    }
    this.#activity.set(key, {
      document: row.document,
      day,
      ...author,
      added: facts.charactersAdded,
      removed: facts.charactersRemoved,
      firstAt: row.at,
      lastAt: row.at,
    });
  }

  #dayOf(at: number): string {
    const number = Math.floor(at / dayMs);
    if (number !== this.#day.number) this.#day = { number, name: new Date(at).toISOString().slice(0, 10) };
    return this.#day.name;
  }

  #considerCheckpoint(held: Held): void {
    const newest = this.#checkpointSeq.get(held.number) ?? this.#checkpoints.newestSeq(held.number);
    this.#checkpointSeq.set(held.number, newest);
    if (held.seq - newest >= checkpointRows) this.#dueCheckpoints.add(held.number);
  }

  #flushAuthorship(at: number): void {
    const isUpToDate = this.#cursors.authorship >= this.#readTo && this.#cursors.versions >= this.#readTo;
    if (isUpToDate && !this.#versions.hasWaiting) return;
    // While authorship is read again from the start, versions stay where they were.
    const versions = Math.max(this.#cursors.versions, this.#readTo);
    this.tables.inTransaction(() => {
      for (const deletion of this.#deletions)
        this.tables.addDeletion(deletion.document, deletion.seq, deletion.author, deletion.ranges);
      for (const activity of this.#activity.values()) this.tables.addActivity(activity);
      this.#versions.store();
      this.#fault("authorship: before cursor");
      this.tables.setCursor("authorship", this.#readTo, at);
      this.tables.setCursor("versions", versions, at);
    });
    this.#deletions = [];
    this.#activity.clear();
    this.#versions.stored();
    this.#cursors.authorship = this.#readTo;
    this.#cursors.versions = versions;
    this.#fault("authorship: committed");
  }

  #flushSearch(at: number): void {
    if (this.#cursors.search >= this.#readTo) return;
    const repairs: Repair[] = [];
    const texts = [...this.#changedTexts].map((number) => {
      const held = this.documents.hold(number);
      const body = plainText(readDocument(held.doc).json);
      const repair = this.#repairOf(held);
      if (repair) repairs.push(repair);
      return { number, seq: held.seq, body, words: countWords(body) };
    });
    this.tables.inTransaction(() => {
      for (const text of texts) this.tables.setText(this.documents.facts(text.number), text);
      this.#fault("search: before cursor");
      this.tables.setCursor("search", this.#readTo, at);
    });
    this.#changedTexts.clear();
    this.#cursors.search = this.#readTo;
    this.#fault("search: committed");
    for (const repair of repairs) this.#onRepair(repair);
  }

  /** Asked of changed documents only: a refused repair is not tried again until somebody writes. */
  #repairOf(held: Held): Repair | null {
    // What a damaged row hides may look like a broken tree.
    if (held.damaged.length > 0) return null;
    const repair = repairOf(held.doc, freshClientId(this.#newId()));
    return repair && { documentId: this.documents.facts(held.number).id, ...repair };
  }

  #flushCheckpoints(at: number): void {
    for (const number of this.#dueCheckpoints) {
      const held = this.documents.hold(number);
      const { epoch, id } = this.documents.facts(number);
      if (this.#checkpoints.make(held, epoch, at)) this.#onCheckpoint(id);
      this.#checkpointSeq.set(number, held.seq);
      this.#dueCheckpoints.delete(number);
    }
    if (this.#cursors.checkpoints >= this.#readTo) return;
    this.#cursors.checkpoints = this.#readTo;
  }

  /** After authorship only: what starts from the archive must not have missed anything. */
  #flushArchive(at: number): void {
    this.#flushAuthorship(at);
    this.#fault("archive: before");
    if (this.#cursors.archive >= this.#readTo) return;
    this.tables.inTransaction(() => {
      for (const row of this.documents.unarchived())
        this.tables.setArchive(row, this.documents.facts(row.number).epoch, at);
      this.tables.setCursor("checkpoints", this.#readTo, at);
      this.#fault("archive: before cursor");
      this.tables.setCursor("archive", this.#readTo, at);
    });
    this.documents.archived();
    this.#cursors.archive = this.#readTo;
    this.#fault("archive: committed");
  }
}

/**
 * Rows from `from` on between which no version is ever cut: one after the other without
 * a pause. The first row of a document stands alone, because a version is cut behind it.
 */
function pieceOfWork(rows: readonly LogRow[], from: number): readonly LogRow[] {
  let end = from + 1;
  for (let before = rows[from], row = rows[end]; before && row; row = rows[++end]) {
    const follows = row.seq === before.seq + 1 && row.at - before.at < idleMs;
    if (before.seq === 1 || !follows) break;
    before = row;
  }
  return rows.slice(from, end);
}
