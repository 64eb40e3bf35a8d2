/**
 * Why now: a recovery lasted until somebody ordered its end, and nobody is reminded to.
 * It ends by itself at a moment that is written down when it begins. Recoveries that are
 * under way get the full time from now on: when they began is not known.
 */
import { type Kysely, sql } from "kysely";

const fourteenDaysMs = 14 * 24 * 60 * 60_000;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table document add column recovering_until integer not null default 0`.execute(db);
  await sql`
    update document set recovering_until = ${sql.lit(fourteenDaysMs)} + 1000 * unixepoch()
    where is_recovering = 1`.execute(db);
  await sql`alter table document drop column is_recovering`.execute(db);
}
