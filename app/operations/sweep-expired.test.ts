import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { countTry } from "../../db/queries/rate-limits.ts";
import { openTestDatabase, type TestDatabase } from "../../db/testing/open-test-database.ts";
import { nameAdministrator } from "./name-administrator.ts";
import { sweepExpired } from "./sweep-expired.ts";

let test: TestDatabase;
beforeEach(async () => {
  test = await openTestDatabase();
});
afterEach(() => test.close());

it("removes what has run out and keeps what still counts", async () => {
  const day = 24 * 60 * 60_000;
  const later = 1_800_000_000_000;
  const admin = async (at: number, token: string) =>
    nameAdministrator(
      { db: test.db, now: () => at, newId: () => randomUUID(), newToken: () => token },
      { email: "head@college.example", name: "Head" },
    );
  await admin(later - 3 * day, "old");
  await admin(later - 1000, "new");
  const { id } = await test.db.selectFrom("user").select("id").executeTakeFirstOrThrow();
  for (const [name, expires_at] of [
    ["ended", later - 1],
    ["open", later + 1],
  ] as const) {
    await test.db
      .insertInto("session")
      .values({
        secret_hash: name,
        id: name,
        user_id: id,
        created_at: later - day,
        last_seen_at: later - day,
        expires_at,
        device: "",
        is_shared_computer: 0,
      })
      .execute();
  }
  await countTry(test.db, "sign-in:network:old", later - 2 * day, 60_000);
  await countTry(test.db, "sign-in:network:new", later, 60_000);

  await sweepExpired({ db: test.db, now: () => later });

  expect(await test.db.selectFrom("session").select("id").execute()).toEqual([{ id: "open" }]);
  expect(await test.db.selectFrom("rate_limit").select("key").execute()).toEqual([
    { key: "sign-in:network:new" },
  ]);
  expect(await test.db.selectFrom("password_reset").select("created_at").execute()).toEqual([
    { created_at: later - 1000 },
  ]);
});
