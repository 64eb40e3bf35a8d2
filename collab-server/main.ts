/**
 * The collaboration server: who is let in (`letting-in.ts`), rooms, live rights and the
 * way out (`draining.ts`). It hangs on an HTTP server of somebody else's (`server.ts`) and
 * stores through the update log.
 * Its behaviour is written in `PROTOCOL.md`, rule by rule.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Kysely } from "kysely";
import { type CollabStatus, closeCodes, limits } from "../app/document/wire.ts";
import type { DocumentId } from "../app/domain/ids.ts";
import { readSession } from "../app/operations/read-session.ts";
import type { LiveDocuments, OnBehalfOf } from "../app/operations/services.ts";
import { liveRightsOf } from "../db/queries/live-rights.ts";
import { touchSession } from "../db/queries/sessions.ts";
import type { Schema } from "../db/schema.ts";
import { serverUserId } from "../db/server-user.ts";
import type { Companions } from "../db/update-log/rows.ts";
import type { AppendResult, UpdateLog } from "../db/update-log/update-log.ts";
import { Crowd, type Opens } from "./crowd.ts";
import { drainRooms } from "./draining.ts";
import { gathered } from "./gathered.ts";
import { documentIdIn, handshakeQueryIn, isHeadTooLarge, type Judge, judgeRequest } from "./handshake.ts";
import { LettingIn } from "./letting-in.ts";
import { LiveRights } from "./live-rights.ts";
import type { Report } from "./report.ts";
import { Rooms } from "./rooms.ts";
import { SessionUse } from "./session-use.ts";
import { realTimers, type Timers } from "./timers.ts";

/** Signs of life, slow readers and dead lines are looked at this often. */
const tickEveryMs = 1_000;
/** Rights are looked up again this often, should a hint have been lost (rule C8). */
const rightsEveryMs = 5_000;
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
  const crowd = new Crowd(
    parts.config.opens ?? { atOnce: limits.opensAtOnce, perSecond: limits.opensPerSecond },
  );
  const rights = new LiveRights(judge, rooms, report);
  let isDraining = false;
  const lettingIn = new LettingIn({
    ...{ db: parts.db, log: parts.log, origins: parts.config.origins },
    ...{ judge, crowd, rooms, rights, timers, report },
    now: () => parts.now(),
    isDraining: () => isDraining,
  });

  const stopTicking = timers.every(tickEveryMs, () => {
    for (const room of rooms.live()) room.tick();
  });
  const stopPolling = timers.every(rightsEveryMs, () => {
    use.sweep();
    crowd.sweep(parts.now());
    rights.judgeAgain();
  });

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
    await drainRooms(rooms, () => rights.connections, timers);
  }

  async function close(): Promise<void> {
    isDraining = true;
    stopTicking();
    stopPolling();
    for (const connection of rights.connections) connection.terminate();
    await rooms.settled();
    rooms.close();
    lettingIn.close();
  }

  const live: LiveDocuments = {
    rightsChanged: (which) => rights.changed(which),
    renamed(documentId: DocumentId, title: string) {
      rooms.find(documentId)?.tell({ kind: "renamed", title });
    },
    peopleIn(documentId: DocumentId) {
      const people = rooms.find(documentId)?.presence.people() ?? [];
      return people.map(({ userId, name, side }) => ({ userId, name, side }));
    },
  };

  return {
    handleUpgrade: (request, socket, head) => lettingIn.handleUpgrade(request, socket, head),
    status,
    live,
    appendServerEdit,
    restored: (documentId, by, version) => rooms.find(documentId)?.tell({ kind: "restored", by, version }),
    checkpointMade: (documentId) => void rooms.find(documentId)?.refresh(),
    drain,
    close,
    counts: () => ({
      rooms: rooms.size,
      connections: rights.connections.length,
      bufferedBytes: rights.connections.reduce((sum, one) => sum + one.bufferedBytes, 0),
    }),
  };
}
