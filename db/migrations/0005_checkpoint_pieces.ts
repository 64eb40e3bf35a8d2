/**
 * Why now: for a page that knows a part of a large document, the loop that serves people read
 * the whole state to find what it lacks. Where a state may be cut is said beside it from now
 * on. Checkpoints that are there say nothing until the next one is made.
 */
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table checkpoint add column pieces blob not null default x''`.execute(db);
}
