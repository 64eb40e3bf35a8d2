/**
 * Why now: a checkpoint damaged on disk was served for the text, or kept its document from
 * opening. Each carries a hash from now on, and one without is not served.
 *
 * Those that are there get theirs here. Whether one was damaged before cannot be known for
 * certain; what can be seen is held against each other (the state, its state vector and its
 * delete set), and one whose parts differ gets none: it is made anew from the log. Leaving
 * all of them without would have every document read from its first row.
 */
import { type Kysely, sql } from "kysely";
import * as Y from "yjs";
import { checkpointHash, type UnhashedCheckpoint } from "../update-log/checkpoint-hash.ts";
import { deleteSetOf } from "../update-log/delete-set.ts";

/** Without what later migrations added; where that is empty, it does not count in the hash. */
type Row = Omit<UnhashedCheckpoint, "pieces"> & {
  readonly documentId: string;
  readonly schemaNumber: number;
};

const nothing = new Uint8Array(0);

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table checkpoint add column hash blob`.execute(db);
  const { rows: places } = await sql<{ document: number; seq: number }>`
    select checkpoint.document, checkpoint.seq
    from checkpoint join document on document.number = checkpoint.document
    where checkpoint.epoch = document.epoch`.execute(db);
  // One at a time: all of them together may be larger than memory.
  for (const { document, seq } of places) {
    const { rows } = await sql<Row>`
      select document.id as documentId, document.schema_number as schemaNumber, document, seq,
        checkpoint.epoch, log_id, state, state_vector, delete_set, at
      from checkpoint join document on document.number = checkpoint.document
      where document = ${document} and seq = ${seq}`.execute(db);
    for (const row of rows)
      if (fitsTogether(row))
        await sql`update checkpoint set hash = ${checkpointHash(row, { ...row, pieces: nothing })}
          where document = ${document} and seq = ${seq}`.execute(db);
  }
}

function fitsTogether(row: Row): boolean {
  try {
    return (
      equal(Y.encodeStateVectorFromUpdate(row.state), row.state_vector) &&
      equal(deleteSetOf(row.state), row.delete_set)
    );
  } catch {
    return false;
  }
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
