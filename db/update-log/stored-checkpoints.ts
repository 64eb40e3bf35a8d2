/**
 * The checkpoints of a document as they lie in the table, each held against its hash as it
 * is read. Nobody reads one in another way, so nobody can take a damaged one for the text.
 */
import type BetterSqlite3 from "better-sqlite3";
import type { CheckpointTable } from "../schema.ts";
import { isProved } from "./checkpoint-hash.ts";

export interface StoredCheckpoint {
  readonly seq: number;
  /** Null where it is not what was written: of its other columns nothing is to be believed. */
  readonly proved: Readonly<CheckpointTable> | null;
}

/** Every column, in the order of the table. */
export const insertCheckpoint = `
  insert into checkpoint (document, seq, epoch, log_id, state, state_vector, delete_set, pieces, at, hash)
  values (@document, @seq, @epoch, @log_id, @state, @state_vector, @delete_set, @pieces, @at, @hash)`;

/** From the newest down. Each is read and hashed only when it is asked for. */
export function* checkpointsOf(
  sqlite: BetterSqlite3.Database,
  document: number,
): Generator<StoredCheckpoint, void> {
  const owner = sqlite
    .prepare("select id as documentId, schema_number as schemaNumber, epoch from document where number = ?")
    .get(document) as { documentId: string; schemaNumber: number; epoch: string } | undefined;
  const seqs = sqlite
    .prepare("select seq from checkpoint where document = ? order by seq desc")
    .pluck()
    .all(document) as number[];
  const read = sqlite.prepare(
    `select document, seq, epoch, log_id, state, state_vector, delete_set, pieces, at, hash
     from checkpoint where document = ? and seq = ?`,
  );
  for (const seq of seqs) {
    const row = read.get(document, seq) as CheckpointTable | undefined;
    const isWhole = row !== undefined && owner !== undefined && isProved(owner, row);
    yield { seq, proved: isWhole ? row : null };
  }
}

/** Seq of the last row whose bytes a purge destroyed; the row after it holds what was left. 0: none. */
export function purgedTo(sqlite: BetterSqlite3.Database, document: number): number {
  const seq = sqlite
    .prepare("select max(to_seq) from segment where document = ? and purged_at is not null")
    .pluck()
    .get(document) as number | null;
  return seq ?? 0;
}

/**
 * The newest checkpoint that can be trusted, if one lies behind row `afterSeq`, and the
 * seqs of those passed over because they are damaged.
 */
export function newestProved(
  sqlite: BetterSqlite3.Database,
  document: number,
  afterSeq = 0,
): { readonly checkpoint: Readonly<CheckpointTable> | null; readonly damaged: readonly number[] } {
  const damaged: number[] = [];
  for (const { seq, proved } of checkpointsOf(sqlite, document)) {
    if (seq <= afterSeq) break;
    if (proved !== null) return { checkpoint: proved, damaged };
    damaged.push(seq);
  }
  return { checkpoint: null, damaged };
}
