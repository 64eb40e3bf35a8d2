/**
 * A database of its own with one plan in it, typed into through the real log, and the
 * commands of the console as an operator runs them.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import Sqlite from "better-sqlite3";
import type { Kysely } from "kysely";
import * as Y from "yjs";
import { appendAnchor, readAnchors } from "../maintenance/anchors.ts";
import type { Place } from "../maintenance/backup-database.ts";
import { type DatabaseVerdict, verifyDatabase } from "../maintenance/verify-database.ts";
import { openDatabase } from "../open.ts";
import type { Schema } from "../schema.ts";
import { openUpdateLog } from "../update-log/sqlite-update-log.ts";
import type { UpdateLog } from "../update-log/update-log.ts";
import { openTestDatabase, type TestDatabase } from "./open-test-database.ts";
import { insertPlanDocument, insertPlanWorld, type PlanDocument, type PlanWorld } from "./plan-fixture.ts";

const run = promisify(execFile);

/** The moment at which everything happens, ms. */
export const now = () => 1_400_000_000_000;

/** What a command said, both streams, and its exit code. */
export type Said = { readonly code: number; readonly output: string };

export class MaintainedPlan {
  readonly #test: TestDatabase;
  #db: Kysely<Schema>;
  readonly world: PlanWorld;
  readonly plan: PlanDocument;

  private constructor(test: TestDatabase, world: PlanWorld, plan: PlanDocument) {
    this.#test = test;
    this.#db = test.db;
    this.world = world;
    this.plan = plan;
  }

  static async open(): Promise<MaintainedPlan> {
    const test = await openTestDatabase();
    const world = await insertPlanWorld(test.db);
    return new MaintainedPlan(
      test,
      world,
      await insertPlanDocument(test.db, world, "Design and install a network"),
    );
  }

  get db(): Kysely<Schema> {
    return this.#db;
  }

  get path(): string {
    return this.#test.path;
  }

  get folder(): string {
    return this.#test.folder;
  }

  get place(): Place {
    return { dataFolder: this.folder, databasePath: this.path };
  }

  /** The address of the leader of the provider's side. */
  get leader(): string {
    return `${this.world.provider.userId}@example.org`;
  }

  /** Opens the database again, after a command that must be alone with it. */
  reopen(): void {
    this.#db = openDatabase(this.path);
  }

  async close(): Promise<void> {
    await this.#db.destroy();
    await this.#test.close();
  }

  /** Types `texts` at the end of the plan as its provider's leader; gives back the text. */
  async type(
    texts: readonly string[],
    document: PlanDocument = this.plan,
    remove?: { at: number; length: number },
  ): Promise<string> {
    const log = await openUpdateLog({ path: this.path, now });
    const client = 1_000_000 + Math.floor(Math.random() * 1e9);
    await log.lease({
      lineage: document.lineage,
      clientIds: [client],
      userId: this.world.provider.userId,
      side: "provider",
      sessionId: null,
      at: 1,
    });
    const { epoch } = await this.db
      .selectFrom("document")
      .select("epoch")
      .where("number", "=", document.number)
      .executeTakeFirstOrThrow();
    const source = await log.openSource({
      document: document.number,
      epoch,
      lineage: document.lineage,
      schemaNumber: 1,
      actorKind: "user",
      userId: this.world.provider.userId,
      side: "provider",
      sessionId: this.world.provider.sessionId,
    });
    const doc = await documentOf(log, document);
    doc.clientID = client;
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    const text = doc.getText("default");
    for (const piece of texts) text.insert(text.length, piece);
    if (remove) text.delete(remove.at, remove.length);
    for (const bytes of updates) {
      const stored = await log.append({
        document: document.number,
        source,
        at: now(),
        clientIds: [client],
        bytes,
      });
      if (!stored.ok) throw new Error(`What was typed was refused: ${stored.refusal.reason}`);
    }
    await log.close();
    return text.toString();
  }

  /** The text of the plan in the database at `path`. */
  async textOf(path: string, document: PlanDocument = this.plan): Promise<string> {
    const log = await openUpdateLog({ path, now });
    const doc = await documentOf(log, document);
    await log.close();
    return doc.getText("default").toString();
  }

  /** With the file in hand and no respect for triggers. */
  tamper(statement: string, path = this.path): void {
    const sqlite = new Sqlite(path);
    sqlite.exec("drop trigger if exists audit_is_fixed; drop trigger if exists audit_is_kept");
    sqlite.exec(statement);
    sqlite.close();
  }

  /** Verifies, and leaves an anchor as the command does. */
  async anchor(): Promise<DatabaseVerdict> {
    const verdict = await verifyDatabase(this.path, readAnchors(this.folder));
    appendAnchor(this.folder, { at: now(), kind: "verify", ...verdict.anchored });
    return verdict;
  }

  /** Runs a command of the console; its exit code and all that it said. */
  command(name: string, ...options: string[]): Promise<Said> {
    return this.commandAt({}, name, ...options);
  }

  /** With settings of its own. */
  async commandAt(
    place: Readonly<Record<string, string>>,
    name: string,
    ...options: string[]
  ): Promise<Said> {
    const script = join(import.meta.dirname, "..", "..", "scripts", `${name}.ts`);
    const env = { ...process.env, DATA_DIR: this.folder, ...place };
    return run(process.execPath, [script, ...options], { env }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );
  }

  /** After a restore nobody has a session. */
  async signInAgain(): Promise<void> {
    const { userId, sessionId } = this.world.provider;
    await this.db
      .insertInto("session")
      .values({
        ...{ secret_hash: sessionId, id: sessionId, user_id: userId, created_at: 0, last_seen_at: 0 },
        ...{ expires_at: Number.MAX_SAFE_INTEGER, device: "test", is_shared_computer: 0 },
      })
      .execute();
  }
}

/** The newest state of a document, as a page gets it. */
async function documentOf(log: Pick<UpdateLog, "load">, document: PlanDocument): Promise<Y.Doc> {
  const stored = await log.load(document.id);
  const doc = new Y.Doc();
  if (stored) Y.applyUpdate(doc, stored.checkpoint.state);
  for (const row of stored?.tail ?? []) Y.applyUpdate(doc, row.bytes);
  return doc;
}
