/**
 * The update log as others see it: the storage contract. One owner of writing
 * (rulings 3): the writer worker commits log rows, leases, carry rows and, where one
 * belongs to them, a version in one transaction, group-committed and synced to disk
 * before anybody is told.
 */
import type { Companions, NewRow } from "./rows.ts";

export interface Appended {
  readonly document: number;
  readonly seq: number;
  readonly logId: number;
  readonly hash: Uint8Array;
}

/** Why a row was not appended. `storage`: disk full, locked, read-only; try again later. */
export type AppendRefusal =
  | {
      readonly reason: "signed-out" | "right-lost" | "gone" | "epoch-changed" | "lease-refused" | "too-large";
    }
  | { readonly reason: "storage"; readonly message: string };

export type AppendResult =
  | { readonly ok: true; readonly value: Appended }
  | { readonly ok: false; readonly refusal: AppendRefusal };

export interface StoredDocument {
  readonly document: number;
  readonly documentId: string;
  readonly lineage: string;
  readonly epoch: string;
  readonly schemaNumber: number;
  readonly checkpoint: {
    readonly seq: number;
    readonly state: Uint8Array;
    readonly stateVector: Uint8Array;
    readonly deleteSet: Uint8Array;
  };
  /** Rows after the checkpoint, in order of seq. */
  readonly tail: readonly { readonly seq: number; readonly bytes: Uint8Array }[];
  readonly headSeq: number;
  readonly leases: ReadonlyMap<number, string>;
}

export interface UpdateLog {
  /** Resolves after the commit was synced. Rights and epoch are checked inside the transaction. */
  append(row: NewRow, companions?: Companions): Promise<AppendResult>;
  /** Registers where rows come from; once per connection or server edit. */
  openSource(source: {
    document: number;
    epoch: string;
    lineage: string;
    schemaNumber: number;
    actorKind: "user" | "server" | "import" | "demo";
    userId: string;
    side: string | null;
    sessionId: string | null;
  }): Promise<number>;
  /** Takes Yjs client ids for a user; gives back those that are somebody else's (rulings 8). */
  lease(order: {
    lineage: string;
    clientIds: readonly number[];
    userId: string;
    side: string | null;
    sessionId: string | null;
    at: number;
  }): Promise<{ readonly refused: readonly number[] }>;
  /** What a room needs to serve a document. Null: no such document, or it is archived away. */
  load(documentId: string): Promise<StoredDocument | null>;
  /** Rows `fromSeq`…`toSeq` (inclusive) of a document, in order, from sealed segments and the open log. */
  rows(
    document: number,
    fromSeq: number,
    toSeq: number,
  ): Promise<readonly { seq: number; logId: number; at: number; bytes: Uint8Array; source: number }[]>;
  /** Newest durable row of a document; 0 when unknown. */
  headSeq(document: number): number;
  /** Called after each commit with the rows in order, on the thread that asked. */
  onAppended(listener: (rows: readonly Appended[]) => void): () => void;
  /** Waits for what is under way, then closes the worker. */
  close(): Promise<void>;
}
