/**
 * Upgrades: judged, leased, and then let into their room; nothing of a connection is read
 * before. What is refused gets an HTTP status and costs nobody else anything.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Kysely } from "kysely";
import { type WebSocket, WebSocketServer } from "ws";
import { closeCodes, limits } from "../app/document/wire.ts";
import { clientIdsOfOthers } from "../db/queries/live-rights.ts";
import type { Schema } from "../db/schema.ts";
import type { UpdateLog } from "../db/update-log/update-log.ts";
import { Connection } from "./connection.ts";
import type { Crowd } from "./crowd.ts";
import {
  documentIdIn,
  type Grant,
  handshakeQueryIn,
  isHeadTooLarge,
  type Judge,
  judgeRequest,
} from "./handshake.ts";
import type { LiveRights } from "./live-rights.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import type { Report } from "./report.ts";
import type { Rooms } from "./rooms.ts";
import type { Timers } from "./timers.ts";

/** Upgrades that are being judged at the same time, at most (promise W7). */
const judgedAtOnceMax = 500;
/**
 * Pieces of one message, and pieces of it that wait for the rest (CVE-2026-48779).
 * Chromium cuts messages at 128 kB: the 8 MB of a first sync come in 65.
 */
const partLimits = { maxFragments: 128, maxBufferedChunks: 16_384 };
/** A tab has to be closed first, or somebody has to leave: when it is worth another try. */
const retryFullMs = 10_000;

/** An upgrade that is refused: its HTTP status, and when it is worth another try. */
interface RefusedUpgrade {
  readonly status: number;
  readonly waitMs: number | null;
}

const refused = (status: number, waitMs: number | null = null): RefusedUpgrade => ({ status, waitMs });

export interface LettingInParts {
  readonly db: Kysely<Schema>;
  readonly log: UpdateLog;
  now(): number;
  /** Origins of our own pages, letter for letter (rulings 13). */
  readonly origins: readonly string[];
  readonly judge: Judge;
  readonly crowd: Crowd;
  readonly rooms: Rooms;
  readonly rights: LiveRights;
  readonly timers: Timers;
  readonly report: Report;
  /** The server is on its way out: nobody is let in any more. */
  isDraining(): boolean;
}

/** Who is let in: judged when `LiveRights.changes` stood at `judgedAt`, with the ids that are theirs. */
interface Guest {
  readonly grant: Grant;
  readonly clientId: number;
  /** The document's seq up to which this page holds everything, as its address says. */
  readonly have: number;
  readonly leased: readonly number[];
  readonly judgedAt: number;
}

export class LettingIn {
  readonly #parts: LettingInParts;
  readonly #wss: WebSocketServer;
  #judgedAtOnce = 0;

