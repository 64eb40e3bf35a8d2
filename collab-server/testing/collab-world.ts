/**
 * A running collaboration server for tests: real SQLite, the real log, a real HTTP
 * server on a free port, people of both sides with cookies that work.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { schemaNumber } from "../../app/document/schema-version.ts";
import type { Role } from "../../app/domain/access.ts";
import type { Side } from "../../app/domain/sides.ts";
import { sessionCookieName } from "../../app/operations/read-session.ts";
import { hashSecret } from "../../db/queries/sessions.ts";
import { openTestDatabase, type TestDatabase } from "../../db/testing/open-test-database.ts";
import {
  insertPlanDocument,
  insertPlanWorld,
  type PlanDocument,
  type PlanWorld,
} from "../../db/testing/plan-fixture.ts";
import { openUpdateLog, type SqliteUpdateLog } from "../../db/update-log/sqlite-update-log.ts";
import type { UpdateLog } from "../../db/update-log/update-log.ts";
import { httpOptions } from "../http-options.ts";
import { type CollabServer, type CollabServerParts, createCollabServer } from "../main.ts";
import { RawClient, type RawClientOptions } from "./raw-client.ts";

export interface Person {
  readonly userId: string;
  readonly sessionId: string;
  readonly name: string;
  readonly cookie: string;
}

export type Joining = Partial<RawClientOptions> & {
  readonly schema?: number | string;
  readonly epoch?: string;
  readonly writes?: boolean;
};

const withoutEnd = { atOnce: Number.POSITIVE_INFINITY, perSecond: 0 };

export class CollabWorld {
  readonly database: TestDatabase;
  readonly plan: PlanWorld;
  /** The log under the server; `log` may wrap it. */
  readonly realLog: SqliteUpdateLog;
  readonly log: UpdateLog;
  readonly http: Server;
  readonly port: number;
  readonly reports: { level: string; event: string; fields: Readonly<Record<string, string | number>> }[] =
    [];
  collab: CollabServer;
  readonly #parts: CollabServerParts;
  readonly #clients = new Set<RawClient>();

  constructor(parts: {
    database: TestDatabase;
    plan: PlanWorld;
    realLog: SqliteUpdateLog;
    log: UpdateLog;
    http: Server;
    port: number;
    opens: CollabServerParts["config"]["opens"];
    options: Partial<CollabServerParts>;
  }) {
    this.database = parts.database;
    this.plan = parts.plan;
    this.realLog = parts.realLog;
    this.log = parts.log;
    this.http = parts.http;
    this.port = parts.port;
    this.#parts = {
      db: parts.database.db,
      log: parts.log,
      now: Date.now,
      // People of a test come and go as often as no person could; tests of the limit set it.
      config: { origins: [`http://127.0.0.1:${parts.port}`], opens: parts.opens ?? withoutEnd },
      report: (level, event, fields = {}) => {
        this.reports.push({ level, event, fields });
      },
      ...parts.options,
    };
    this.collab = createCollabServer(this.#parts);
    this.http.on("upgrade", (request, socket, head) => this.collab.handleUpgrade(request, socket, head));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A new server over the same log, as after a restart. */
  async restart(): Promise<void> {
    await this.collab.close();
    this.collab = createCollabServer(this.#parts);
  }

  document(text = "A plan"): Promise<PlanDocument> {
    return insertPlanDocument(this.database.db, this.plan, text);
  }

  /** A person with a session; `role` null for somebody who is no member. */
  async person(
    given: {
      role?: Role | null;
      side?: Side;
      status?: "active" | "left" | "suspended";
      userStatus?: "active" | "suspended";
      isAdmin?: boolean;
      sessionEndsAt?: number;
      isSharedComputer?: boolean;
      name?: string;
    } = {},
  ): Promise<Person> {
    const { db } = this.database;
    const userId = randomUUID();
    const sessionId = randomUUID();
    const secret = randomBytes(32).toString("base64url");
    const name = given.name ?? `Person ${userId.slice(0, 4)}`;
    await db
      .insertInto("user")
      .values({
        id: userId,
        email: `${userId}@example.org`,
        name,
        status: given.userStatus ?? "active",
        is_programme_admin: given.isAdmin ? 1 : 0,
        kind: "person",
        is_demo: 0,
        created_at: 0,
      })
      .execute();
    if (given.role !== null)
      await db
        .insertInto("membership")
        .values({
          id: randomUUID(),
          partnership_id: this.plan.partnershipId,
          user_id: userId,
          organisation_id: this.plan.organisationId,
          side: given.side ?? "provider",
          role: given.role ?? "editor",
          status: given.status ?? "active",
          joined_at: 0,
        })
        .execute();
    await db
      .insertInto("session")
      .values({
        secret_hash: hashSecret(secret),
        id: sessionId,
        user_id: userId,
        created_at: 0,
        last_seen_at: Date.now(),
        expires_at: given.sessionEndsAt ?? Number.MAX_SAFE_INTEGER,
        device: "test",
        is_shared_computer: given.isSharedComputer ? 1 : 0,
      })
      .execute();
    return { userId, sessionId, name, cookie: `${sessionCookieName}=${secret}` };
  }

  url(document: { id: string; epoch: string }, options: Joining & { client: number }): string {
    const query = new URLSearchParams({
      schema: String(options.schema ?? schemaNumber),
      epoch: options.epoch ?? document.epoch,
      client: String(options.client),
      also: (options.also ?? []).join(","),
      have: String(options.have ?? 0),
      ...(options.writes === undefined ? {} : { writes: options.writes ? "1" : "0" }),
    });
    return `ws://127.0.0.1:${this.port}/collab/${document.id}?${query}`;
  }

  /** A client that has not connected yet. */
  client(person: { cookie: string } | null, document: PlanDocument, options: Joining = {}): RawClient {
    const client = new RawClient({
      url: (self) =>
        this.url(document, {
          ...options,
          client: self.doc.clientID,
          have: options.have ?? self.have,
          also: options.also ?? [...self.earlierClientIds],
        }),
      headers: { Origin: this.origin, ...(person ? { Cookie: person.cookie } : {}) },
      ...options,
    });
    this.#clients.add(client);
    return client;
  }

  /** The client leaves and is forgotten: its document need not stay in memory. */
  leave(client: RawClient): void {
    client.destroy();
    this.#clients.delete(client);
  }

  /** A client that is connected and has everything. */
  async join(
    person: { cookie: string } | null,
    document: PlanDocument,
    options: Joining = {},
  ): Promise<RawClient> {
    const client = this.client(person, document, options);
    client.connect();
    await client.synced();
    return client;
  }

  /** All rows of a document, as the log has them. */
  async rows(document: PlanDocument): Promise<readonly { seq: number; bytes: Uint8Array }[]> {
    const stored = await this.realLog.load(document.id);
    return this.realLog.rows(document.number, 1, stored?.headSeq ?? 0);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.collab.close();
    this.http.closeAllConnections();
    this.http.close();
    await this.realLog.close();
    await this.database.close();
  }
}

/** Opens a world. `wrapLog` may put faults between the server and the real log. */
export async function openCollabWorld(
  options: Partial<CollabServerParts> & {
    wrapLog?: (log: SqliteUpdateLog) => UpdateLog;
    opens?: CollabServerParts["config"]["opens"];
  } = {},
): Promise<CollabWorld> {
  const database = await openTestDatabase();
  const plan = await insertPlanWorld(database.db);
  const realLog = await openUpdateLog({ path: database.path, now: options.now ?? Date.now });
  const http = createServer(httpOptions(), (_, response) => {
    response.writeHead(404).end();
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { wrapLog, opens, ...rest } = options;
  return new CollabWorld({
    database,
    plan,
    realLog,
    log: wrapLog ? wrapLog(realLog) : realLog,
    http,
    port: (http.address() as AddressInfo).port,
    opens,
    options: rest,
  });
}
