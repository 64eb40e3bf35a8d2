/**
 * Why now: one document that a follower could not process held back the commits of all
 * others. It is left behind instead, and this table remembers where, so that nothing of
 * it is lost for good.
 */
import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table set_aside (
    document integer not null, follower text not null, log_id integer not null,
    fault text not null, at integer not null,
    primary key (document, follower)) strict, without rowid`.execute(db);
}
