/**
 * What is made from the log and is not as it should be: documents that a follower could
 * not process. The record itself is `verify-log.ts`; nothing said here means that a word
 * was lost.
 */
import type BetterSqlite3 from "better-sqlite3";

export interface LeftBehind {
  readonly documentId: string;
  /** In the alphabet's order. */
  readonly followers: readonly string[];
  /** Kind and place of the error, of one of them. */
  readonly fault: string;
  readonly since: number;
}

export interface DerivedVerdict {
  readonly leftBehind: readonly LeftBehind[];
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
  return { leftBehind };
}
