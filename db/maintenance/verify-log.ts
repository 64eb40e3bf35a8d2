/**
 * Walks the chain of every document, sealed segments and open rows alike, and says for
 * each: whole, purged (by whom and when stands in the audit trail), or broken at which
 * rows. Reads one consistent state of the database, also while people type, and
 * shares nothing with the writer but the chain itself.
 */
import type BetterSqlite3 from "better-sqlite3";
import { firstHash, hashBytes, type SourceFacts, sourceDigest } from "../update-log/chain.ts";
import { type ChainRow, ChainWalk } from "../update-log/chain-walk.ts";
import { type PackedSegment, verifySegment } from "../update-log/segment.ts";

export interface SeqRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

export interface DocumentVerdict {
  readonly documentId: string;
  readonly number: number;
  /** Newest row and its hash: what an anchor keeps. */
  readonly headSeq: number;
  readonly headHash: Uint8Array;
  /** Ranges that do not fit the chain or are missing; empty: whole. */
  readonly damaged: readonly SeqRange[];
  readonly purged: readonly (SeqRange & { readonly at: number })[];
}

interface Walked {
  readonly documentId: string;
  readonly number: number;
  walk: ChainWalk | null;
  readonly key: Uint8Array;
  nextSeq: number;
  hash: Uint8Array;
  readonly damaged: SeqRange[];
  readonly purged: (SeqRange & { at: number })[];
}

/**
 * Verifies everything. `wanted` names hashes that must be found: document id to seq;
 * what was found there comes back in `found` (hex).
 */
export function verifyLog(
  sqlite: BetterSqlite3.Database,
  wanted: ReadonlyMap<string, number> = new Map(),
): { readonly documents: readonly DocumentVerdict[]; readonly found: ReadonlyMap<string, string> } {
  const found = new Map<string, string>();
  return sqlite.transaction(() => {
    const digests = new Map<number, Uint8Array>();
    for (const source of sqlite
      .prepare(
        `select id, document, epoch, lineage, schema_number, actor_kind, user_id, side, session_id
         from log_source`,
      )
      .iterate() as IterableIterator<SourceFacts & { id: number }>)
      digests.set(source.id, sourceDigest(source));
    const digestOf = (source: number) => digests.get(source) ?? null;

    const documents = new Map<number, Walked>();
    for (const row of sqlite
      .prepare(
        `select document.number, document.id, log_key.key
         from document left join log_key on log_key.document = document.number order by number`,
      )
      .iterate() as IterableIterator<{ number: number; id: string; key: Uint8Array | null }>)
      documents.set(row.number, {
        documentId: row.id,
        number: row.number,
        walk: null,
        key: row.key ?? new Uint8Array(hashBytes),
        nextSeq: 1,
        hash: firstHash(row.id),
        damaged: [],
        purged: [],
      });
    const visit = (document: Walked, seq: number, hash: Uint8Array) => {
      if (wanted.get(document.documentId) === seq)
        found.set(document.documentId, Buffer.from(hash).toString("hex"));
    };
    walkSegments(sqlite, documents, digestOf, visit);
    walkRows(sqlite, documents, digestOf, visit);
    for (const document of documents.values())
      if (document.nextSeq === 1) document.damaged.push({ fromSeq: 1, toSeq: 1 });
    return {
      documents: [...documents.values()].map(({ documentId, number, nextSeq, hash, damaged, purged }) => ({
        documentId,
        number,
        headSeq: nextSeq - 1,
        headHash: hash,
        damaged: merged(damaged),
        purged,
      })),
      found,
    };
  })();
}

type Visit = (document: Walked, seq: number, hash: Uint8Array) => void;

function walkSegments(
  sqlite: BetterSqlite3.Database,
  documents: ReadonlyMap<number, Walked>,
  digestOf: (source: number) => Uint8Array | null,
  visit: Visit,
): void {
  for (const segment of sqlite
    .prepare(
      `select document, from_seq, to_seq, first_hash, last_hash, key, metadata, bytes, commitments, purged_at
       from segment order by document, from_seq`,
    )
    .iterate() as IterableIterator<PackedSegment>) {
    const document = documents.get(segment.document);
    if (document === undefined) continue;
    const range = { fromSeq: segment.from_seq, toSeq: segment.to_seq };
    if (segment.from_seq > document.nextSeq)
      document.damaged.push({ fromSeq: document.nextSeq, toSeq: segment.from_seq - 1 });
    const follows = Buffer.from(document.hash).equals(segment.first_hash);
    const verdict = verifySegment(segment, digestOf, (seq, hash) => visit(document, seq, hash));
    if (!follows || verdict.kind === "damaged") document.damaged.push(range);
    if (verdict.kind === "purged") document.purged.push({ ...range, at: verdict.at });
    document.nextSeq = segment.to_seq + 1;
    document.hash = segment.last_hash;
  }
}

function walkRows(
  sqlite: BetterSqlite3.Database,
  documents: ReadonlyMap<number, Walked>,
  digestOf: (source: number) => Uint8Array | null,
  visit: Visit,
): void {
  for (const row of sqlite
    .prepare("select id, source, document, seq, at, client_ids, bytes, hash from log order by id")
    .iterate() as IterableIterator<ChainRow & { source: number }>) {
    const document = documents.get(row.document);
    if (document === undefined) continue;
    document.walk ??= new ChainWalk(document.hash, document.key);
    if (row.seq < document.nextSeq || row.seq > document.nextSeq + seqGapMax) {
      document.damaged.push({ fromSeq: row.seq, toSeq: row.seq });
      continue;
    }
    if (row.seq > document.nextSeq) {
      document.damaged.push({ fromSeq: document.nextSeq, toSeq: row.seq - 1 });
      document.walk.gap();
    }
    // After a gap a row cannot be held against anything, and counts as part of it.
    const { isIntact } = document.walk.step(row, digestOf(row.source));
    if (!isIntact) document.damaged.push({ fromSeq: row.seq, toSeq: row.seq });
    document.nextSeq = row.seq + 1;
    document.hash = row.hash;
    visit(document, row.seq, row.hash);
  }
}

/** A jump wider than this is a damaged number, not missing rows. */
const seqGapMax = 1_000_000;

function merged(ranges: readonly SeqRange[]): readonly SeqRange[] {
  const sorted = [...ranges].sort((a, b) => a.fromSeq - b.fromSeq);
  const out: SeqRange[] = [];
  for (const range of sorted) {
    const last = out.at(-1);
    if (last !== undefined && range.fromSeq <= last.toSeq + 1)
      out[out.length - 1] = { fromSeq: last.fromSeq, toSeq: Math.max(last.toSeq, range.toSeq) };
    else out.push(range);
  }
  return out;
}
