/**
 * Erasure: destroys what was once written in a document and is no longer in it. The
 * bytes and the key of every row go; metadata and commitments stay, so the chain still
 * verifies; the present text continues under a new epoch as one row without deleted
 * text; an audit row names who ordered it (rulings 2 and 19, ADR 0011). The one audited
 * path past the log's "never changed".
 */
import { randomBytes, randomUUID } from "node:crypto";
import Sqlite from "better-sqlite3";
import * as Y from "yjs";
import { keepMarksAsWritten } from "../../app/document/marks-as-written.ts";
import { appendAudit } from "../audit.ts";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open.ts";
import { setPragmas } from "../pragmas.ts";
import { serverUserId } from "../server-user.ts";
import {
  commitment,
  encodeMetadata,
  firstHash,
  keyBytes,
  nextHash,
  type SourceFacts,
  sourceDigest,
} from "../update-log/chain.ts";
import { ChainWalk } from "../update-log/chain-walk.ts";
import { hashedCheckpoint } from "../update-log/checkpoint-hash.ts";
import { deleteSetOf } from "../update-log/delete-set.ts";
import { type PackedSegment, packSegment, purgedSegment, type SealedRow } from "../update-log/segment.ts";
import { insertCheckpoint, newestProved, purgedTo } from "../update-log/stored-checkpoints.ts";
import { appendAnchor, readAnchors } from "./anchors.ts";
import type { Place } from "./backup-database.ts";
import { whoElseUses } from "./only-user.ts";
import { verifyDatabase } from "./verify-database.ts";

export type PurgeOutcome =
  | { readonly ok: true; readonly rows: number; readonly seq: number }
  | { readonly ok: false; readonly sentence: string };

interface DocumentRow {
  number: number;
  id: string;
  partnership_id: string;
  lineage_id: string;
  schema_number: number;
}

/**
 * Purges the history of one document, ordered by the user with the address `by`: an
 * administrator, or a leader of the partnership. Nobody else may stand in the record
 * as the one who had it erased.
 */
export async function purgeDocument(
  place: Place,
  order: { readonly documentId: string; readonly by: string; readonly at: number },
): Promise<PurgeOutcome> {
  const other = await whoElseUses(place.dataFolder, place.databasePath);
  if (other !== null) return { ok: false, sentence: other };
  const sqlite = new Sqlite(place.databasePath, { fileMustExist: true });
  let done: { rows: number; seq: number; document: DocumentRow; userId: string };
  try {
    setPragmas(sqlite);
    const document = sqlite
      .prepare("select number, id, partnership_id, lineage_id, schema_number from document where id = ?")
      .get(order.documentId) as DocumentRow | undefined;
    if (document === undefined) return { ok: false, sentence: `There is no document ${order.documentId}.` };
    const person = sqlite
      .prepare(
        `select user.id, user.is_programme_admin = 1 or exists (
           select 1 from membership where membership.user_id = user.id and membership.partnership_id = ?
             and membership.role = 'leader' and membership.status = 'active') as mayOrder
         from user where user.email = ? and user.kind = 'person' and user.status = 'active'`,
      )
      .get(document.partnership_id, order.by.toLowerCase()) as { id: string; mayOrder: number } | undefined;
    if (person === undefined)
      return { ok: false, sentence: `There is no user with the address ${order.by}.` };
    if (person.mayOrder !== 1)
      return {
        ok: false,
        sentence: `${order.by} may not order this: it takes an administrator or a leader of the partnership.`,
      };
    const userId = person.id;
    await bringUpToDate(place.databasePath);
    if (presentState(sqlite, document) === null)
      return {
        ok: false,
        sentence: `The newest checkpoint of ${document.id} is damaged, and what it held cannot be read whole from elsewhere. Start the server, open the document, stop the server and try again.`,
      };
    const lost = firstLostRow(sqlite, document);
    if (lost !== null)
      return {
        ok: false,
        sentence: `Row ${lost} of ${document.id} is missing, and what is erased could not be told from what is lost. Nothing was erased. Bring back a backup that has the row, then try again.`,
      };
    // The audit row comes first: an erasure that is not on record must not happen.
    await recordOrder(place.databasePath, document, userId, order.at);
    done = { ...purge(sqlite, document, order.at), document, userId };
    sqlite.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    sqlite.close();
  }
  const verdict = await verifyDatabase(place.databasePath, readAnchors(place.dataFolder));
  appendAnchor(place.dataFolder, { at: order.at, kind: "purge", ...verdict.anchored });
  return { ok: true, rows: done.rows, seq: done.seq };
}

