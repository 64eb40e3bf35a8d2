/**
 * The documents followers hold: at most 32 with their whole history in memory, least
 * recently used (rulings 7). One that must go leaves its packed state behind, in memory
 * first and in `archive` from time to time; the log alone could rebuild all of it.
 *
 * A damaged or missing row is left out. What it hid of the present text comes from the
 * checkpoint; its history stays missing and is reported as a range.
 */
import type BetterSqlite3 from "better-sqlite3";
import * as Y from "yjs";
import { isProvedArchive } from "../../db/update-log/archive-hash.ts";
import { checkpointsOf } from "../../db/update-log/stored-checkpoints.ts";
import { applyRow, type RowFacts } from "./apply-row.ts";
import { PlainRun } from "./apply-run.ts";
import type { LogRow, LogRows } from "./log-rows.ts";
import { prepared } from "./prepared.ts";
import {
  documentOf,
  foldUpdates,
  historyDocument,
  packState,
  plainState,
  unpackState,
} from "./yjs-history.ts";

export interface DocumentFacts {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly lineage: string;
  readonly epoch: string;
  readonly schemaNumber: number;
}

export interface Held {
  readonly number: number;
  doc: Y.Doc;
  /** The document stands exactly after this row; 0 before the first. */
  seq: number;
  logId: number;
  /** Time of the last row, and who wrote last where it was a person. */
  at: number;
  lastSide: string | null;
  /** `archive` holds this document up to here. */
  archivedSeq: number;
  /** What `archive` holds is damaged, and this was made from the log in its place. */
  replacesArchive: boolean;
  /** Rows that could not be read, by seq; of several missing in a row, the first and the last. */
  readonly damaged: number[];
  /** Seq of the checkpoint that filled what they left open; 0 for none. */
  mendedTo: number;
  /** A run of its rows did what its bytes do not tell: from then on they go one by one. */
  isCareful: boolean;
}

type Cold = {
  readonly state: Uint8Array;
  readonly held: Omit<Held, "doc">;
};

/** A document's state could not be written down: nothing of it is held any more. */
export type OnLost = (document: number, error: unknown) => void;

export type Damage = { readonly document: number; readonly fromSeq: number; readonly toSeq: number };

const heldMax = 32;
/** States kept in memory before they are written out, bytes. */
const coldBytesMax = 48 * 1024 * 1024;

export class HeldDocuments {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #rows: LogRows;
  readonly #report: (damage: Damage) => void;
  readonly #onLost: OnLost;
  readonly #held = new Map<number, Held>();
  readonly #cold = new Map<number, Cold>();
  #coldBytes = 0;

  constructor(
    sqlite: BetterSqlite3.Database,
    rows: LogRows,
    report: (damage: Damage) => void,
    onLost: OnLost,
  ) {
    this.#sqlite = sqlite;
    this.#rows = rows;
    this.#report = report;
    this.#onLost = onLost;
  }

  get count(): number {
    return this.#held.size;
  }

  /** True where so much waits in memory that it should be written to `archive`. */
  get wantsRoom(): boolean {
    return this.#coldBytes > coldBytesMax;
  }

  /** Throws where there is no such document. */
  facts(number: number): DocumentFacts {
    const facts = prepared(
      this.#sqlite,
      `select number, id, title, lineage_id as lineage, epoch, schema_number as schemaNumber
         from document where number = ?`,
    ).get(number) as DocumentFacts | undefined;
    if (facts === undefined) throw new Error(`There is no document ${number}`);
    return facts;
  }

