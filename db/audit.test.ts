import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendAudit, verifyAudit } from "./audit.ts";
import { openTestDatabase, type TestDatabase } from "./testing/open-test-database.ts";

let test: TestDatabase;
beforeEach(async () => {
  test = await openTestDatabase();
});
afterEach(() => test.close());

const event = (n: number) => ({
  at: n,
  actorUserId: "someone",
  partnershipId: null,
  verb: "membership.role-changed",
  objectType: "membership",
  objectId: `m${n}`,
  before: { role: "editor" },
  after: { role: "leader" },
});
async function write(count: number) {
  for (let n = 1; n <= count; n++)
    await test.db.transaction().execute((transaction) => appendAudit(transaction, event(n)));
}
/** Past the triggers, as somebody with the file in hand could. */
async function tamper(statement: string) {
  await sql.raw("drop trigger if exists audit_is_fixed").execute(test.db);
  await sql.raw("drop trigger if exists audit_is_kept").execute(test.db);
  await sql.raw(statement).execute(test.db);
}

describe("the audit trail", () => {
  it("[S18] verifies as it was written, more than one page of it", async () => {
    await write(3);
    expect(await verifyAudit(test.db)).toMatchObject({ kind: "intact", rows: 3 });
  });

  it("[S18] is written or not together with the change it tells of", async () => {
    await expect(
      test.db.transaction().execute(async (transaction) => {
        await appendAudit(transaction, event(1));
        throw new Error("the change failed");
      }),
    ).rejects.toThrow("the change failed");
    expect(await verifyAudit(test.db)).toMatchObject({ kind: "intact", rows: 0 });
  });

  it("[S18] cannot be changed or shortened through SQL", async () => {
    await write(2);
    await expect(sql`update audit_event set at = 5 where id = 1`.execute(test.db)).rejects.toThrow(
      "cannot be changed",
    );
    await expect(sql`delete from audit_event where id = 2`.execute(test.db)).rejects.toThrow(
      "cannot be deleted",
    );
  });

  it.each([
    ["an edited row", 'update audit_event set after = \'{"role":"editor"}\' where id = 3', 3],
    ["another person", "update audit_event set actor_user_id = 'other' where id = 2", 2],
    ["a removed row", "delete from audit_event where id = 4", 4],
    ["a removed first row", "delete from audit_event where id = 1", 1],
    ["two rows swapped", "update audit_event set id = case id when 2 then -3 when 3 then -2 else id end", 2],
    [
      "an inserted row",
      "insert into audit_event select 7, at, actor_user_id, partnership_id, verb, object_type, object_id, before, after, request_id, hash from audit_event where id = 6",
      7,
    ],
  ])("[S18] shows %s", async (_what, statement, atId) => {
    await write(6);
    await tamper(statement);
    await sql.raw("update audit_event set id = -id where id < 0").execute(test.db);
    expect(await verifyAudit(test.db)).toEqual({ kind: "broken", atId });
  });
});
