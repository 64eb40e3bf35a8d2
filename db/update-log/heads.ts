/**
 * What the writer knows by heart about each document: newest seq and hash, where its
 * unsealed rows lie, how many bytes it holds. The log has no secondary index (a
 * keystroke would cost half as much again), so this is read once from the log itself
 * when the writer opens, and followed in memory from then on (rulings 2).
 */
import type BetterSqlite3 from "better-sqlite3";
import { firstHash } from "./chain.ts";
import { checkpointsOf } from "./stored-checkpoints.ts";

export interface Head {
  readonly document: number;
  readonly documentId: string;
  readonly lineage: string;
  /** Key of the open end of the chain. */
  readonly key: Uint8Array;
  seq: number;
  hash: Uint8Array;
  /** Seq of `ids[0]`: everything before it is sealed. */
  readonly openFrom: number;
  /** Log ids of the unsealed rows by seq; 0 where a row cannot be found any more. */
  readonly ids: number[];
  /** Newest checkpoint's state plus the rows after it, in bytes (limit: rulings 5). */
  bytes: number;
}

/** A gap wider than this is a damaged number rather than missing rows. */
const gapMax = 64;

interface OpenRow {
  id: number;
  document: number;
  seq: number;
  byteLength: number;
}

export class Heads {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #known = new Map<number, Head>();

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
    const rows = sqlite
      .prepare("select id, document, seq, length(bytes) as byteLength from log order by id")
      .iterate() as IterableIterator<OpenRow>;
    const checkpoints = new Map<number, number>();
    for (const row of rows) {
      let head = this.#known.get(row.document);
      if (head === undefined) {
        const made = this.#start(row.document);
        if (made === null) continue;
        this.#known.set(row.document, made.head);
        checkpoints.set(row.document, made.checkpointSeq);
        head = made.head;
      }
      place(head, row, checkpoints.get(row.document) ?? 0);
    }
    for (const head of this.#known.values()) this.#readHash(head);
  }

  /** Document numbers and newest seqs in pairs. */
  pairs(): number[] {
    return [...this.#known.values()].flatMap((head) => [head.document, head.seq]);
  }

  /** The head of a document; reads one made by a Kysely transaction since. Null: no such document. */
  of(document: number): Head | null {
    const known = this.#known.get(document);
    if (known !== undefined) return known;
    const made = this.#start(document);
    if (made === null) return null;
    const rows = this.#sqlite
      .prepare(
        "select id, document, seq, length(bytes) as byteLength from log where id >= ? and document = ? order by id",
      )
      .all(this.#firstLogId(document), document) as OpenRow[];
    for (const row of rows) place(made.head, row, made.checkpointSeq);
    this.#readHash(made.head);
    if (made.head.seq > 0) this.#known.set(document, made.head);
    return made.head;
  }

  /** Counts a document's bytes again: followers make checkpoints on connections of their own. */
  measure(head: Head): void {
    const checkpoint = this.#sqlite
      .prepare(
        "select seq, length(state) as bytes from checkpoint where document = ? order by seq desc limit 1",
      )
      .get(head.document) as { seq: number; bytes: number } | undefined;
    const lengthOf = this.#sqlite.prepare("select length(bytes) from log where id = ?").pluck();
    let bytes = checkpoint?.bytes ?? 0;
    for (let seq = Math.max(head.openFrom, (checkpoint?.seq ?? 0) + 1); seq <= head.seq; seq++)
      bytes += (lengthOf.get(head.ids[seq - head.openFrom] ?? 0) as number | undefined) ?? 0;
    head.bytes = bytes;
  }

  /** Hash of the last sealed row, or the document's first hash. */
  hashBeforeOpen(head: Head): Uint8Array {
    return this.#start(head.document)?.head.hash ?? head.hash;
  }

  #start(document: number): { head: Head; checkpointSeq: number } | null {
    const facts = this.#sqlite
      .prepare(
        `select document.id, document.lineage_id as lineage, log_key.key, log_key.from_seq as openFrom
         from document join log_key on log_key.document = document.number where document.number = ?`,
      )
      .get(document) as { id: string; lineage: string; key: Buffer; openFrom: number } | undefined;
    if (facts === undefined) return null;
    const checkpoint = this.#sqlite
      .prepare(
        "select seq, length(state) as bytes from checkpoint where document = ? order by seq desc limit 1",
      )
      .get(document) as { seq: number; bytes: number } | undefined;
    const sealed = this.#sqlite
      .prepare(
        "select to_seq as seq, last_hash as hash from segment where document = ? order by to_seq desc limit 1",
      )
      .get(document) as { seq: number; hash: Buffer } | undefined;
    return {
      head: {
        document,
        documentId: facts.id,
        lineage: facts.lineage,
        key: facts.key,
        seq: sealed?.seq ?? 0,
        hash: sealed?.hash ?? firstHash(facts.id),
        openFrom: facts.openFrom,
        ids: [],
        bytes: checkpoint?.bytes ?? 0,
      },
      checkpointSeq: checkpoint?.seq ?? 0,
    };
  }

  /** Where to start looking for a document's rows: at the first of its log, if nothing tells more. */
  #firstLogId(document: number): number {
    const ids = [...checkpointsOf(this.#sqlite, document)].map(({ proved }) => proved?.log_id ?? 0);
    return ids.length === 0 ? 0 : Math.min(...ids);
  }

  #readHash(head: Head): void {
    const id = head.ids.at(-1);
    if (id === undefined) return;
    head.hash = this.#sqlite.prepare("select hash from log where id = ?").pluck().get(id) as Buffer;
  }
}

/** Puts a row found in the log where its seq says; rows with an impossible seq are left to `verify`. */
function place(head: Head, row: OpenRow, checkpointSeq: number): void {
  const index = row.seq - head.openFrom;
  if (index >= head.ids.length && index < head.ids.length + gapMax) {
    while (head.ids.length < index) head.ids.push(0);
    head.ids.push(row.id);
  } else if (index >= 0 && head.ids[index] === 0) {
    head.ids[index] = row.id;
  } else {
    return;
  }
  if (row.seq > head.seq) head.seq = row.seq;
  if (row.seq > checkpointSeq) head.bytes += row.byteLength;
}
