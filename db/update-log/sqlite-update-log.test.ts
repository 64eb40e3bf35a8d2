import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../testing/open-test-database.ts";
import {
  insertPlanDocument,
  insertPlanWorld,
  type PlanDocument,
  type PlanWorld,
} from "../testing/plan-fixture.ts";
import { openUpdateLog, type SqliteUpdateLog } from "./sqlite-update-log.ts";
import type { Appended, AppendResult } from "./update-log.ts";

let test: TestDatabase;
let world: PlanWorld;
let plan: PlanDocument;
let log: SqliteUpdateLog;

beforeEach(async () => {
  test = await openTestDatabase();
  world = await insertPlanWorld(test.db);
  plan = await insertPlanDocument(test.db, world);
  log = await openUpdateLog({ path: test.path, now: () => 1_000 });
});
afterEach(async () => {
  await log.close();
  await test.close();
});

function sourceOf(person: { userId: string; sessionId: string }, document: PlanDocument = plan) {
  return log.openSource({
    document: document.number,
    epoch: document.epoch,
    lineage: document.lineage,
    schemaNumber: 1,
    actorKind: "user",
    userId: person.userId,
    side: "provider",
    sessionId: person.sessionId,
  });
}
function row(source: number, text: string, document: PlanDocument = plan) {
  return {
    document: document.number,
    source,
    at: 1_000,
    clientIds: [],
    bytes: new TextEncoder().encode(text),
  };
}
function reasonOf(result: AppendResult): string {
  return result.ok ? "appended" : result.refusal.reason;
}

describe("the update log", () => {
  it("gives rows of a document their seq in the order they were handed over", async () => {
    const source = await sourceOf(world.provider);
    const told: Appended[] = [];
    log.onAppended((rows) => told.push(...rows));
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, i) => log.append(row(source, `letter ${i}`))),
    );
    const seqs = results.map((result) => (result.ok ? result.value.seq : 0));
    expect(seqs).toEqual(Array.from({ length: 200 }, (_, i) => i + 2));
    expect(told.map(({ seq }) => seq)).toEqual(seqs);
    expect(log.headSeq(plan.number)).toBe(201);
    const rows = await log.rows(plan.number, 2, 201);
    expect(rows.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(
      Array.from({ length: 200 }, (_, i) => `letter ${i}`),
    );
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
  });

  it("knows seq and hash again after it was closed and opened", async () => {
    const source = await sourceOf(world.provider);
    for (let i = 0; i < 5; i++) await log.append(row(source, `letter ${i}`));
    await log.close();
    log = await openUpdateLog({ path: test.path, now: () => 1_000 });
    expect(log.headSeq(plan.number)).toBe(6);
    await log.append(row(source, "after"));
    const rows = await log.rows(plan.number, 1, 7);
    expect(rows).toHaveLength(7);
    expect(rows.every(({ isIntact }) => isIntact)).toBe(true);
  });

  it("[D4] serves a document that was created while the log was open, template and all", async () => {
    const later = await insertPlanDocument(test.db, world, "Made later");
    const stored = await log.load(later.id);
    expect(stored?.headSeq).toBe(1);
    expect(stored?.checkpoint.seq).toBe(1);
    expect(stored?.tail).toEqual([]);
    const source = await sourceOf(world.provider, later);
    expect(await log.append(row(source, "x", later))).toMatchObject({ ok: true, value: { seq: 2 } });
    expect((await log.load(later.id))?.tail).toHaveLength(1);
    expect(await log.load("00000000-0000-4000-8000-000000000001")).toBeNull();
  });

  it("[W3] refuses what a right no longer covers, and keeps the rest of the same batch", async () => {
    const [provider, employer] = [await sourceOf(world.provider), await sourceOf(world.employer)];
    await test.db
      .updateTable("membership")
      .set({ role: "observer" })
      .where("user_id", "=", world.provider.userId)
      .execute();
    const results = await Promise.all([
      log.append(row(provider, "lost")),
      log.append(row(employer, "kept")),
      log.append(row(provider, "lost")),
    ]);
    expect(results.map(reasonOf)).toEqual(["right-lost", "appended", "right-lost"]);
    await test.db.deleteFrom("session").where("id", "=", world.employer.sessionId).execute();
    expect(reasonOf(await log.append(row(employer, "late")))).toBe("signed-out");
    expect(log.headSeq(plan.number)).toBe(2);
  });
});
