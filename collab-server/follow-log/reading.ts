/**
 * Reads the log into memory, document by document: the held documents move on, rows are
 * counted, automatic versions are cut. What fails on one document sets that document
 * aside; when it is tried again, it is read again from where its followers stand.
 * Storing what was read is `follow-log.ts`.
 */
import type { Authorship } from "./authorship.ts";
import type { AutomaticVersions } from "./automatic-versions.ts";
import type { Damage, HeldDocuments } from "./held-documents.ts";
import type { LogRow, LogRows } from "./log-rows.ts";
import type { Progress } from "./progress.ts";
import { type Part, readingParts } from "./set-aside.ts";
import { idleMs } from "./version-rules.ts";

/** Rows read at a time: bounds the memory of one step. */
const batchRows = 2_000;

export interface ReadingParts {
  readonly rows: LogRows;
  readonly documents: HeldDocuments;
  readonly authorship: Authorship;
  readonly versions: AutomaticVersions;
  readonly progress: Progress;
  readonly clock: () => number;
  readonly beforeWork: (part: Part, document: number) => void;
  readonly onDamage: (damage: Damage) => void;
  /** A batch is in memory; `at`: time of its last row. */
  readonly onBatch: (at: number) => void;
  /** Rows that search has not seen are in memory. */
  readonly onNewText: (document: number) => void;
  /** A document was read: a checkpoint may be due. */
  readonly onRead: (document: number) => void;
  /** A document that was set aside or left behind was read again to its end. */
  readonly onReadAgain: (document: number) => void;
}

export class Reading {
  readonly #parts: ReadingParts;
  /** Of the batch under way: documents that are in memory already, and up to which log id. */
  readonly #inMemory = new Map<number, number>();

  constructor(parts: ReadingParts) {
    this.#parts = parts;
  }

  /** Memory holds a part of a batch or of a document, because the store failed in the middle. */
  get isHalfWay(): boolean {
    return this.#inMemory.size > 0 || this.#parts.progress.again.size > 0;
  }

  /** Reads the log to its end. Throws where the store fails; what is in memory stays right. */
  read(): void {
    const { progress, rows, onBatch } = this.#parts;
    for (const document of [...progress.again]) this.readAgain(document);
    for (;;) {
      const batch = rows.after(progress.readTo, batchRows);
      const last = batch.at(-1);
      if (last === undefined) break;
      // By document, so that many busy documents do not push each other out of memory.
      for (const [document, its] of Map.groupBy(batch, (row) => row.document)) {
        const known = this.#inMemory.get(document) ?? 0;
        const unknown = known === 0 ? its : its.filter(({ id }) => id > known);
        if (unknown.length > 0) this.#readNew(document, unknown);
        this.#inMemory.set(document, last.id);
      }
      progress.readTo = last.id;
      this.#inMemory.clear();
      onBatch(last.at);
    }
    for (const document of progress.aside.due(readingParts)) this.readAgain(document);
  }

  /** Tries a document again from where its followers stand; false where it fails again. */
  readAgain(document: number): boolean {
    const { progress, rows, clock, onReadAgain } = this.#parts;
    const startedAt = clock();
    for (const part of readingParts) progress.aside.lift(part, document);
    this.#uncount(document);
    progress.again.add(document);
    const isRead = this.#guarded(document, () => {
      let after = progress.cursors.earliestOf(document);
      for (;;) {
        const batch = rows.ofDocumentAfter(document, after, progress.readTo, batchRows);
        const last = batch.at(-1);
        if (last === undefined) break;
        this.#readRows(document, batch);
        after = last.id;
      }
    });
    progress.again.delete(document);
    if (isRead) onReadAgain(document);
    progress.aside.rest(document, startedAt);
    return isRead;
  }

  #readNew(document: number, rows: readonly LogRow[]): void {
    const { documents, progress, onDamage } = this.#parts;
    if (!documents.isThere(document)) {
      // A damaged number: whose rows they are shows as a gap where they belong.
      for (const { seq } of rows) onDamage({ document, fromSeq: seq, toSeq: seq });
      return;
    }
    progress.aside.news(document);
    if (!progress.aside.has("reading", document))
      this.#guarded(document, () => this.#readRows(document, rows));
  }

  #guarded(document: number, work: () => void): boolean {
    const { progress, documents } = this.#parts;
    try {
      const isRead = progress.aside.attempt("reading", document, work);
      if (isRead) progress.aside.settle("reading");
      return isRead;
    } catch (error) {
      // The store failed, perhaps half way through a row: what is held may not be trusted.
      documents.drop(document);
      progress.again.add(document);
      throw error;
    }
  }

  #uncount(document: number): void {
    this.#parts.authorship.drop(document);
    this.#parts.versions.drop(document);
  }

  #readRows(document: number, rows: readonly LogRow[]): void {
    const { documents, onDamage, beforeWork, onNewText, onRead } = this.#parts;
    const searchedTo = this.#parts.progress.cursors.of("search", document);
    beforeWork("reading", document);
    let held = documents.hold(document);
    let newest = held.seq;
    for (let at = 0, row = rows[0]; row !== undefined; row = rows[at]) {
      const isNext = row.seq === held.seq + 1;
      if (!row.isIntact && !isNext) {
        // Its number may be what is damaged: it must not move the document.
        onDamage({ document, fromSeq: row.seq, toSeq: row.seq });
        at++;
        continue;
      }
      const isBehind = row.seq <= held.seq;
      if (isBehind ? this.#isCounted(row) || this.#isVersioned(row) : !isNext)
        held = documents.holdAt(document, row.seq - 1);
      if (row.id > searchedTo) onNewText(document);
      if (row.seq <= held.seq) {
        at++;
        continue;
      }
      const piece = pieceOfWork(rows, at);
      if (this.#isVersioned(row)) this.#work("versions", row, () => this.#parts.versions.before(held, row));
      const facts = documents.advanceAll(held, piece);
      this.#work("authorship", row, () => {
        for (const [index, its] of piece.entries()) {
          const itsFacts = facts[index];
          if (itsFacts && this.#isCounted(its)) this.#parts.authorship.count(its, itsFacts);
        }
      });
      this.#work("versions", row, () => {
        for (const its of piece) if (this.#isVersioned(its)) this.#parts.versions.after(held, its);
      });
      newest = Math.max(newest, held.seq);
      at += piece.length;
    }
    // A row in a wrong place may have been the last that was read.
    if (held.seq < newest) documents.holdAt(document, newest);
    onRead(document);
  }

  /** Unless the part fails on this document anyway. */
  #work(part: "authorship" | "versions", { document }: LogRow, work: () => void): void {
    const { aside } = this.#parts.progress;
    if (aside.has(part, document)) return;
    aside.attempt(part, document, () => {
      this.#parts.beforeWork(part, document);
      work();
    });
  }

  #isCounted(row: LogRow): boolean {
    const { cursors, aside } = this.#parts.progress;
    return row.id > cursors.of("authorship", row.document) && !aside.has("authorship", row.document);
  }

  #isVersioned(row: LogRow): boolean {
    const { cursors, aside } = this.#parts.progress;
    return row.id > cursors.of("versions", row.document) && !aside.has("versions", row.document);
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
