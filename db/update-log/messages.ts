/**
 * What the thread that serves people and the writer's thread say to each other. Types
 * only. A batch carries everything that waited as flat numbers and one block of bytes,
 * because cloning one object per keystroke would cost more than the append itself.
 */
import type { Companions } from "./rows.ts";
import type { NewerCheckpoint, StoredDocument, StoredRow } from "./update-log.ts";

export interface NewSource {
  readonly document: number;
  readonly epoch: string;
  readonly lineage: string;
  readonly schemaNumber: number;
  readonly actorKind: "user" | "server" | "import" | "demo";
  readonly userId: string;
  readonly side: string | null;
  readonly sessionId: string | null;
}

export interface LeaseOrder {
  readonly lineage: string;
  readonly clientIds: readonly number[];
  readonly userId: string;
  readonly side: string | null;
  readonly sessionId: string | null;
  readonly at: number;
}

/** One transaction's worth: sources, then leases, then rows. */
export interface Batch {
  /** Server time in ms: sessions are judged by it. */
  readonly now: number;
  readonly sources: readonly NewSource[];
  readonly leases: readonly LeaseOrder[];
  /** Per row: document, source, at, number of bytes, number of client ids, the ids. */
  readonly heads: readonly number[];
  /** The rows' bytes one after the other. */
  readonly bytes: Uint8Array;
  readonly companions: readonly (readonly [index: number, Companions])[];
}

/** Reasons in the order of their codes: a refused row answers `-1 - index`. */
export const refusalReasons = [
  "signed-out",
  "right-lost",
  "gone",
  "epoch-changed",
  "lease-refused",
  "too-large",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export type BatchAnswer =
  | {
      readonly kind: "committed";
      readonly sources: readonly number[];
      /** Per order, the ids that belong to somebody else. */
      readonly refusedLeases: readonly (readonly number[])[];
      /** Per row: seq and log id, or a negative code and 0. */
      readonly appended: readonly number[];
      /** 32 bytes per row; zeros where refused. */
      readonly hashes: Uint8Array;
      /** Rows whose companions the tables refused (a version number taken twice): bugs. */
      readonly faults: readonly (readonly [index: number, message: string])[];
    }
  | { readonly kind: "storage"; readonly message: string }
  | { readonly kind: "fault"; readonly message: string };

export interface DurableRow {
  readonly seq: number;
  readonly logId: number;
  readonly hash: Uint8Array;
}

export type Question =
  | { readonly kind: "load"; readonly documentId: string }
  | { readonly kind: "checkpoint"; readonly document: number; readonly afterSeq: number }
  | { readonly kind: "rows"; readonly document: number; readonly fromSeq: number; readonly toSeq: number }
  | { readonly kind: "durable"; readonly document: number; readonly fromSeq: number }
  | { readonly kind: "backup"; readonly path: string }
  | { readonly kind: "ping" };

export interface Answers {
  load: StoredDocument | null;
  checkpoint: NewerCheckpoint;
  rows: readonly StoredRow[];
  durable: readonly DurableRow[];
  backup: { readonly pages: number };
  ping: null;
}

export type ToWriter =
  | { readonly kind: "batch"; readonly batch: Batch }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question }
  | { readonly kind: "close" };

export type FromWriter =
  /** Document numbers and their newest seq, in pairs. */
  | { readonly kind: "opened"; readonly heads: readonly number[] }
  | { readonly kind: "batch"; readonly answer: BatchAnswer }
  | { readonly kind: "answer"; readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly kind: "failed"; readonly id: number; readonly message: string }
  | { readonly kind: "closed" };
