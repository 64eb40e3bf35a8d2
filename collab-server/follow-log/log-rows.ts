/**
 * Reads the log in the order of its rowids, as followers do, and holds every row
 * against the document's hash chain: a flipped bit costs that row and is told, it is
 * never applied (promise D26). Sealed rows come back from their segments. Whatever a
 * damaged row may say, reading it throws nothing: it would hold back every document.
 */
import type BetterSqlite3 from "better-sqlite3";
import {
  commitment,
  encodeMetadata,
  equalHashes,
  firstHash,
  keyBytes,
  nextHash,
  sourceDigest,
} from "../../db/update-log/chain.ts";
import { type PackedSegment, unpackSegment, verifySegment } from "../../db/update-log/segment.ts";
import { prepared } from "./prepared.ts";

export interface Source {
  readonly id: number;
  readonly document: number;
  readonly epoch: string;
  readonly lineage: string;
  readonly schemaNumber: number;
  readonly actorKind: "user" | "server" | "import" | "demo";
  readonly userId: string;
  readonly side: string | null;
  readonly digest: Uint8Array;
}

export interface LogRow {
  readonly id: number;
  /** Null where the row names a source that is not there; it is then not intact either. */
  readonly source: Source | null;
  readonly document: number;
  readonly seq: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  /** The chain proves what the row says, its document and number included. */
  readonly isIntact: boolean;
}

interface Columns {
  id: number;
  source: number;
  document: number;
  seq: number;
  at: number;
  client_ids: Buffer;
  bytes: Buffer;
  hash: Buffer;
}

const columns = "id, source, document, seq, at, client_ids, bytes, hash";

/** Per document: the hash stored in its last read row, and the one it should have had. */
type ChainEnd = {
  readonly seq: number;
  readonly stored: Uint8Array;
  readonly computed: Uint8Array;
  /** As it was given out, perhaps not yet looked at. */
  readonly row: { isIntact: boolean } | null;
};

/** What stands for a key that is missing or damaged: no row fits it. */
const noKey = new Uint8Array(keyBytes);

export class LogRows {
  readonly #sqlite: BetterSqlite3.Database;
  readonly #sources = new Map<number, Source>();
  readonly #ends = new Map<number, ChainEnd>();
  readonly #keys = new Map<number, Uint8Array>();
  readonly #after: BetterSqlite3.Statement<[number, number]>;
  readonly #key: BetterSqlite3.Statement<[number]>;

  constructor(sqlite: BetterSqlite3.Database) {
    this.#sqlite = sqlite;
    this.#after = sqlite.prepare(`select ${columns} from log where id > ? order by id limit ?`);
    this.#key = sqlite.prepare("select key from log_key where document = ?").pluck();
  }

