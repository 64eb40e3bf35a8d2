/** What the serving thread and the histories' worker say to each other. Data only. */
import type { FirstText } from "../../app/document/first-text.ts";
import type { Result } from "../../app/domain/result.ts";
import type { DrawnText } from "../../app/export/drawn-text.ts";
import type { DocumentJson } from "../../app/operations/services.ts";
import type { PackedText } from "../../db/exports/packed-text.ts";
import type { Repair } from "./follow-log.ts";
import type { Damage } from "./held-documents.ts";
import type { CutOrder, RestoredAt, RestorePlan } from "./histories-in-worker.ts";
import type { Aside } from "./set-aside.ts";

export type WorkerOptions = {
  readonly path: string;
  /** One Int32: the number of the document that is being worked on, 0 where none is. */
  readonly workingOn: SharedArrayBuffer;
  /** Documents on which a worker has ended more than once. */
  readonly leftAside: readonly number[];
};

/** Each question, its arguments and its answer. */
export interface Calls {
  headSeq(documentId: string, upTo: number): Result<number>;
  cut(order: CutOrder): Result<{ versionId: string; number: number }>;
  planRestore(documentId: string, versionId: string, seq: number, byUserId: string): Result<RestorePlan>;
  keptApart(documentId: string, plan: RestoredAt): readonly string[];
  firstText(json: DocumentJson, clientId: number): FirstText;
  firstTextOfCopy(documentId: string, clientId: number): Result<FirstText>;
  packVersion(documentId: string, versionId: string): Result<PackedText & { contentHash: string }>;
  packPresent(documentId: string): Result<PackedText & { seq: number }>;
  drawVersion(documentId: string, versionId: string): Result<DrawnText>;
  drawPresent(documentId: string): Result<DrawnText>;
  caughtUp(): null;
  /** Answers when the checkpoint stands. */
  left(documentId: string): null;
  startAgain(name: "authorship" | "search" | "archive"): null;
  thin(now: number): number;
}
export type CallName = keyof Calls;

export type ToWorker =
  | { readonly kind: "ask"; readonly id: number; readonly name: CallName; readonly args: readonly unknown[] }
  /** There are new rows; read them when convenient. */
  | { readonly kind: "appended" }
  /** Server time: quiet documents get their version, old ones are thinned. */
  | { readonly kind: "tick"; readonly now: number }
  /** For tests of the line: ends the worker as a bug would. */
  | { readonly kind: "crash" }
  | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly message: string }
  | { readonly kind: "damage"; readonly damage: Damage }
  | { readonly kind: "aside"; readonly aside: Aside }
  | { readonly kind: "checkpoint"; readonly documentId: string }
  | ({ readonly kind: "repair" } & Repair)
  | { readonly kind: "trouble"; readonly message: string };
