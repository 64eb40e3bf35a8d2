/**
 * Reading the log where the writer knows each row's place: what a room needs to open,
 * and ranges of rows. Every row is held against the chain as it is read, so a flipped
 * bit costs that row (or its segment) and is told (promise D26).
 */
import type BetterSqlite3 from "better-sqlite3";
import type { CheckpointTable } from "../schema.ts";
import { ChainWalk } from "./chain-walk.ts";
import type { Head, Heads } from "./heads.ts";
import type { DurableRow } from "./messages.ts";
import { type PackedSegment, unpackSegment, verifySegment } from "./segment.ts";
import { newestProved, purgedTo } from "./stored-checkpoints.ts";
import type { CheckpointBytes, NewerCheckpoint, StoredDocument, StoredRow } from "./update-log.ts";
import type { Source } from "./writer.ts";

/** An update without structs and deletions; a state vector or delete set of nobody. */
const saysNothing = Uint8Array.of(0, 0);
const none = Uint8Array.of(0);

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

function bytesOf(row: Readonly<CheckpointTable>): CheckpointBytes {
  const { seq, state, state_vector: stateVector, delete_set: deleteSet, pieces } = row;
  return { seq, state, stateVector, deleteSet, pieces };
}

export class LogReader {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #heads: Heads;
  readonly #source: (id: number) => Source | null;
  readonly #row: BetterSqlite3.Statement<[number]>;
  readonly #hash: BetterSqlite3.Statement<[number]>;
  readonly #leases: BetterSqlite3.Statement<[string]>;

  constructor(sqlite: BetterSqlite3.Database, heads: Heads, source: (id: number) => Source | null) {
    this.#sqlite = sqlite;
    this.#heads = heads;
    this.#source = source;
    this.#row = sqlite.prepare(
      "select id, source, document, seq, at, client_ids, bytes, hash from log where id = ?",
    );
    this.#hash = sqlite.prepare("select hash from log where id = ?").pluck();
    this.#leases = sqlite.prepare("select client_id, user_id from client_lease where lineage = ?").raw();
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
    // It is made with the document (promise D4): without it the tables are broken.
    if (head === null) throw new Error(`Document ${documentId} has no log`);
    const { checkpoint: proved, damaged: damagedCheckpoints } = newestProved(this.#sqlite, document.number);
    const checkpoint =
      proved === null
        ? {
            seq: purgedTo(this.#sqlite, document.number),
            state: saysNothing,
            stateVector: none,
            deleteSet: none,
            pieces: new Uint8Array(0),
          }
        : bytesOf(proved);
    const rows = this.rows(document.number, checkpoint.seq + 1, head.seq);
    const found = new Set(rows.filter((row) => row.isIntact).map((row) => row.seq));
    // The rows after it all lean on the first one. Without it they would say next to nothing,
    // and people would take that for their document (promise D2).
    if (proved === null && !found.has(checkpoint.seq + 1))
      throw new Error(`Document ${documentId} has no whole checkpoint, and its first row is damaged`);
    const damaged: number[] = [];
    for (let seq = checkpoint.seq + 1; seq <= head.seq; seq++) if (!found.has(seq)) damaged.push(seq);
    return {
      document: document.number,
      documentId: document.id,
      lineage: document.lineage,
      epoch: document.epoch,
      schemaNumber: document.schemaNumber,
      checkpoint,
      damagedCheckpoints,
      tail: rows.filter((row) => row.isIntact).map(({ seq, bytes }) => ({ seq, bytes })),
      damaged,
      headSeq: head.seq,
      leases: this.#leasesOf(document.lineage),
    };
  }

  newerCheckpoint(document: number, afterSeq: number): NewerCheckpoint {
    const { checkpoint, damaged: damagedCheckpoints } = newestProved(this.#sqlite, document, afterSeq);
    if (checkpoint === null) return { newer: null, damagedCheckpoints };
    const lineage = this.#sqlite
      .prepare("select lineage_id from document where number = ?")
      .pluck()
      .get(document) as string;
    const { epoch } = checkpoint;
    const leases = this.#leasesOf(lineage);
    return { newer: { epoch, checkpoint: bytesOf(checkpoint), leases }, damagedCheckpoints };
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
