/**
 * The checksum of a checkpoint. A checkpoint stands for all rows up to its own, so one
 * that was damaged on disk would give people another text than they wrote. The hash covers
 * whose it is, where it stands and every byte of it: what does not fit is not served, and
 * the one before it, or the log, is read instead (promise D26). Whoever writes checkpoints
 * sets it.
 */
import { createHash } from "node:crypto";
import type { CheckpointTable } from "../schema.ts";
import { equalHashes } from "./chain.ts";

/** What of its document a checkpoint is bound to. */
export interface CheckpointOwner {
  /** `document.id`. */
  readonly documentId: string;
  readonly schemaNumber: number;
}

/** A row of `checkpoint` without its hash. */
export type UnhashedCheckpoint = Readonly<Omit<CheckpointTable, "hash">>;

/** The row as it is stored, hash and all. */
export function hashedCheckpoint(owner: CheckpointOwner, row: UnhashedCheckpoint): CheckpointTable {
  return { ...row, hash: checkpointHash(owner, row) };
}

/**
 * SHA-256 of a line of JSON, which names the document, the place and the length of each
 * part, and of the parts. The number of the document is not covered: its id is.
 */
export function checkpointHash(owner: CheckpointOwner, row: UnhashedCheckpoint): Buffer {
  const parts = [row.state, row.state_vector, row.delete_set];
  // Not there in the first ones, which keep their hash.
  if (row.pieces.length > 0) parts.push(row.pieces);
  const head = JSON.stringify([
    "two-way checkpoint v1",
    owner.documentId,
    owner.schemaNumber,
    row.seq,
    row.epoch,
    row.log_id,
    row.at,
    ...parts.map((part) => part.length),
  ]);
  const hash = createHash("sha256").update(`${head}\n`);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Is this row, byte for byte, what was written for this document in this epoch? */
export function isProved(
  owner: CheckpointOwner & { readonly epoch: string },
  row: UnhashedCheckpoint & { readonly hash: Uint8Array | null },
): boolean {
  return row.hash !== null && row.epoch === owner.epoch && equalHashes(checkpointHash(owner, row), row.hash);
}
