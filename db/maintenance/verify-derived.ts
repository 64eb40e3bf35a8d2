/**
 * What is made from the log and is not as it should be: documents that a follower could
 * not process, and checkpoints and archives that are not what was written. The record itself is
 * `verify-log.ts`; nothing said here means that a word was lost.
 */
import type BetterSqlite3 from "better-sqlite3";
import type { ArchiveTable, CheckpointTable } from "../schema.ts";
import { isProvedArchive } from "../update-log/archive-hash.ts";
import { isProved } from "../update-log/checkpoint-hash.ts";

export interface LeftBehind {
  readonly documentId: string;
  /** In the alphabet's order. */
  readonly followers: readonly string[];
  /** Kind and place of the error, of one of them. */
  readonly fault: string;
  readonly since: number;
}

export interface DamagedCheckpoint {
  /** Null where the number it carries is no document's. */
  readonly documentId: string | null;
  readonly seq: number;
}

export interface DerivedVerdict {
  readonly leftBehind: readonly LeftBehind[];
  readonly damagedCheckpoints: readonly DamagedCheckpoint[];
  /** Ids of documents, or null for an archive of none. */
  readonly damagedArchives: readonly (string | null)[];
}

/** Reads a database of any released schema: a backup may be older than this program. */
export function verifyDerived(sqlite: BetterSqlite3.Database): DerivedVerdict {
  const hasTable = sqlite.prepare("select 1 from sqlite_schema where name = 'set_aside'").get() !== undefined;
  const rows = hasTable
    ? (sqlite
        .prepare(
          `select coalesce(document.id, set_aside.document) as documentId, follower, fault, at
             from set_aside left join document on document.number = set_aside.document
             order by set_aside.document, follower`,
        )
        .all() as { documentId: string; follower: string; fault: string; at: number }[])
    : [];
  const leftBehind = [...Map.groupBy(rows, ({ documentId }) => documentId)].map(([documentId, its]) => ({
    documentId,
    followers: its.map(({ follower }) => follower),
    fault: its[0]?.fault ?? "",
    since: Math.min(...its.map(({ at }) => at)),
  }));
  return {
    leftBehind,
    damagedCheckpoints: damagedCheckpointsOf(sqlite),
    damagedArchives: damagedArchivesOf(sqlite),
  };
}

function damagedArchivesOf(sqlite: BetterSqlite3.Database): readonly (string | null)[] {
  const hasHash = sqlite.prepare("select 1 from pragma_table_info('archive') where name = 'hash'").get();
  if (hasHash === undefined) return [];
  const rows = sqlite
    .prepare(
      `select document.id as documentId, seq, log_id, state, hash
       from archive left join document on document.number = archive.document order by document`,
    )
    .iterate() as IterableIterator<ArchiveTable & { readonly documentId: string | null }>;
  const found: (string | null)[] = [];
  for (const row of rows)
    if (row.documentId === null || !isProvedArchive(row.documentId, row)) found.push(row.documentId);
  return found;
}

function damagedCheckpointsOf(sqlite: BetterSqlite3.Database): readonly DamagedCheckpoint[] {
  const hasAll = sqlite.prepare("select 1 from pragma_table_info('checkpoint') where name = 'pieces'").get();
  if (hasAll === undefined) return [];
  type Row = CheckpointTable & {
    readonly documentId: string | null;
    readonly schemaNumber: number;
    readonly ownEpoch: string;
  };
  const rows = sqlite
    .prepare(
      `select document.id as documentId, document.schema_number as schemaNumber, document.epoch as ownEpoch,
         document, seq, checkpoint.epoch, log_id, state, state_vector, delete_set, pieces, at, hash
       from checkpoint left join document on document.number = checkpoint.document order by document, seq`,
    )
    .iterate() as IterableIterator<Row>;
  const found: DamagedCheckpoint[] = [];
  for (const { documentId, schemaNumber, ownEpoch, ...row } of rows)
    if (documentId === null || !isProved({ documentId, schemaNumber, epoch: ownEpoch }, row))
      found.push({ documentId, seq: row.seq });
  return found;
}
