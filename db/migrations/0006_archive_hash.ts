/**
 * Why now: checkpoints are proved by their hash, but are made from archives, of which nobody
 * could tell whether they are what was written. Each has a hash from now on, and one without
 * is made again from the log.
 *
 * Those that are there get theirs here, for the reason given in 0004; whether one was damaged
 * before cannot be seen.
 */
import { type Kysely, sql } from "kysely";
import { archiveHash } from "../update-log/archive-hash.ts";

type Row = { readonly documentId: string; seq: number; log_id: number; state: Uint8Array };

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table archive add column hash blob`.execute(db);
  const { rows: places } = await sql<{ document: number }>`select document from archive`.execute(db);
  // One at a time: all of them together may be larger than memory.
  for (const { document } of places) {
    const { rows } = await sql<Row>`
      select document.id as documentId, seq, log_id, state
      from archive join document on document.number = archive.document
      where document = ${document}`.execute(db);
    for (const row of rows)
      await sql`update archive set hash = ${archiveHash(row.documentId, row)} where document = ${document}`.execute(
        db,
      );
  }
}
