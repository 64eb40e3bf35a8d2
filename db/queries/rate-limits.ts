/**
 * Counters behind the rate limits (promise S12): so many tries per key and fixed
 * window. Kept in the database, so that a restart forgives nothing.
 */
import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";
import { waitsBriefly } from "../storage-fault.ts";

/**
 * Counts one try and gives the tries in the window that holds `at`, this one included.
 * Milliseconds throughout. One statement: two tries at once are two. `isBrief` gives up at
 * once on a locked file: reading must not wait for its counter.
 */
export async function countTry(
  db: Kysely<Schema>,
  key: string,
  at: number,
  windowLength: number,
  { isBrief = false } = {},
): Promise<number> {
  const windowAt = at - (at % windowLength);
  const row = await db
    .insertInto("rate_limit")
    .values({ key, window_at: windowAt, count: 1 })
    .onConflict((conflict) =>
      conflict.columns(["key", "window_at"]).doUpdateSet({ count: sql<number>`rate_limit.count + 1` }),
    )
    .returning("count")
    .$if(isBrief, (query) => query.modifyEnd(sql.raw(waitsBriefly)))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Takes one try back: it was honest, and its neighbours behind one address need the room. */
export async function uncountTry(
  db: Kysely<Schema>,
  key: string,
  at: number,
  windowLength: number,
): Promise<void> {
  await db
    .updateTable("rate_limit")
    .set({ count: sql<number>`max(count - 1, 0)` })
    .where("key", "=", key)
    .where("window_at", "=", at - (at % windowLength))
    .execute();
}

/** Forgets the tries of a key, after it proved to be honest. */
export async function forgetTries(db: Kysely<Schema>, key: string): Promise<void> {
  await db.deleteFrom("rate_limit").where("key", "=", key).execute();
}

/** Sweeps windows that began before `before`. */
export async function sweepTries(db: Kysely<Schema>, before: number): Promise<void> {
  await db.deleteFrom("rate_limit").where("window_at", "<", before).execute();
}
