/**
 * What a new document needs in the log, inside the transaction that creates it
 * (promise D4): where the row comes from, the key of its chain, seq 1 with the
 * template, the lease of the template's client id to the server's own user, and the
 * first checkpoint. From seq 2 on only the writer writes (rulings 3).
 */
import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { CompiledQuery } from "kysely";
import type { Schema } from "../schema.ts";
import { insertServerUser, serverUserId } from "../server-user.ts";
import {
  commitment,
  encodeClientIds,
  encodeMetadata,
  firstHash,
  keyBytes,
  nextHash,
  sourceDigest,
} from "./chain.ts";
import { hashedCheckpoint } from "./checkpoint-hash.ts";

export interface NewDocumentRows {
  /** `document.number` of the row inserted before in this transaction. */
  readonly document: number;
  readonly epoch: string;
  readonly lineage: string;
  readonly schemaNumber: number;
  readonly actorKind: "server" | "import" | "demo";
  /** Who asked for the document; the text itself is the server's (rulings 9). */
  readonly userId: string;
  readonly side: string | null;
  readonly at: number;
  /** The one client id that `update` was written under. */
  readonly clientId: number;
  /** Yjs update v1 of the whole new document. It deletes nothing. */
  readonly update: Uint8Array;
  /** What the update reaches, as Yjs writes it. */
  readonly stateVector: Uint8Array;
}

/** A delete set of Yjs without clients. */
const noDeletions = Uint8Array.of(0);
/** A first text is short, and of one client: a page has all of it or nothing. */
const nowhere = new Uint8Array(0);

/** Inserts the rows; throws when the document does not exist or already has a log. */
export async function createDocumentRows(
  transaction: Kysely<Schema>,
  made: NewDocumentRows,
): Promise<{ readonly seq: 1; readonly logId: number }> {
  const { id: documentId } = await transaction
    .selectFrom("document")
    .select("id")
    .where("number", "=", made.document)
    .executeTakeFirstOrThrow();
  await transaction.executeQuery(CompiledQuery.raw(insertServerUser, [serverUserId, made.at]));

  const source = {
    document: made.document,
    epoch: made.epoch,
    lineage: made.lineage,
    schema_number: made.schemaNumber,
    actor_kind: made.actorKind,
    user_id: made.userId,
    side: made.side,
    session_id: null,
  };
  const { id: sourceId } = await transaction
    .insertInto("log_source")
    .values(source)
    .returning("id")
    .executeTakeFirstOrThrow();

  const key = randomBytes(keyBytes);
  await transaction.insertInto("log_key").values({ document: made.document, from_seq: 1, key }).execute();

  const clientIds = encodeClientIds([made.clientId]);
  const metadata = encodeMetadata(
    { document: made.document, seq: 1, at: made.at, clientIds, byteLength: made.update.length },
    sourceDigest(source),
  );
  const { id: logId } = await transaction
    .insertInto("log")
    .values({
      source: sourceId,
      document: made.document,
      seq: 1,
      at: made.at,
      client_ids: clientIds,
      bytes: made.update,
      hash: nextHash(firstHash(documentId), metadata, commitment(key, made.update)),
    })
    .returning("id")
    .executeTakeFirstOrThrow();

  await transaction
    .insertInto("client_lease")
    .values({
      lineage: made.lineage,
      client_id: made.clientId,
      user_id: serverUserId,
      side: null,
      session_id: null,
      issued_at: made.at,
      is_verified: 1,
    })
    .execute();

  await transaction
    .insertInto("checkpoint")
    .values(
      hashedCheckpoint(
        { documentId, schemaNumber: made.schemaNumber },
        {
          document: made.document,
          seq: 1,
          epoch: made.epoch,
          log_id: logId,
          state: made.update,
          state_vector: made.stateVector,
          delete_set: noDeletions,
          pieces: nowhere,
          at: made.at,
        },
      ),
    )
    .execute();
  return { seq: 1, logId };
}
