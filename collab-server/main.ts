/**
 * The collaboration server: upgrades, rooms, live rights and the way out. It hangs on
 * an HTTP server of somebody else's (`server.ts`) and stores through the update log.
 * Its behaviour is written in `PROTOCOL.md`, rule by rule.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Kysely } from "kysely";
import { type WebSocket, WebSocketServer } from "ws";
import { type CollabStatus, closeCodes, limits } from "../app/document/wire.ts";
import type { DocumentId } from "../app/domain/ids.ts";
import { readSession } from "../app/operations/read-session.ts";
import type { LiveDocuments, OnBehalfOf } from "../app/operations/services.ts";
import { clientIdsOfOthers, liveRightsOf } from "../db/queries/live-rights.ts";
import { touchSession } from "../db/queries/sessions.ts";
import type { Schema } from "../db/schema.ts";
import { serverUserId } from "../db/server-user.ts";
import type { Companions } from "../db/update-log/rows.ts";
import type { AppendResult, UpdateLog } from "../db/update-log/update-log.ts";
import { Connection } from "./connection.ts";
import { Crowd, type Opens } from "./crowd.ts";
import { gathered } from "./gathered.ts";
import {
  documentIdIn,
  type Grant,
  handshakeQueryIn,
  isHeadTooLarge,
  type Judge,
  judgePerson,
  judgeRequest,
} from "./handshake.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";
import type { Report } from "./report.ts";
import { Rooms } from "./rooms.ts";
import { SessionUse } from "./session-use.ts";
import { realTimers, type Timers } from "./timers.ts";

/** Signs of life, slow readers and dead lines are looked at this often. */
const tickEveryMs = 1_000;
/** Rights are looked up again this often, should a hint have been lost (rule C8). */
const rightsEveryMs = 5_000;
/** Upgrades that are being judged at the same time, at most (promise W7). */
const judgedAtOnceMax = 500;
/**
 * Pieces of one message, and pieces of it that wait for the rest (CVE-2026-48779).
 * Chromium cuts messages at 128 kB: the 8 MB of a first sync come in 65.
 */
const partLimits = { maxFragments: 128, maxBufferedChunks: 16_384 };
/** A tab has to be closed first, or somebody has to leave: when it is worth another try. */
const retryFullMs = 10_000;
/** Draining: waiting for the disk, then closing spread over this time (promise B6). */
const settleWithinMs = 3_000;
const spreadMs = 5_000;
/** So few sockets need no spreading. */
const fewSockets = 10;

export interface CollabServerParts {
  readonly db: Kysely<Schema>;
  readonly log: UpdateLog;
  now(): number;
  readonly config: {
    /** Origins of our own pages, letter for letter (rulings 13). */
    readonly origins: readonly string[];
    /** How often a person may open a connection; `limits` of `wire.ts` unless said otherwise. */
    readonly opens?: Opens;
  };
  /**
   * Time for a checkpoint: the last one has left a document and everything is stored, or the
   * one it was opened from is damaged. Resolves when it stands.
   */
  onCheckpointDue?(documentId: string): Promise<void> | void;
  readonly report?: Report;
  readonly timers?: Timers;
  /** Whose cookie is this? Pages and live editing ask the same function. */
  readonly readSession?: Judge["readSession"];
}

export interface ServerEdit {
  readonly documentId: string;
  /** Yjs update v1 written under fresh client ids. */
  readonly bytes: Uint8Array;
  /** The fresh client ids; they are leased to the server's own user with the row (rulings 9). */
  readonly clientIds: readonly number[];
  readonly onBehalfOf: OnBehalfOf;
  readonly companions?: Companions;
}

/** An upgrade that is refused: its HTTP status, and when it is worth another try. */
interface RefusedUpgrade {
  readonly status: number;
  readonly waitMs: number | null;
}

const refused = (status: number, waitMs: number | null = null): RefusedUpgrade => ({ status, waitMs });

