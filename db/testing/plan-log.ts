/** The real log over a database of its own with one plan, and what is appended to it. */
import { openUpdateLog, type SqliteUpdateLog } from "../update-log/sqlite-update-log.ts";
import type { AppendResult } from "../update-log/update-log.ts";
import { openTestDatabase, type TestDatabase } from "./open-test-database.ts";
import { insertPlanDocument, insertPlanWorld, type PlanDocument, type PlanWorld } from "./plan-fixture.ts";

export class PlanLog {
  readonly test: TestDatabase;
  readonly world: PlanWorld;
  readonly plan: PlanDocument;
  log: SqliteUpdateLog;

  private constructor(test: TestDatabase, world: PlanWorld, plan: PlanDocument, log: SqliteUpdateLog) {
    this.test = test;
    this.world = world;
    this.plan = plan;
    this.log = log;
  }

  static async open(): Promise<PlanLog> {
    const test = await openTestDatabase();
    const world = await insertPlanWorld(test.db);
    return new PlanLog(test, world, await insertPlanDocument(test.db, world), await openLog(test));
  }

  /** As after a restart. */
  async reopen(): Promise<void> {
    await this.log.close();
    this.log = await openLog(this.test);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.test.close();
  }

  /** A source of a person's own, as a connection opens one. */
  sourceOf(
    person: { userId: string; sessionId: string },
    document: PlanDocument = this.plan,
  ): Promise<number> {
    return this.log.openSource({
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

  /** What the server's own source says of itself, made for the provider's leader. */
  serverSource() {
    return {
      document: this.plan.number,
      epoch: this.plan.epoch,
      lineage: this.plan.lineage,
      schemaNumber: 1,
      actorKind: "server" as const,
      userId: this.world.provider.userId,
      side: null,
      sessionId: null,
    };
  }

  row(source: number, text: string, document: PlanDocument = this.plan) {
    return {
      document: document.number,
      source,
      at: 1_000,
      clientIds: [],
      bytes: new TextEncoder().encode(text),
    };
  }

  leaseOf(userId: string, clientIds: readonly number[]) {
    return { lineage: this.plan.lineage, clientIds, userId, side: null, sessionId: null, at: 1 };
  }

  /** Archives the plan, or brings it back. */
  async archive(isArchived: boolean): Promise<void> {
    await this.test.db
      .updateTable("document")
      .set({ archived_at: isArchived ? 5 : null })
      .where("number", "=", this.plan.number)
      .execute();
  }
}

const openLog = (test: TestDatabase) => openUpdateLog({ path: test.path, now: () => 1_000 });

/** Why a row was refused, or that it was not. */
export function reasonOf(result: AppendResult): string {
  return result.ok ? "appended" : result.refusal.reason;
}