  /** The next rows of all documents after a log id, in order of arrival. */
  after(logId: number, limit: number): readonly LogRow[] {
    this.#keys.clear();
    return (this.#after.all(logId, limit) as Columns[]).map((row) => this.#checked(row));
  }

  /**
   * Rows `fromSeq`…`toSeq` of one document, in order of seq. Reads through the log from
   * `afterLogId` on, for it has no index by document (a keystroke would write half as much
   * again): from the start only for rebuilding and for instants long past.
   */
  ofDocument(document: number, fromSeq: number, toSeq: number, afterLogId = 0): readonly LogRow[] {
    this.#keys.clear();
    if (this.#ends.get(document)?.seq !== fromSeq - 1) this.#ends.delete(document);
    const open = prepared(
      this.#sqlite,
      `select ${columns} from log where id > ? and document = ? and seq between ? and ? order by id`,
    ).all(afterLogId, document, fromSeq, toSeq) as Columns[];
    // Nearly always sorted already; a row that stands in a wrong place is proven in its right one.
    open.sort((a, b) => a.seq - b.seq);
    return onceEach([...this.#sealed(document, fromSeq, toSeq), ...open.map((row) => this.#checked(row))]);
  }

  /** As `after`, of one document alone and up to a log id: what a document set aside has missed. */
  ofDocumentAfter(document: number, logId: number, upTo: number, limit: number): readonly LogRow[] {
    this.#keys.clear();
    const open = prepared(
      this.#sqlite,
      `select ${columns} from log where id > ? and id <= ? and document = ? order by id limit ?`,
    ).all(logId, upTo, document, limit) as Columns[];
    return open.map((row) => this.#checked(row));
  }

  /** Which of the rows `fromSeq`…`toSeq`, none of which is there, were not purged on purpose. */
  missing(document: number, fromSeq: number, toSeq: number): readonly SeqRange[] {
    const purged = prepared(
      this.#sqlite,
      `select from_seq as fromSeq, to_seq as toSeq from segment
         where document = ? and purged_at is not null and to_seq >= ? and from_seq <= ? order by from_seq`,
    ).all(document, fromSeq, toSeq) as SeqRange[];
    const missing: SeqRange[] = [];
    let next = fromSeq;
    for (const gone of purged) {
      if (gone.fromSeq > next) missing.push({ fromSeq: next, toSeq: gone.fromSeq - 1 });
      next = Math.max(next, gone.toSeq + 1);
    }
    if (next <= toSeq) missing.push({ fromSeq: next, toSeq });
    return missing;
  }

  /** Asked once per reading: sealing gives a document a new key. */
  #keyOf(document: number): Uint8Array {
    const known = this.#keys.get(document);
    if (known !== undefined) return known;
    const stored = this.#key.get(document) as Buffer | undefined;
    const key = stored?.length === keyBytes ? stored : noKey;
    this.#keys.set(document, key);
    return key;
  }

  /** Newest row of all. */
  headLogId(): number {
    return (prepared(this.#sqlite, "select max(id) from log").pluck().get() as number | null) ?? 0;
  }

  /** Newest row of a document when the log stood at `logId`; null where it had none. */
  seqAt(document: number, logId: number): number | null {
    const seq = prepared(
      this.#sqlite,
      "select seq from log where document = ? and id <= ? order by id desc limit 1",
    )
      .pluck()
      .get(document, logId) as number | undefined;
    return seq ?? null;
  }

  source(id: number): Source | null {
    const known = this.#sources.get(id);
    if (known) return known;
    const row = prepared(
      this.#sqlite,
      `select id, document, epoch, lineage, schema_number, actor_kind, user_id, side, session_id
         from log_source where id = ?`,
    ).get(id) as (Parameters<typeof sourceDigest>[0] & { id: number }) | undefined;
    if (!row) return null;
    const source: Source = {
      id,
      document: row.document,
      epoch: row.epoch,
      lineage: row.lineage,
      schemaNumber: row.schema_number,
      actorKind: row.actor_kind as Source["actorKind"],
      userId: row.user_id,
      side: row.side,
      digest: sourceDigest(row),
    };
    if (this.#sources.size > 20_000) this.#sources.clear();
    this.#sources.set(id, source);
    return source;
  }

  #checked(row: Columns): LogRow {
    const source = this.source(row.source);
    const end = this.#endBefore(row);
    let isIntact = false;
    let computed: Uint8Array = row.hash;
    if (end !== null && source !== null && isPossible(row)) {
      const metadata = encodeMetadata(
        {
          document: row.document,
          seq: row.seq,
          at: row.at,
          clientIds: row.client_ids,
          byteLength: row.bytes.length,
        },
        source.digest,
      );
      const committed = commitment(this.#keyOf(row.document), row.bytes);
      computed = nextHash(end.stored, metadata, committed);
      isIntact = equalHashes(computed, row.hash);
      if (!isIntact && end.computed !== end.stored) {
        isIntact = equalHashes(nextHash(end.computed, metadata, committed), row.hash);
        // Of the row before only the stored hash was damaged, not what it says.
        if (isIntact && end.row !== null) end.row.isIntact = true;
      }
    }
    const { id, document, seq, at, bytes } = row;
    const checked = { id, source, document, seq, at, bytes, isIntact };
    const known = this.#ends.get(document);
    // A damaged number must not stand in the way of the row that has it by right.
    if (isIntact || known === undefined || known.seq === seq - 1)
      this.#ends.set(document, {
        seq,
        stored: row.hash,
        computed: isIntact ? row.hash : computed,
        row: isIntact ? null : checked,
      });
    return checked;
  }

  /** Null where the row before is gone: this row can then not be held against anything. */
  #endBefore(row: Columns): ChainEnd | null {
    const known = this.#ends.get(row.document);
    if (known?.seq === row.seq - 1) return known;
    const start = (hash: Uint8Array): ChainEnd => ({
      seq: row.seq - 1,
      stored: hash,
      computed: hash,
      row: null,
    });
    if (row.seq === 1) {
      const id = prepared(this.#sqlite, "select id from document where number = ?").pluck().get(row.document);
      return start(firstHash(String(id)));
    }
    const archived = prepared(
      this.#sqlite,
      `select log.hash from archive join log on log.id = archive.log_id
         where archive.document = ? and log.seq = ? and log.document = archive.document`,
    )
      .pluck()
      .get(row.document, row.seq - 1) as Buffer | undefined;
    if (archived) return start(archived);
    const sealed = prepared(this.#sqlite, "select last_hash from segment where document = ? and to_seq = ?")
      .pluck()
      .get(row.document, row.seq - 1) as Buffer | undefined;
    if (sealed) return start(sealed);
    // Once per document after a restart: backwards to its row before.
    const before = prepared(
      this.#sqlite,
      "select hash from log where id < ? and document = ? and seq = ? order by id desc limit 1",
    )
      .pluck()
      .get(row.id, row.document, row.seq - 1) as Buffer | undefined;
    return before ? start(before) : null;
  }

  #sealed(document: number, fromSeq: number, toSeq: number): LogRow[] {
    const segments = prepared(
      this.#sqlite,
      `select document, from_seq, to_seq, first_hash, last_hash, key, metadata, bytes, commitments, purged_at
         from segment where document = ? and to_seq >= ? and from_seq <= ? order by from_seq`,
    ).all(document, fromSeq, toSeq) as PackedSegment[];
    return segments.flatMap((segment) => {
      const isIntact = verifySegment(segment, (id) => this.source(id)?.digest ?? null).kind === "intact";
      return (unpackSegment(segment) ?? [])
        .filter((row) => row.seq >= fromSeq && row.seq <= toSeq)
        .map(({ logId: id, source, seq, at, bytes }) => {
          return { id, source: this.source(source), document, seq, at, bytes, isIntact };
        });
    });
  }
}

export type SeqRange = { readonly fromSeq: number; readonly toSeq: number };

/** Damage may have given a row the number of another, which is the one that is proven. */
function onceEach(rows: readonly LogRow[]): readonly LogRow[] {
  const bySeq = new Map<number, LogRow>();
  for (const row of rows) if (row.isIntact || !bySeq.has(row.seq)) bySeq.set(row.seq, row);
  return bySeq.size === rows.length ? rows : [...bySeq.values()];
}

/** Damage can turn any column into any number. */
function isPossible(row: Columns): boolean {
  return [row.document, row.seq, row.at].every((value) => Number.isSafeInteger(value) && value >= 0);
}