export interface CollabServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Why an upgrade would be refused, for `GET /collab/<id>/status`. */
  status(request: IncomingMessage): Promise<CollabStatus>;
  readonly live: LiveDocuments;
  /** Stores an edit of the server's own and hands it to everybody who is connected. */
  appendServerEdit(edit: ServerEdit): Promise<AppendResult>;
  /** Tells everybody who has the document open that somebody restored a version. */
  restored(documentId: string, by: string, version: string): void;
  /** A follower has made a checkpoint: the room may drop the rows it contains. */
  checkpointMade(documentId: string): void;
  /** Lets nobody in any more, waits for the disk, closes all with 1012. At most 10 s. */
  drain(): Promise<void>;
  /** Cuts every connection and stops every timer. */
  close(): Promise<void>;
  /** What is open now, for health pages and tests. */
  counts(): { readonly rooms: number; readonly connections: number; readonly bufferedBytes: number };
}

/** Makes the server; it listens nowhere by itself. */
export function createCollabServer(parts: CollabServerParts): CollabServer {
  const timers = parts.timers ?? realTimers;
  const report: Report = parts.report ?? (() => {});
  const judge: Judge = {
    db: parts.db,
    now: () => parts.now(),
    readRights: gathered((asks) => liveRightsOf(parts.db, asks)),
    // A tab that connects again by itself is no use: on a shared computer it would never end.
    readSession: parts.readSession ?? ((cookie) => readSession(parts, cookie, false)),
  };
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.firstSyncBytes + 64,
    ...partLimits,
  });
  wss.on("error", (error) => report("error", "upgrade-error", { message: error.message }));

  const use = new SessionUse(
    () => parts.now(),
    (sessionId, at) => {
      touchSession(parts.db, sessionId, at).catch((error: unknown) =>
        report("warn", "use-not-noted", { message: String(error) }),
      );
    },
  );
  const rooms = new Rooms(
    {
      log: parts.log,
      now: () => parts.now(),
      timers,
      report,
      onWrote: (sessionId) => use.wrote(sessionId),
    },
    (documentId) => parts.onCheckpointDue?.(documentId),
  );
  const connections = new Map<Connection, string>();
  const crowd = new Crowd(
    parts.config.opens ?? { atOnce: limits.opensAtOnce, perSecond: limits.opensPerSecond },
  );
  let judgedAtOnce = 0;
  /** How often somebody's rights have changed: who was judged before a change is judged again. */
  let rightsChanges = 0;
  let isDraining = false;

  const stopTicking = timers.every(tickEveryMs, () => {
    for (const room of rooms.live()) room.tick();
  });
  const stopPolling = timers.every(rightsEveryMs, () => {
    use.sweep();
    crowd.sweep(parts.now());
    judgeAgain(() => true);
  });

  /** What needs no database to be refused: an HTTP status, or null to go on. */
  function refusedAtOnce(request: IncomingMessage, head: Buffer): number | null {
    if (isDraining || judgedAtOnce >= judgedAtOnceMax) return 503;
    // An honest client sends nothing before it is let in.
    if (head.length > 0) return 400;
    if (isHeadTooLarge(request)) return 431;
    const { origin } = request.headers;
    return origin !== undefined && parts.config.origins.includes(origin) ? null : 403;
  }

  function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without this listener one reset connection would end the process (fact M1).
    socket.on("error", () => socket.destroy());
    const refusal = refusedAtOnce(request, head);
    if (refusal !== null) {
      refuseUpgrade(socket, refusal);
      return;
    }
    judgedAtOnce++;
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      judgedAtOnce--;
      cancel();
    };
    const cancel = timers.after(limits.preAuthMs, () => {
      over();
      refuseUpgrade(socket, 503);
    });
    const wasInTime = () => {
      const inTime = !isOver;
      over();
      return inTime;
    };
    letIn(request, socket, wasInTime).then(
      (refused) => {
        over();
        if (refused !== null) refuseUpgrade(socket, refused.status, refused.waitMs);
      },
      (error: unknown) => {
        over();
        report("error", "upgrade-failed", { message: String(error) });
        refuseUpgrade(socket, 503);
      },
    );
  }

  /** Judges, leases, then upgrades; nothing of the connection is read before. Null: let in. */
  async function letIn(
    request: IncomingMessage,
    socket: Duplex,
    wasInTime: () => boolean,
  ): Promise<RefusedUpgrade | null> {
    const documentId = documentIdIn(request.url);
    const query = handshakeQueryIn(request.url);
    const judgedAt = rightsChanges;
    const judgement = await judgeRequest(judge, request, documentId, query, true);
    if (!judgement.ok) return refused(judgement.status);
    if (query === null || documentId === null) return refused(400);
    const { grant } = judgement;
    if (crowd.fullFor(grant) !== null) return refused(429, retryFullMs);
    // Counted is who would be let in, and not who is over the number of tabs: those try again
    // every few seconds, and would use up what the other tabs need after a restart.
    if (!crowd.opens(grant.userId, parts.now())) return refused(429, crowd.waitMs(grant.userId, parts.now()));
    // Who may only read writes under no id: a lease would be a row for ever, made at will.
    const clientIds = grant.canWrite ? [...new Set([query.client, ...query.also])] : [];
    const taken = grant.canWrite
      ? await refusedLeases(grant, clientIds)
      : await clientIdsOfOthers(parts.db, grant.document.lineageId, grant.userId, [query.client]);
    if (taken.includes(query.client)) return refused(409);
    if (socket.destroyed) return null;
    if (isDraining) return refused(503);
    if (crowd.fullFor(grant) !== null) return refused(429, retryFullMs);
    if (!wasInTime()) return null;
    wss.handleUpgrade(request, socket, Buffer.alloc(0), (ws) => {
      const leased = clientIds.filter((id) => !taken.includes(id));
      admit(ws, socket, grant, query.client, query.have, leased, judgedAt);
    });
    return null;
  }

  /** Leases what is free; gives back the ids that are somebody else's. */
  async function refusedLeases(grant: Grant, clientIds: readonly number[]): Promise<readonly number[]> {
    const { refused } = await parts.log.lease({
      lineage: grant.document.lineageId,
      clientIds,
      userId: grant.userId,
      side: grant.side,
      sessionId: grant.sessionId,
      at: parts.now(),
    });
    return refused;
  }

  function admit(
    ws: WebSocket,
    socket: Duplex,
    grant: Grant,
    clientId: number,
    have: number,
    leased: readonly number[],
    judgedAt: number,
  ): void {
    const documentId = grant.document.id;
    const connection = new Connection({
      ws,
      socket,
      grant,
      clientId,
      have,
      now: () => parts.now(),
      after: (ms, call) => timers.after(ms, call),
      report,
    });
    // A broken frame costs its sender only.
    ws.on("error", () => connection.broken());
    connections.set(connection, documentId);
    crowd.came(grant);
    const opening = rooms.hold(documentId);
    ws.on("close", () => {
      connections.delete(connection);
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
        // A change meanwhile found no room to close this connection in (CS26).
        for (let at = judgedAt; at !== rightsChanges && connection.isOpen; ) {
          at = rightsChanges;
          room.judged(connection, await judgePerson(judge, grant, documentId));
        }
        if (!connection.isOpen) return;
        if (room.epoch !== grant.document.epoch) {
          connection.close(closeCodes.epochChanged, "history-replaced");
          return;
        }
        room.enter(connection);
      })
      .catch(() => connection.close(closeCodes.tryAgain, "cannot load"));
  }

  /** Looks up the rights of connections again, and closes those that lost theirs. */
  function judgeAgain(isMeant: (connection: Connection, documentId: string) => boolean): void {
    // Several tabs of one person in one document are one question.
    const asked = new Map<string, ReturnType<typeof judgePerson>>();
    for (const [connection, documentId] of connections) {
      if (!isMeant(connection, documentId)) continue;
      const { userId, sessionId } = connection.grant;
      const who = `${documentId} ${sessionId} ${userId}`;
      const answer = asked.get(who) ?? judgePerson(judge, { userId, sessionId }, documentId);
      asked.set(who, answer);
      answer.then(
        (judgement) => rooms.find(documentId)?.judged(connection, judgement),
        (error: unknown) => report("warn", "rights-not-read", { message: String(error) }),
      );
    }
  }

  async function status(request: IncomingMessage): Promise<CollabStatus> {
    if (isHeadTooLarge(request))
      return { open: false, code: closeCodes.badMessage, refusal: "request-too-large" };
    const documentId = documentIdIn(request.url, "/status");
    const judgement = await judgeRequest(judge, request, documentId, handshakeQueryIn(request.url));
    if (!judgement.ok) return { open: false, code: judgement.code, refusal: judgement.refusal };
    if (isDraining) return { open: false, code: closeCodes.restarting, refusal: "try-again" };
    const full = crowd.fullFor(judgement.grant);
    if (full !== null)
      return {
        open: false,
        code: closeCodes.tryAgain,
        refusal: full === "user" ? "too-many-tabs" : "too-many-people",
      };
    if (crowd.waitMs(judgement.grant.userId, parts.now()) > 0)
      return { open: false, code: closeCodes.tryAgain, refusal: "opened-too-often" };
    const { canWrite, document } = judgement.grant;
    return { open: true, canWrite, epoch: document.epoch, schema: document.schemaNumber };
  }

  async function appendServerEdit(edit: ServerEdit): Promise<AppendResult> {
    const room = await rooms.hold(edit.documentId);
    try {
      const source = await parts.log.openSource({
        document: room.number,
        epoch: room.epoch,
        lineage: room.lineage,
        schemaNumber: room.schemaNumber,
        actorKind: edit.onBehalfOf.actorKind,
        userId: edit.onBehalfOf.userId,
        side: edit.onBehalfOf.side,
        sessionId: null,
      });
      return await room.appendServerEdit(
        { source, clientIds: edit.clientIds, bytes: edit.bytes, userId: serverUserId },
        edit.companions,
      );
    } finally {
      rooms.release(edit.documentId);
    }
  }

  async function drain(): Promise<void> {
    if (isDraining) return;
    isDraining = true;
    for (const room of rooms.live()) room.tell({ kind: "draining" });
    await within(settleWithinMs, rooms.settled());
    const open = [...connections.keys()];
    const spread = open.length > fewSockets ? spreadMs : 0;
    await Promise.all(
      open.map(
        (connection, i) =>
          new Promise<void>((resolve) => {
            const close = () => {
              connection.close(closeCodes.restarting, "restarting");
              resolve();
            };
            if (spread === 0) close();
            else timers.after((spread * (i + 1)) / open.length, close);
          }),
      ),
    );
    await within(settleWithinMs / 2, rooms.settled());
  }

  function within(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = timers.after(ms, resolve);
      work.finally(() => {
        cancel();
        resolve();
      });
    });
  }

  async function close(): Promise<void> {
    isDraining = true;
    stopTicking();
    stopPolling();
    for (const connection of connections.keys()) connection.terminate();
    await rooms.settled();
    rooms.close();
    wss.close();
  }

  const live: LiveDocuments = {
    rightsChanged({ userId, sessionId, documentId, partnershipId }) {
      rightsChanges++;
      judgeAgain(
        ({ grant }, document) =>
          (userId === undefined || grant.userId === userId) &&
          (sessionId === undefined || grant.sessionId === sessionId) &&
          (documentId === undefined || document === documentId) &&
          (partnershipId === undefined || grant.document.partnershipId === partnershipId),
      );
    },
    renamed(documentId: DocumentId, title: string) {
      rooms.find(documentId)?.tell({ kind: "renamed", title });
    },
    peopleIn(documentId: DocumentId) {
      const people = rooms.find(documentId)?.presence.people() ?? [];
      return people.map(({ userId, name, side }) => ({ userId, name, side }));
    },
  };

  return {
    handleUpgrade,
    status,
    live,
    appendServerEdit,
    restored: (documentId, by, version) => rooms.find(documentId)?.tell({ kind: "restored", by, version }),
    checkpointMade: (documentId) => void rooms.find(documentId)?.refresh(),
    drain,
    close,
    counts: () => ({
      rooms: rooms.size,
      connections: connections.size,
      bufferedBytes: [...connections.keys()].reduce((sum, one) => sum + one.bufferedBytes, 0),
    }),
  };
}
