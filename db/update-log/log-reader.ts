/**
 * Reading the log where the writer knows each row's place: what a room needs to open,
 * and ranges of rows. Every row is held against the chain as it is read, so a flipped
 * bit costs that row (or its segment) and is told (promise D26).
 */
import type BetterSqlite3 from "better-sqlite3";
import { ChainWalk } from "./chain-walk.ts";
import type { Head, Heads } from "./heads.ts";
import type { DurableRow } from "./messages.ts";
import { type PackedSegment, unpackSegment, verifySegment } from "./segment.ts";
import type { NewerCheckpoint, StoredDocument, StoredRow } from "./update-log.ts";
import type { Source } from "./writer.ts";

interface LogColumns {
  id: number;
  source: number;
  document: number;
  seq: number;
  at: number;
  client_ids: Buffer;
  bytes: Buffer;
  hash: Buffer;
}

export class LogReader {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #heads: Heads;
  readonly #source: (id: number) => Source | null;
  readonly #row: BetterSqlite3.Statement<[number]>;
  readonly #hash: BetterSqlite3.Statement<[number]>;
  readonly #leases: BetterSqlite3.Statement<[string]>;
  readonly #newer: BetterSqlite3.Statement<[number, number]>;

  constructor(sqlite: BetterSqlite3.Database, heads: Heads, source: (id: number) => Source | null) {
    this.#sqlite = sqlite;
    this.#heads = heads;
    this.#source = source;
    this.#row = sqlite.prepare(
      "select id, source, document, seq, at, client_ids, bytes, hash from log where id = ?",
    );
    this.#hash = sqlite.prepare("select hash from log where id = ?").pluck();
    this.#leases = sqlite.prepare("select client_id, user_id from client_lease where lineage = ?").raw();
    this.#newer = sqlite.prepare(
      `select document.epoch, document.lineage_id as lineage, checkpoint.seq, checkpoint.state
       from checkpoint join document on document.number = checkpoint.document
       where checkpoint.document = ? and checkpoint.seq > ? order by checkpoint.seq desc limit 1`,
    );
  }

  load(documentId: string): StoredDocument | null {
    const document = this.#sqlite
      .prepare(
        `select number, id, lineage_id as lineage, epoch, schema_number as schemaNumber
         from document where id = ?`,
      )
      .get(documentId) as
      | { number: number; id: string; lineage: string; epoch: string; schemaNumber: number }
      | undefined;
    if (document === undefined) return null;
    const head = this.#heads.of(document.number);
    const checkpoint = this.#sqlite
      .prepare(
        `select seq, state, state_vector as stateVector, delete_set as deleteSet
         from checkpoint where document = ? order by seq desc limit 1`,
      )
      .get(document.number) as StoredDocument["checkpoint"] | undefined;
    // Both are made with the document (promise D4): without them the tables are broken.
    if (head === null || checkpoint === undefined)
      throw new Error(`Document ${documentId} has no log or no checkpoint`);
    const rows = this.rows(document.number, checkpoint.seq + 1, head.seq);
    const found = new Set(rows.filter((row) => row.isIntact).map((row) => row.seq));
    const damaged: number[] = [];
    for (let seq = checkpoint.seq + 1; seq <= head.seq; seq++) if (!found.has(seq)) damaged.push(seq);
    return {
      document: document.number,
      documentId: document.id,
      lineage: document.lineage,
      epoch: document.epoch,
      schemaNumber: document.schemaNumber,
      checkpoint,
      tail: rows.filter((row) => row.isIntact).map(({ seq, bytes }) => ({ seq, bytes })),
      damaged,
      headSeq: head.seq,
      leases: this.#leasesOf(document.lineage),
    };
  }

  newerCheckpoint(document: number, afterSeq: number): NewerCheckpoint | null {
    const found = this.#newer.get(document, afterSeq) as
      | { epoch: string; lineage: string; seq: number; state: Buffer }
      | undefined;
    if (found === undefined) return null;
    const { epoch, lineage, seq, state } = found;
    return { epoch, seq, state, leases: this.#leasesOf(lineage) };
  }

  #leasesOf(lineage: string): ReadonlyMap<number, string> {
    return new Map(this.#leases.all(lineage) as [number, string][]);
  }

  rows(document: number, fromSeq: number, toSeq: number): StoredRow[] {
    const head = this.#heads.of(document);
    if (head === null) return [];
    return [
      ...(fromSeq < head.openFrom ? this.#sealed(document, fromSeq, toSeq) : []),
      ...this.#open(head, fromSeq, toSeq),
    ];
  }

  /** Seq, log id and hash of the unsealed rows from `fromSeq` on. */
  durable(document: number, fromSeq: number): DurableRow[] {
    const head = this.#heads.of(document);
    if (head === null) return [];
    const rows: DurableRow[] = [];
    for (let seq = Math.max(fromSeq, head.openFrom); seq <= head.seq; seq++) {
      const logId = head.ids[seq - head.openFrom] ?? 0;
      const hash = this.#hash.get(logId) as Buffer | undefined;
      if (hash !== undefined) rows.push({ seq, logId, hash });
    }
    return rows;
  }

  #open(head: Head, fromSeq: number, toSeq: number): StoredRow[] {
    const rows: StoredRow[] = [];
    // One row earlier, so that a damaged hash of that one is not held against the first asked for.
    const from = Math.max(fromSeq - 1, head.openFrom);
    const walk = new ChainWalk(this.#hashBefore(head, from), head.key);
    for (let seq = from; seq <= Math.min(toSeq, head.seq); seq++) {
      const row = this.#row.get(head.ids[seq - head.openFrom] ?? 0) as LogColumns | undefined;
      if (row === undefined) {
        walk.gap();
        continue;
      }
      const { isIntact, redeems } = walk.step(row, this.#source(row.source)?.digest ?? null);
      const before = rows.at(-1);
      if (redeems && before?.seq === seq - 1) rows[rows.length - 1] = { ...before, isIntact: true };
      rows.push({ seq, logId: row.id, at: row.at, bytes: row.bytes, source: row.source, isIntact });
    }
    if (rows[0] !== undefined && rows[0].seq < fromSeq) rows.shift();
    return rows;
  }

  #hashBefore(head: Head, seq: number): Uint8Array {
    if (seq > head.openFrom) {
      const hash = this.#hash.get(head.ids[seq - 1 - head.openFrom] ?? 0) as Buffer | undefined;
      return hash ?? head.hash;
    }
    return this.#heads.hashBeforeOpen(head);
  }

  #sealed(document: number, fromSeq: number, toSeq: number): StoredRow[] {
    const segments = this.#sqlite
      .prepare(
        `select document, from_seq, to_seq, first_hash, last_hash, key, metadata, bytes, commitments, purged_at
         from segment where document = ? and to_seq >= ? and from_seq <= ? order by from_seq`,
      )
      .all(document, fromSeq, toSeq) as PackedSegment[];
    return segments.flatMap((segment) => {
      const isIntact = verifySegment(segment, (id) => this.#source(id)?.digest ?? null).kind === "intact";
      return (unpackSegment(segment) ?? [])
        .filter((row) => row.seq >= fromSeq && row.seq <= toSeq)
        .map(({ seq, logId, at, bytes, source }) => ({ seq, logId, at, bytes, source, isIntact }));
    });
  }
}
