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

/** A checkpoint as a room holds it: nothing of it is ever made a document there. */
export interface CheckpointBytes {
  readonly seq: number;
  readonly state: Uint8Array;
  readonly stateVector: Uint8Array;
  readonly deleteSet: Uint8Array;
  /** Where the state may be cut; empty: nobody has said. */
  readonly pieces: Uint8Array;
}

export interface StoredDocument {
  readonly document: number;
  readonly documentId: string;
  readonly lineage: string;
  readonly epoch: string;
  readonly schemaNumber: number;
  /**
   * The newest checkpoint that is what was written. Where none is, nothing at all, at the
   * row before the first that still has its bytes: the document then comes from its rows.
   */
  readonly checkpoint: CheckpointBytes;
  /** Seqs of newer checkpoints that are damaged and were passed over. */
  readonly damagedCheckpoints: readonly number[];
  /** Rows after the checkpoint, in order of seq. Damaged rows are left out. */
  readonly tail: readonly { readonly seq: number; readonly bytes: Uint8Array }[];
  /** Rows after the checkpoint whose bytes no longer match the chain (promise D26). */
  readonly damaged: readonly number[];
  readonly headSeq: number;
  readonly leases: ReadonlyMap<number, string>;
}

export interface NewerCheckpoint {
  /** What an open room takes over to drop the rows it covers; null: there is none. */
  readonly newer: {
    readonly epoch: string;
    readonly checkpoint: CheckpointBytes;
    readonly leases: ReadonlyMap<number, string>;
  } | null;
  /** Seqs of checkpoints that are newer still, damaged, and were passed over. */
  readonly damagedCheckpoints: readonly number[];
}

/** A row as it was stored. */
export interface StoredRow {
  readonly seq: number;
  readonly logId: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly source: number;
  /** False where the row no longer matches its chain: its bytes are not to be trusted. */
  readonly isIntact: boolean;
}

export interface UpdateLog {
  /**
   * Resolves after the commit was synced. Rights, epoch, leases and size are checked
   * inside the transaction. Rejects only for a bug (companions the tables refuse).
   */
  append(row: NewRow, companions?: Companions): Promise<AppendResult>;
  /**
   * Registers where rows come from; once per connection or server edit. Rejects when it
   * cannot be stored at the moment.
   */
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
  /**
   * Takes Yjs client ids for a user; gives back those that are somebody else's
   * (rulings 8). Rejects when they cannot be stored at the moment.
   */
  lease(order: {
    lineage: string;
    clientIds: readonly number[];
    userId: string;
    side: string | null;
    sessionId: string | null;
    at: number;
  }): Promise<{ readonly refused: readonly number[] }>;
  /**
   * What a room needs to serve a document, archived ones included (they are read, and
   * appends are refused). Null: no such document. Rejects where nothing whole is left to
   * begin with: no checkpoint that can be trusted, and the first row damaged too.
   */
  load(documentId: string): Promise<StoredDocument | null>;
  /**
   * The newest checkpoint of a document that can be trusted, if one lies behind row
   * `afterSeq`. Costs no reading of rows, so an open room may ask often.
   */
  newerCheckpoint(document: number, afterSeq: number): Promise<NewerCheckpoint>;
  /**
   * Rows `fromSeq`…`toSeq` (inclusive) of a document, in order, from sealed segments and
   * the open log. Purged rows and rows that are gone are missing.
   */
  rows(document: number, fromSeq: number, toSeq: number): Promise<readonly StoredRow[]>;
  /** Newest durable row of a document; 0 for one made since this log was opened and not yet loaded. */
  headSeq(document: number): number;
  /**
   * Called after each commit with the rows in order, on the thread that asked, just
   * before the promises of these rows resolve. After a crash of the writer it also tells
   * of rows that became durable though their sender was answered `storage`.
   */
  onAppended(listener: (rows: readonly Appended[]) => void): () => void;
  /** Waits for what is under way, then closes the worker. */
  close(): Promise<void>;
}