async function bringUpToDate(path: string): Promise<void> {
  const db = openDatabase(path);
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

async function recordOrder(path: string, document: DocumentRow, userId: string, at: number): Promise<void> {
  const db = openDatabase(path);
  try {
    await db.transaction().execute((transaction) =>
      appendAudit(transaction, {
        at,
        actorUserId: userId,
        partnershipId: document.partnership_id,
        verb: "document.purged",
        objectType: "document",
        objectId: document.id,
      }),
    );
  } finally {
    await db.destroy();
  }
}

function purge(sqlite: Sqlite.Database, document: DocumentRow, at: number): { rows: number; seq: number } {
  return sqlite
    .transaction(() => {
      const open = openEnd(sqlite, document);
      const { rows, previous, headSeq, headHash } = open;
      const sealed = rows.map((row) => ({ ...row, logId: row.id, clientIds: row.client_ids }));
      const last = rows.at(-1);
      const present = presentState(sqlite, document);
      if (present === null) throw new Error(`The present text of ${document.id} cannot be read any more`);

      // All of them, also one whose number is damaged: what was erased must not stay in any.
      sqlite.prepare("delete from checkpoint where document = ?").run(document.number);
      const next = continueUnder(sqlite, document, { headSeq, headHash, present, at });
      if (last !== undefined) {
        const segment = purgedSegment(
          packSegment({
            document: document.number,
            rows: sealed,
            firstHash: previous?.last_hash ?? firstHash(document.id),
            lastHash: last.hash,
            key: open.key,
          }),
          at,
        );
        if (segment === null) throw new Error("A segment packed a moment ago cannot be read");
        insertSegment(sqlite, segment);
      }
      purgeSegments(sqlite, document.number, at);
      sqlite.prepare("delete from log where document = ? and id <> ?").run(document.number, next.logId);
      sqlite.prepare("delete from archive where document = ?").run(document.number);
      blankReports(sqlite, document.id);
      forgetSearchText(sqlite, document);
      return { rows: headSeq, seq: next.seq };
    })
    .immediate();
}

/**
 * What search holds of a document goes whole: a follower that had not come to the end still
 * has words that were deleted, and it makes both anew from the row that now begins the text.
 */
function forgetSearchText(sqlite: Sqlite.Database, document: DocumentRow): void {
  sqlite.prepare("delete from document_search where rowid = ?").run(document.number);
  sqlite.prepare("delete from document_text where document_id = ?").run(document.id);
  // A deleted word stays in the index as a token that is marked as gone, until all parts are one.
  sqlite.exec("insert into document_search(document_search) values ('optimize')");
}

function digestsOf(sqlite: Sqlite.Database, document: number): ReadonlyMap<number, Uint8Array> {
  const sources = sqlite
    .prepare(
      `select id, document, epoch, lineage, schema_number, actor_kind, user_id, side, session_id
       from log_source where document = ?`,
    )
    .all(document) as (SourceFacts & { id: number })[];
  return new Map(sources.map((source) => [source.id, sourceDigest(source)]));
}

interface OpenEnd {
  readonly key: Buffer;
  readonly rows: readonly (SealedRow & { id: number; client_ids: Buffer; hash: Buffer })[];
  readonly previous: { readonly to_seq: number; readonly last_hash: Buffer } | undefined;
  readonly headSeq: number;
  readonly headHash: Uint8Array;
}

/** The unsealed rows of a document and what they follow. */
function openEnd(sqlite: Sqlite.Database, document: DocumentRow): OpenEnd {
  const key = sqlite
    .prepare("select key from log_key where document = ?")
    .pluck()
    .get(document.number) as Buffer;
  const rows = sqlite
    .prepare(`select id, source, seq, at, client_ids, bytes, hash from log where document = ? order by id`)
    .all(document.number) as OpenEnd["rows"];
  const last = rows.at(-1);
  const previous = sqlite
    .prepare("select to_seq, last_hash from segment where document = ? order by to_seq desc limit 1")
    .get(document.number) as OpenEnd["previous"];
  return {
    key,
    rows,
    previous,
    headSeq: last?.seq ?? previous?.to_seq ?? 0,
    headHash: last?.hash ?? previous?.last_hash ?? firstHash(document.id),
  };
}

/** The first row that is missing between the ones that are there; null where none is. */
function firstLostRow(sqlite: Sqlite.Database, document: DocumentRow): number | null {
  const { rows, previous } = openEnd(sqlite, document);
  let next = (previous?.to_seq ?? 0) + 1;
  for (const { seq } of rows) {
    if (seq > next) return next;
    next = seq + 1;
  }
  return null;
}

/**
 * The text as it is now and nothing that was deleted: item ids stay, so authorship does.
 * Null where a damaged checkpoint held what no whole one and no row can give: a purge
 * would destroy it for good.
 */
function presentState(sqlite: Sqlite.Database, document: DocumentRow): Uint8Array | null {
  const { key, rows, previous, headSeq } = openEnd(sqlite, document);
  const walk = new ChainWalk(previous?.last_hash ?? firstHash(document.id), key);
  const digestOf = digestsOf(sqlite, document.number);
  const intact = rows.filter(
    (row) => walk.step({ ...row, document: document.number }, digestOf.get(row.source) ?? null).isIntact,
  );
  const { checkpoint, damaged } = newestProved(sqlite, document.number);
  const from = checkpoint?.seq ?? purgedTo(sqlite, document.number);
  const later = intact.filter((row) => row.seq > from);
  if ((checkpoint === null || damaged.length > 0) && later.length < headSeq - from) return null;
  const doc = keepMarksAsWritten(new Y.Doc({ gc: true }));
  if (checkpoint !== null) Y.applyUpdate(doc, checkpoint.state);
  for (const row of later) Y.applyUpdate(doc, row.bytes);
  // Parts that wait for something that never came are not in the text, and would travel along.
  doc.store.pendingStructs = null;
  doc.store.pendingDs = null;
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return state;
}

/** New epoch, new key, and one row with the present text, from which the document goes on. */
function continueUnder(
  sqlite: Sqlite.Database,
  document: DocumentRow,
  order: { headSeq: number; headHash: Uint8Array; present: Uint8Array; at: number },
): { seq: number; logId: number } {
  const epoch = randomUUID();
  const key = randomBytes(keyBytes);
  const seq = order.headSeq + 1;
  const source = {
    document: document.number,
    epoch,
    lineage: document.lineage_id,
    schema_number: document.schema_number,
    actor_kind: "server",
    user_id: serverUserId,
    side: null,
    session_id: null,
  };
  const sourceId = sqlite
    .prepare(
      `insert into log_source (document, epoch, lineage, schema_number, actor_kind, user_id, side, session_id)
       values (@document, @epoch, @lineage, @schema_number, @actor_kind, @user_id, @side, @session_id)`,
    )
    .run(source).lastInsertRowid;
  const clientIds = new Uint8Array(0);
  const metadata = encodeMetadata(
    { document: document.number, seq, at: order.at, clientIds, byteLength: order.present.length },
    sourceDigest(source),
  );
  const hash = nextHash(order.headHash, metadata, commitment(key, order.present));
  const logId = Number(
    sqlite
      .prepare(
        "insert into log (source, document, seq, at, client_ids, bytes, hash) values (?, ?, ?, ?, ?, ?, ?)",
      )
      .run(sourceId, document.number, seq, order.at, clientIds, order.present, hash).lastInsertRowid,
  );
  sqlite
    .prepare("update log_key set from_seq = ?, key = ? where document = ?")
    .run(seq, key, document.number);
  // A recovery ends with it: browsers would bring back what was just erased.
  sqlite
    .prepare("update document set epoch = ?, recovering_until = 0 where number = ?")
    .run(epoch, document.number);
  sqlite.prepare(insertCheckpoint).run(
    hashedCheckpoint(
      { documentId: document.id, schemaNumber: document.schema_number },
      {
        document: document.number,
        seq,
        epoch,
        log_id: logId,
        state: order.present,
        state_vector: Y.encodeStateVectorFromUpdate(order.present),
        delete_set: deleteSetOf(order.present),
        // Under the new epoch no page knows a part of it.
        pieces: new Uint8Array(0),
        at: order.at,
      },
    ),
  );
  return { seq, logId };
}

function insertSegment(sqlite: Sqlite.Database, segment: PackedSegment): void {
  sqlite
    .prepare(
      `insert into segment (document, from_seq, to_seq, first_hash, last_hash, key, metadata, bytes,
         commitments, purged_at)
       values (@document, @from_seq, @to_seq, @first_hash, @last_hash, @key, @metadata, @bytes,
         @commitments, @purged_at)`,
    )
    .run(segment);
}

/** A segment too damaged to compute its commitments loses its bytes all the same; `verify` names it. */
function purgeSegments(sqlite: Sqlite.Database, document: number, at: number): void {
  const segments = sqlite
    .prepare(
      `select document, from_seq, to_seq, first_hash, last_hash, key, metadata, bytes, commitments, purged_at
       from segment where document = ? and purged_at is null`,
    )
    .all(document) as PackedSegment[];
  for (const segment of segments) {
    const purged = purgedSegment(segment, at);
    sqlite
      .prepare(
        `update segment set key = null, bytes = null, commitments = ?, purged_at = ?
         where document = ? and from_seq = ?`,
      )
      .run(purged?.commitments ?? null, at, document, segment.from_seq);
  }
}

/** Reports of restores quote text; the trigger that keeps versions as they are steps aside for this one update. */
function blankReports(sqlite: Sqlite.Database, documentId: string): void {
  const trigger = sqlite
    .prepare("select sql from sqlite_schema where type = 'trigger' and name = 'version_content_is_fixed'")
    .pluck()
    .get() as string;
  sqlite.exec("drop trigger version_content_is_fixed");
  sqlite.prepare("update version set report = null where document_id = ?").run(documentId);
  sqlite.exec(trigger);
}
