/**
 * The wire: what both ends of a live connection must spell alike. The protocol itself,
 * with a rule id per behaviour, is written in `collab-server/PROTOCOL.md`.
 *
 * Base: the y-websocket protocol (a varint message type, then the message). Types 0
 * (sync), 1 (awareness) and 3 (query awareness) are y-protocols'; the others are ours.
 */
import type { RefusalCode } from "../domain/refusals.ts";

export const messageTypes = {
  sync: 0,
  awareness: 1,
  queryAwareness: 3,
  /**
   * Server → client, after the commit: varuint `frames`, the number of document frames
   * (Update, SyncStep2) of this socket that are durable; varuint `seq`, the highest
   * durable sequence number of the document known to be delivered to this socket.
   */
  ack: 100,
  /** Server → client, JSON string: people present, as the server knows them. */
  people: 101,
  /** Server → client, JSON string: `{ kind, … }`; see `ControlMessage`. */
  control: 102,
} as const;

/** Who is here, built by the server from the session: never from what a client says. */
export type PersonPresent = {
  /** Yjs client id of this connection, to join a caret to its person. */
  readonly clientId: number;
  readonly userId: string;
  readonly name: string;
  readonly side: "provider" | "employer" | "intermediary" | "funder" | null;
  readonly organisation: string | null;
};

export type ControlMessage =
  /** The document came close to, or reached, its size limit. */
  | { readonly kind: "size"; readonly bytes: number; readonly max: number }
  /** Storing fails at the moment; what is unacknowledged is kept by the client. */
  | { readonly kind: "not-saving" }
  /** The server is about to restart; the connection will close with 1012. */
  | { readonly kind: "draining" }
  /** Somebody restored a version. */
  | { readonly kind: "restored"; readonly by: string; readonly version: string }
  /** The document was renamed. */
  | { readonly kind: "renamed"; readonly title: string };

/**
 * Close codes of open sockets. y-websocket stops its retries on 4400–4499; the
 * application's own `shouldReconnect` also stops on 1009 (rulings 5).
 */
export const closeCodes = {
  signedOut: 4401,
  rightLost: 4403,
  gone: 4404,
  editorTooOld: 4409,
  leaseRefused: 4410,
  epochChanged: 4411,
  badMessage: 4400,
  tooLarge: 1009,
  tryAgain: 1013,
  restarting: 1012,
} as const;
export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

/** Path of the live connection. The query carries schema, epoch and client ids. */
export const collabPath = "/collab/";

/**
 * Query of the upgrade request, all decimal text:
 * `schema` schema number, `epoch` the document's epoch id, `client` the Yjs client id
 * of this page, `also` comma-separated client ids with unsynced work in the local
 * store (at most 64; more are named over several connections), `have` the seq up to which
 * this page has received everything (0 for none), `writes` 1 where the page offers an
 * editor, so that one that may not write any more is turned away and told.
 */
export type HandshakeQuery = {
  readonly schema: number;
  readonly epoch: string;
  readonly client: number;
  readonly also: readonly number[];
  readonly have: number;
  readonly writes: boolean;
};

/**
 * Answer of `GET /collab/<document>/status` with the same query: a browser sees only
 * 1006 when an upgrade is refused, so it asks here why (rulings 12).
 */
export type CollabStatus =
  | { readonly open: true; readonly canWrite: boolean; readonly epoch: string; readonly schema: number }
  | { readonly open: false; readonly code: CloseCode; readonly refusal: RefusalCode };

/** Limits of a connection (promises, rule C7; rulings 5). Sizes in bytes, times in ms. */
export const limits = {
  firstSyncBytes: 8 * 1024 * 1024,
  frameBytes: 1024 * 1024,
  awarenessBytes: 1024,
  awarenessPerSecond: 10,
  socketsPerUser: 20,
  socketsPerDocument: 200,
  /** Connections a person may open: at once, and a second after that. */
  opensAtOnce: 120,
  opensPerSecond: 2,
  bufferedBytes: 4 * 1024 * 1024,
  behindMs: 10_000,
  preAuthMs: 5_000,
  heartbeatMs: 15_000,
  depth: 64,
  leasedClientsPerConnect: 64,
} as const;

/** Name of the local copy in IndexedDB; never used on shared computers (promise W12). */
export function localStoreName(userId: string, documentId: string, epoch: string): string {
  return `two-way:${userId}:${documentId}:${epoch}`;
}