  constructor(parts: LettingInParts) {
    this.#parts = parts;
    this.#wss = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: limits.firstSyncBytes + 64,
      ...partLimits,
    });
    this.#wss.on("error", (error) => parts.report("error", "upgrade-error", { message: error.message }));
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without this listener one reset connection would end the process (fact M1).
    socket.on("error", () => socket.destroy());
    const refusal = this.#refusedAtOnce(request, head);
    if (refusal !== null) {
      refuseUpgrade(socket, refusal);
      return;
    }
    this.#judgedAtOnce++;
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      this.#judgedAtOnce--;
      cancel();
    };
    const cancel = this.#parts.timers.after(limits.preAuthMs, () => {
      over();
      refuseUpgrade(socket, 503);
    });
    const wasInTime = () => {
      const inTime = !isOver;
      over();
      return inTime;
    };
    this.#letIn(request, socket, wasInTime).then(
      (refused) => {
        over();
        if (refused !== null) refuseUpgrade(socket, refused.status, refused.waitMs);
      },
      (error: unknown) => {
        over();
        this.#parts.report("error", "upgrade-failed", { message: String(error) });
        refuseUpgrade(socket, 503);
      },
    );
  }

  close(): void {
    this.#wss.close();
  }

  /** What needs no database to be refused: an HTTP status, or null to go on. */
  #refusedAtOnce(request: IncomingMessage, head: Buffer): number | null {
    if (this.#parts.isDraining() || this.#judgedAtOnce >= judgedAtOnceMax) return 503;
    // An honest client sends nothing before it is let in.
    if (head.length > 0) return 400;
    if (isHeadTooLarge(request)) return 431;
    const { origin } = request.headers;
    return origin !== undefined && this.#parts.origins.includes(origin) ? null : 403;
  }

  /** Judges, leases, then upgrades. Null: let in, or gone meanwhile. */
  async #letIn(
    request: IncomingMessage,
    socket: Duplex,
    wasInTime: () => boolean,
  ): Promise<RefusedUpgrade | null> {
    const { db, judge, crowd, rights } = this.#parts;
    const documentId = documentIdIn(request.url);
    const query = handshakeQueryIn(request.url);
    const judgedAt = rights.changes;
    const judgement = await judgeRequest(judge, request, documentId, query, true);
    if (!judgement.ok) return refused(judgement.status);
    if (query === null || documentId === null) return refused(400);
    const { grant } = judgement;
    if (crowd.fullFor(grant) !== null) return refused(429, retryFullMs);
    // Counted is who would be let in, and not who is over the number of tabs: those try again
    // every few seconds, and would use up what the other tabs need after a restart.
    const now = this.#parts.now();
    if (!crowd.opens(grant.userId, now)) return refused(429, crowd.waitMs(grant.userId, now));
    // Who may only read writes under no id: a lease would be a row for ever, made at will.
    const clientIds = grant.canWrite ? [...new Set([query.client, ...query.also])] : [];
    const taken = grant.canWrite
      ? await this.#refusedLeases(grant, clientIds)
      : await clientIdsOfOthers(db, grant.document.lineageId, grant.userId, [query.client]);
    if (taken.includes(query.client)) return refused(409);
    if (socket.destroyed) return null;
    if (this.#parts.isDraining()) return refused(503);
    if (crowd.fullFor(grant) !== null) return refused(429, retryFullMs);
    if (!wasInTime()) return null;
    const leased = clientIds.filter((id) => !taken.includes(id));
    this.#wss.handleUpgrade(request, socket, Buffer.alloc(0), (ws) => {
      this.#admit(ws, socket, { grant, clientId: query.client, have: query.have, leased, judgedAt });
    });
    return null;
  }

  /** Leases what is free; gives back the ids that are somebody else's. */
  async #refusedLeases(grant: Grant, clientIds: readonly number[]): Promise<readonly number[]> {
    const { refused } = await this.#parts.log.lease({
      lineage: grant.document.lineageId,
      clientIds,
      userId: grant.userId,
      side: grant.side,
      sessionId: grant.sessionId,
      at: this.#parts.now(),
    });
    return refused;
  }

  #admit(ws: WebSocket, socket: Duplex, { grant, clientId, have, leased, judgedAt }: Guest): void {
    const { crowd, rooms, rights, timers, report } = this.#parts;
    const documentId = grant.document.id;
    const connection = new Connection({
      ...{ ws, socket, grant, clientId, have, report },
      now: () => this.#parts.now(),
      after: (ms, call) => timers.after(ms, call),
    });
    // A broken frame costs its sender only.
    ws.on("error", () => connection.broken());
    rights.came(connection, documentId);
    crowd.came(grant);
    const opening = rooms.hold(documentId);
    ws.on("close", () => {
      rights.went(connection);
      crowd.went(grant);
      opening.then(
        () => rooms.left(documentId, connection),
        () => {},
      );
    });
    opening
      .then(async (room) => {
        // They are leased, also where the page has gone: it may have come to name them alone (CS8).
        room.leased(leased, grant.userId);
        await rights.judgeSince(judgedAt, connection, room);
        if (!connection.isOpen) return;
        if (room.epoch !== grant.document.epoch) {
          connection.close(closeCodes.epochChanged, "history-replaced");
          return;
        }
        room.enter(connection);
      })
      .catch(() => connection.close(closeCodes.tryAgain, "cannot load"));
  }
}
