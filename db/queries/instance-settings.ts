/** Facts about this instance that are decided once and kept with its data. */
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** Was this started as a demonstration? Null: a new database, nothing decided yet. */
export async function storedDemoDecision(db: Kysely<Schema>): Promise<boolean | null> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", "demo").executeTakeFirst();
  return row ? row.value === "yes" : null;
}

/** Keeps the decision. The first one stays: a second call changes nothing. */
export async function storeDemoDecision(db: Kysely<Schema>, isDemo: boolean): Promise<void> {
  await db
    .insertInto("setting")
    .values({ name: "demo", value: isDemo ? "yes" : "no" })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
