/**
 * The whole proof in one call: every document's chain, the audit trail, and both held
 * against the anchors. `npm run verify` prints what comes back; a backup is verified
 * the same way before it counts as one.
 */
import Sqlite from "better-sqlite3";
import { verifyAudit } from "../audit.ts";
import { openDatabase } from "../open.ts";
import type { Anchors } from "./anchors.ts";
import { type DamagedCheckpoint, type LeftBehind, verifyDerived } from "./verify-derived.ts";
import { type DocumentVerdict, verifyLog } from "./verify-log.ts";

export interface DatabaseVerdict {
  readonly documents: readonly DocumentVerdict[];
  /** Documents whose anchored end is gone or has another hash. */
  readonly cutOff: readonly { readonly documentId: string; readonly anchoredSeq: number }[];
  /** First audit row that does not fit; null: whole. */
  readonly auditBrokenAt: number | null;
  /** The audit trail is shorter than, or differs from, what an anchor saw. */
  readonly isAuditCutOff: boolean;
  readonly isWhole: boolean;
  /** Documents that a follower could not process. The record is whole all the same. */
  readonly leftBehind: readonly LeftBehind[];
  /** Not served; the record is whole all the same. */
  readonly damagedCheckpoints: readonly DamagedCheckpoint[];
  /** Ids of documents, or null for an archive of none. Not read; the record is whole all the same. */
  readonly damagedArchives: readonly (string | null)[];
  /** What a new anchor says; documents with damage or without their end are left out. */
  readonly anchored: Anchors;
}

/** Verifies the database at `path` and holds it against `anchors`, read before it was copied if it is a copy. */
export async function verifyDatabase(path: string, anchors: Anchors): Promise<DatabaseVerdict> {
  const wanted = new Map(Object.entries(anchors.documents).map(([id, [seq]]) => [id, seq]));
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true });
  let log: ReturnType<typeof verifyLog>;
  let derived: ReturnType<typeof verifyDerived>;
  try {
    log = verifyLog(sqlite, wanted);
    derived = verifyDerived(sqlite);
  } finally {
    sqlite.close();
  }
  const cutOff = Object.entries(anchors.documents)
    .filter(([id, [, hash]]) => log.found.get(id) !== hash)
    .map(([documentId, [anchoredSeq]]) => ({ documentId, anchoredSeq }));

  const db = openDatabase(path);
  const [auditRows, auditHash] = anchors.audit;
  let auditFound = auditRows === 0;
  const audit = await verifyAudit(db, (id, hash) => {
    if (id === auditRows && Buffer.from(hash).toString("hex") === auditHash) auditFound = true;
  }).finally(() => db.destroy());

  const lostItsEnd = new Set(cutOff.map(({ documentId }) => documentId));
  const isAuditWhole = audit.kind === "intact" && auditFound;
  return {
    documents: log.documents,
    cutOff,
    auditBrokenAt: audit.kind === "broken" ? audit.atId : null,
    isAuditCutOff: !auditFound,
    isWhole:
      isAuditWhole && cutOff.length === 0 && log.documents.every(({ damaged }) => damaged.length === 0),
    leftBehind: derived.leftBehind,
    damagedCheckpoints: derived.damagedCheckpoints,
    damagedArchives: derived.damagedArchives,
    anchored: {
      documents: Object.fromEntries(
        log.documents
          // An anchor at the shorter end would make the loss look whole the next time.
          .filter(({ documentId, damaged }) => damaged.length === 0 && !lostItsEnd.has(documentId))
          .map((one) => [one.documentId, [one.headSeq, Buffer.from(one.headHash).toString("hex")] as const]),
      ),
      audit:
        audit.kind === "intact" && auditFound
          ? [audit.rows, Buffer.from(audit.head).toString("hex")]
          : anchors.audit,
    },
  };
}
