/**
 * A real database and log with documents people write into, for the followers' tests.
 * Rows come from real Y.Docs; their times are the test's.
 */
import { randomUUID } from "node:crypto";
import Sqlite from "better-sqlite3";
import * as Y from "yjs";
import { firstText } from "../../../app/document/first-text.ts";
import { keepMarksAsWritten } from "../../../app/document/marks-as-written.ts";
import type { Side } from "../../../app/domain/sides.ts";
import type { DocumentJson, OnBehalfOf } from "../../../app/operations/services.ts";
import { setPragmas } from "../../../db/pragmas.ts";
import { openTestDatabase, type TestDatabase } from "../../../db/testing/open-test-database.ts";
import { insertPlanWorld, type PlanDocument, type PlanWorld } from "../../../db/testing/plan-fixture.ts";
import { createDocumentRows } from "../../../db/update-log/create-document-rows.ts";
import type { Companions } from "../../../db/update-log/rows.ts";
import { openUpdateLog, type SqliteUpdateLog } from "../../../db/update-log/sqlite-update-log.ts";
import type { AppendResult } from "../../../db/update-log/update-log.ts";
import { FollowLog, type FollowLogOptions } from "../follow-log.ts";
import type { Damage } from "../held-documents.ts";
import { HistoriesInWorker } from "../histories-in-worker.ts";

export const minute = 60_000;
/** Tue 12 May 2015, 10:00 */
export const tenOClock = Date.UTC(2015, 4, 12, 10);

const plan: DocumentJson = {
  type: "doc",
  content: [
    { type: "heading", attrs: { level: 1 }, content: [{ type: "text", text: "Aims" }] },
    { type: "paragraph", content: [{ type: "text", text: "What the learner can do." }] },
  ],
};

/** Somebody at a keyboard: a document of their own, whose changes become rows. */
export interface Writer {
  readonly doc: Y.Doc;
  readonly userId: string;
  /** Appends what was written since the last call, as one row. */
  send(at: number): Promise<AppendResult | null>;
  /** Takes in what others wrote. */
  receive(): Promise<void>;
}

export class FollowWorld {
  readonly database: TestDatabase;
  readonly world: PlanWorld;
  readonly log: SqliteUpdateLog;
  readonly damage: Damage[] = [];
  readonly #open: Sqlite.Database[] = [];

  constructor(database: TestDatabase, world: PlanWorld, log: SqliteUpdateLog) {
    this.database = database;
    this.world = world;
    this.log = log;
  }

  /** Followers over this database, as after a start. */
  follow(options: Partial<FollowLogOptions> = {}): {
    follow: FollowLog;
    histories: HistoriesInWorker;
    sqlite: Sqlite.Database;
  } {
    const sqlite = this.sqlite();
    const follow = new FollowLog({
      sqlite,
      newId: randomUUID,
      onDamage: (damage) => this.damage.push(damage),
      ...options,
    });
    let client = 3_000_000_000;
    return { follow, histories: new HistoriesInWorker(follow, () => client++), sqlite };
  }

  sqlite(): Sqlite.Database {
    const sqlite = new Sqlite(this.database.path);
    setPragmas(sqlite);
    this.#open.push(sqlite);
    return sqlite;
  }

  async document(json: DocumentJson = plan, at = tenOClock): Promise<PlanDocument> {
    const document = { id: randomUUID(), lineage: randomUUID(), epoch: randomUUID() };
    const clientId = 1 + Math.floor(Math.random() * 0x7fff_fffe);
    const { update, stateVector } = firstText(json, clientId);
    const number = await this.database.db.transaction().execute(async (transaction) => {
      const made = await transaction
        .insertInto("document")
        .values({
          id: document.id,
          partnership_id: this.world.partnershipId,
          position: 0,
          kind: "curriculum_plan",
          title: "Radiation safety",
          lineage_id: document.lineage,
          epoch: document.epoch,
          schema_number: 1,
          created_by: this.world.provider.userId,
          created_at: at,
        })
        .returning("number")
        .executeTakeFirstOrThrow();
      await createDocumentRows(transaction, {
        document: made.number,
        epoch: document.epoch,
        lineage: document.lineage,
        schemaNumber: 1,
        actorKind: "server",
        userId: this.world.provider.userId,
        side: "provider",
        at,
        clientId,
        update,
        stateVector,
      });
      return made.number;
    });
    // The writer learns of a document when it is asked for it.
    await this.log.load(document.id);
    return { ...document, number };
  }

  async writer(document: PlanDocument, side: Side & ("provider" | "employer")): Promise<Writer> {
    const { userId, sessionId } = this.world[side];
    const doc = keepMarksAsWritten(new Y.Doc());
    await this.log.lease({
      lineage: document.lineage,
      clientIds: [doc.clientID],
      userId,
      side,
      sessionId,
      at: tenOClock,
    });
    const source = await this.log.openSource({
      document: document.number,
      epoch: document.epoch,
      lineage: document.lineage,
      schemaNumber: 1,
      actorKind: "user",
      userId,
      side,
      sessionId,
    });
    let unsent: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "log") unsent.push(update);
    });
    let received = 0;
    const receive = async () => {
      const head = (await this.log.load(document.id))?.headSeq ?? 0;
      for (const row of await this.log.rows(document.number, received + 1, head))
        Y.applyUpdate(doc, row.bytes, "log");
      received = head;
    };
    await receive();
    return {
      doc,
      userId,
      receive,
      send: async (at) => {
        if (unsent.length === 0) return null;
        const bytes = Y.mergeUpdates(unsent);
        unsent = [];
        const clientIds = [...new Set(Y.decodeUpdate(bytes).structs.map((struct) => struct.id.client))];
        const appended = await this.log.append({ document: document.number, source, at, clientIds, bytes });
        if (!appended.ok) throw new Error(`Not appended: ${appended.refusal.reason}`);
        return appended;
      },
    };
  }

  /** What the collaboration server does with an edit of the server's own, without sockets. */
  appendServerEdit(at: () => number) {
    return async (edit: {
      documentId: string;
      bytes: Uint8Array;
      clientIds: readonly number[];
      onBehalfOf: OnBehalfOf;
      companions?: Companions;
    }): Promise<AppendResult> => {
      const stored = await this.log.load(edit.documentId);
      if (!stored) throw new Error("No such document");
      const source = await this.log.openSource({
        document: stored.document,
        epoch: stored.epoch,
        lineage: stored.lineage,
        schemaNumber: stored.schemaNumber,
        ...edit.onBehalfOf,
        sessionId: null,
      });
      return this.log.append(
        { document: stored.document, source, at: at(), clientIds: edit.clientIds, bytes: edit.bytes },
        edit.companions,
      );
    };
  }

  async close(): Promise<void> {
    for (const sqlite of this.#open) if (sqlite.open) sqlite.close();
    await this.log.close();
    await this.database.close();
  }
}

export async function openFollowWorld(): Promise<FollowWorld> {
  const database = await openTestDatabase();
  const world = await insertPlanWorld(database.db);
  return new FollowWorld(database, world, await openUpdateLog({ path: database.path, now: () => tenOClock }));
}

/** The text of the n-th block. */
export function textOfBlock(doc: Y.Doc, index: number): Y.XmlText {
  const block = doc.getXmlFragment("default").get(index) as Y.XmlElement;
  return block.get(0) as Y.XmlText;
}