  isThere(number: number): boolean {
    return (
      this.#held.has(number) ||
      prepared(this.#sqlite, "select 1 from document where number = ?").pluck().get(number) === 1
    );
  }

  byId(id: string): DocumentFacts | null {
    const number = prepared(this.#sqlite, "select number from document where id = ?").pluck().get(id);
    return number === undefined ? null : this.facts(number as number);
  }

  /** The document as held now: after some row, perhaps after all of them. */
  hold(number: number): Held {
    const known = this.#held.get(number);
    if (known) {
      this.#held.delete(number);
      this.#held.set(number, known);
      return known;
    }
    const held = this.#thaw(number) ?? this.#fromArchive(number) ?? emptyHeld(number);
    this.#held.set(number, held);
    this.#evict();
    return held;
  }

  /** The document standing exactly at `seq`; replayed from its first row where it is past that. */
  holdAt(number: number, seq: number): Held {
    const held = this.hold(number);
    if (held.seq < seq)
      for (const row of this.#rows.ofDocument(number, held.seq + 1, seq, held.logId))
        if (row.isIntact || row.seq === held.seq + 1) this.advance(held, row);
    if (held.seq === seq) return held;
    // It is past that, or rows are missing or stand in a wrong place.
    const made = this.replay(number, seq);
    held.doc.destroy();
    this.#held.set(number, made);
    return made;
  }

  /** A document made anew from rows 1…`seq`, for an instant that is past. Not kept. */
  replay(number: number, seq: number): Held {
    const rows = this.#rows.ofDocument(number, 1, seq);
    const broken = new Set(rows.filter((row) => !row.isIntact).map((row) => row.seq));
    const held: Held = { ...emptyHeld(number), doc: replayed(rows, broken), damaged: [...broken] };
    for (const row of rows) {
      this.#noteGap(held, row.seq);
      if (broken.has(row.seq)) this.#report({ document: number, fromSeq: row.seq, toSeq: row.seq });
      step(held, row);
    }
    this.#noteGap(held, seq + 1);
    held.seq = seq;
    this.#mend(held);
    return held;
  }

  /** Applies the next row of a held document. Null where the row was damaged and left out. */
  advance(held: Held, row: LogRow): RowFacts | null {
    this.#noteGap(held, row.seq);
    let facts: RowFacts | null = null;
    if (row.isIntact) {
      try {
        facts = applyRow(held.doc, row.bytes);
      } catch {
        // Yjs may have stopped half way through: what is held can no longer be trusted.
        held.doc = this.replay(held.number, held.seq).doc;
      }
    }
    step(held, row);
    if (facts === null) {
      held.damaged.push(row.seq);
      this.#report({ document: row.document, fromSeq: row.seq, toSeq: row.seq });
    }
    this.#mend(held);
    return facts;
  }

  /** Applies the next rows of a held document, which follow each other; an answer each, as `advance`. */
  advanceAll(held: Held, rows: readonly LogRow[]): readonly (RowFacts | null)[] {
    const answers: (RowFacts | null)[] = [];
    for (let row = rows[0]; row !== undefined; row = rows[answers.length]) {
      const run = held.isCareful ? null : this.#advanceRun(held, rows, answers.length);
      if (run === null) answers.push(this.advance(held, row));
      else for (const facts of run) answers.push(facts);
    }
    return answers;
  }

  /** The plain rows from `from` on, together; null where there are not even two. */
  #advanceRun(held: Held, rows: readonly LogRow[], from: number): readonly RowFacts[] | null {
    const run = new PlainRun(held.doc);
    for (let row = rows[from]; row?.isIntact && run.take(row.bytes); ) row = rows[from + run.length];
    if (run.length < 2) return null;
    let facts: readonly RowFacts[] | null = null;
    try {
      facts = run.apply();
    } catch {
      // As below: one of them is to blame, and row by row it is found.
    }
    if (facts === null) {
      held.doc = this.replay(held.number, held.seq).doc;
      held.isCareful = true;
      return null;
    }
    for (const row of rows.slice(from, from + run.length)) {
      this.#noteGap(held, row.seq);
      step(held, row);
    }
    this.#mend(held);
    return facts;
  }

  /** Forgets what is held, so that it is read from the log again. */
  forget(): void {
    for (const number of [...this.#held.keys(), ...this.#cold.keys()]) this.drop(number);
  }

  /** Forgets one document. */
  drop(number: number): void {
    this.#held.get(number)?.doc.destroy();
    this.#held.delete(number);
    this.#coldBytes -= this.#cold.get(number)?.state.length ?? 0;
    this.#cold.delete(number);
  }

  /** True where only its packed state is kept, and only until it is archived. */
  isCold(number: number): boolean {
    return this.#cold.has(number);
  }

  /** Documents that `archive` does not hold completely. `pack` throws where a state cannot be written down. */
  *unarchived(): Generator<{
    number: number;
    seq: number;
    logId: number;
    replaces: boolean;
    pack: () => Uint8Array;
  }> {
    for (const { number, seq, logId, archivedSeq, replacesArchive: replaces, doc } of this.#held.values())
      if (seq > archivedSeq) yield { number, seq, logId, replaces, pack: () => packState(plainState(doc)) };
    for (const [number, { state, held }] of this.#cold) {
      const { seq, logId, replacesArchive: replaces } = held;
      yield { number, seq, logId, replaces, pack: () => packState(state) };
    }
  }

  /** Called when what `unarchived` gave of a document is on disk. */
  archived(number: number): void {
    const held = this.#held.get(number);
    if (held) Object.assign(held, { archivedSeq: held.seq, replacesArchive: false });
    if (this.#cold.has(number)) this.drop(number);
  }

  #thaw(number: number): Held | null {
    const cold = this.#cold.get(number);
    if (!cold) return null;
    this.#cold.delete(number);
    this.#coldBytes -= cold.state.length;
    return { ...cold.held, doc: documentOf(cold.state) };
  }

  #fromArchive(number: number): Held | null {
    const row = prepared(this.#sqlite, "select seq, log_id, state, hash from archive where document = ?").get(
      number,
    ) as { seq: number; log_id: number; state: Buffer; hash: Buffer | null } | undefined;
    if (!row) return this.#wasArchived(number) ? this.#insteadOfArchive(number) : null;
    const doc = isProvedArchive(this.facts(number).id, row) ? unpackedOrNull(row.state) : null;
    if (doc === null) return this.#insteadOfArchive(number);
    const last = prepared(
      this.#sqlite,
      `select log.at, log_source.side, log_source.actor_kind as kind from log
         join log_source on log_source.id = log.source
         where log.id = ? and log.document = ? and log.seq = ?`,
    ).get(row.log_id, number, row.seq) as { at: number; side: string | null; kind: string } | undefined;
    return {
      number,
      doc,
      seq: row.seq,
      logId: row.log_id,
      at: last?.at ?? 0,
      lastSide: last && (last.kind === "user" || last.kind === "demo") ? last.side : null,
      archivedSeq: row.seq,
      replacesArchive: false,
      damaged: [],
      mendedTo: 0,
      isCareful: false,
    };
  }

  /** Where the archive's follower stands in the log. */
  #archivedTo(): number {
    const logId = prepared(this.#sqlite, "select log_id from follower where name = 'archive'").pluck().get();
    return (logId as number | undefined) ?? 0;
  }

  /** Had the document rows when the archive's follower came by, and was it not left behind? */
  #wasArchived(number: number): boolean {
    const first = prepared(this.#sqlite, "select min(log_id) from checkpoint where document = ?")
      .pluck()
      .get(number) as number | null;
    if (first === null || first > this.#archivedTo()) return false;
    return (
      prepared(this.#sqlite, "select 1 from set_aside where document = ? and follower = 'archive'")
        .pluck()
        .get(number) !== 1
    );
  }

  /** A derived copy that is damaged or gone: the log makes it again, up to where the archive's follower stands. */
  #insteadOfArchive(number: number): Held {
    const sealedTo = prepared(this.#sqlite, "select max(to_seq) from segment where document = ?")
      .pluck()
      .get(number) as number | null;
    const seq = this.#rows.seqAt(number, this.#archivedTo()) ?? sealedTo ?? 0;
    this.#report({ document: number, fromSeq: 0, toSeq: seq });
    return { ...this.replay(number, seq), replacesArchive: true };
  }

  /** Rows between what is held and `nextSeq` are nowhere: as good as damaged. */
  #noteGap(held: Held, nextSeq: number): void {
    if (nextSeq <= held.seq + 1) return;
    for (const range of this.#rows.missing(held.number, held.seq + 1, nextSeq - 1)) {
      held.damaged.push(range.fromSeq, range.toSeq);
      this.#report({ document: held.number, ...range });
    }
  }

  /** Fills what damaged rows left open from a checkpoint behind them: the present text at least. */
  #mend(held: Held): void {
    const open = held.damaged.filter((seq) => seq > held.mendedTo);
    if (open.length === 0) return;
    const first = open.reduce((a, b) => Math.min(a, b));
    for (const { seq, proved } of checkpointsOf(this.#sqlite, held.number)) {
      if (seq < first) return;
      if (seq > held.seq || proved === null) continue;
      try {
        const probe = historyDocument();
        Y.applyUpdate(probe, proved.state);
        Y.applyUpdate(held.doc, proved.state);
        held.mendedTo = seq;
        return;
      } catch {
        this.#report({ document: held.number, fromSeq: seq, toSeq: seq });
      }
    }
  }

  #evict(): void {
    for (const [number, held] of this.#held) {
      if (this.#held.size <= heldMax) return;
      this.#held.delete(number);
      const { doc, ...rest } = held;
      try {
        if (held.seq > held.archivedSeq) {
          const state = plainState(doc);
          this.#cold.set(number, { state, held: rest });
          this.#coldBytes += state.length;
        }
      } catch (error) {
        // Not the fault of the document that needs the room.
        this.#onLost(number, error);
      }
      doc.destroy();
    }
  }
}

/** Null where the bytes cannot be unpacked: they were not written by this release. */
function unpackedOrNull(state: Uint8Array): Y.Doc | null {
  try {
    return unpackState(state);
  } catch {
    return null;
  }
}

function emptyHeld(number: number): Held {
  return {
    number,
    doc: historyDocument(),
    seq: 0,
    logId: 0,
    at: 0,
    lastSide: null,
    archivedSeq: 0,
    replacesArchive: false,
    damaged: [],
    mendedTo: 0,
    isCareful: false,
  };
}

function step(held: Held, row: LogRow): void {
  held.seq = row.seq;
  held.logId = row.id;
  held.at = row.at;
  const isPerson = row.source?.actorKind === "user" || row.source?.actorKind === "demo";
  held.lastSide = isPerson ? (row.source?.side ?? null) : null;
}

/** All readable rows in one document. Rows that Yjs cannot apply join `broken`. */
function replayed(rows: readonly LogRow[], broken: Set<number>): Y.Doc {
  const doc = historyDocument();
  try {
    const intact = rows.filter((row) => !broken.has(row.seq)).map((row) => row.bytes);
    if (intact.length > 0) Y.applyUpdate(doc, foldUpdates(intact));
    return doc;
  } catch {
    doc.destroy();
  }
  let careful = historyDocument();
  for (const row of rows) {
    if (broken.has(row.seq)) continue;
    const before = Y.encodeStateAsUpdateV2(careful);
    try {
      Y.applyUpdate(careful, row.bytes);
    } catch {
      broken.add(row.seq);
      careful = historyDocument();
      Y.applyUpdateV2(careful, before);
    }
  }
  return careful;
}
