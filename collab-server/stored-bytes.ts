/**
 * The bytes of a document as a room holds them: the newest checkpoint and the rows
 * after it, in order. Answers what a page lacks by slicing and merging bytes; merging
 * goes in small batches because it is quadratic (performance guide §2).
 */
import * as Y from "yjs";
import type { CheckpointBytes, StoredDocument } from "../db/update-log/update-log.ts";
import { lackedOf } from "./checkpoint-pieces.ts";

/** No structs, no deletions. */
export const emptyUpdate: Uint8Array = Uint8Array.of(0, 0);

/** Rows merged at once. */
const foldAt = 50;

export class StoredBytes {
  #checkpoint: CheckpointBytes;
  #tail: Uint8Array[];
  /** Whole batches of `foldAt` rows of the tail, merged when first wanted. */
  #folds: Uint8Array[] = [];
  #tailBytes = 0;
  /** The rows behind the last whole batch, merged for the newcomer before this one. */
  #rest: { readonly from: number; readonly to: number; readonly bytes: Uint8Array } | null = null;

  constructor(stored: StoredDocument) {
    this.#checkpoint = stored.checkpoint;
    const rows = new Map(stored.tail.map(({ seq, bytes }) => [seq, bytes]));
    this.#tail = [];
    // Places are counted by seq: a damaged row leaves an update that says nothing (promise D26).
    for (let seq = stored.checkpoint.seq + 1; seq <= stored.headSeq; seq++)
      this.#tail.push(rows.get(seq) ?? emptyUpdate);
    this.#tailBytes = this.#tail.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  /** Seq of the newest row held. */
  get seq(): number {
    return this.#checkpoint.seq + this.#tail.length;
  }

  get checkpointSeq(): number {
    return this.#checkpoint.seq;
  }

  get tailLength(): number {
    return this.#tail.length;
  }

  get bytes(): number {
    return this.#checkpoint.state.length + this.#tailBytes;
  }

  push(row: Uint8Array): void {
    this.#tail.push(row);
    this.#tailBytes += row.length;
  }

  /** The newest `count` rows as one update. */
  mergedEnd(count: number): Uint8Array {
    return merged(this.#tail.slice(-count));
  }

  /**
   * Updates for a page that holds everything up to `have`, or, where that is unknown,
   * at least what `clocks` says.
   */
  lackedBy(have: number, clocks: ReadonlyMap<number, number>): Uint8Array[] {
    if (have >= this.#checkpoint.seq && have <= this.seq && have > 0)
      return this.#tailFrom(have - this.#checkpoint.seq);
    return [lackedOf(this.#checkpoint, clocks), ...this.#tailFrom(0)];
  }

  #tailFrom(start: number): Uint8Array[] {
    const updates: Uint8Array[] = [];
    let at = start;
    while (at < this.#tail.length) {
      const fold = at / foldAt;
      const end = Math.min(at - (at % foldAt) + foldAt, this.#tail.length);
      if (Number.isInteger(fold) && end - at === foldAt) {
        this.#folds[fold] ??= merged(this.#tail.slice(at, end));
        updates.push(this.#folds[fold]);
      } else updates.push(this.#restOf(at, end));
      at = end;
    }
    return updates;
  }

  /** Newcomers between two rows want the same end of the tail. */
  #restOf(from: number, to: number): Uint8Array {
    if (this.#rest?.from !== from || this.#rest.to !== to)
      this.#rest = { from, to, bytes: merged(this.#tail.slice(from, to)) };
    return this.#rest.bytes;
  }

  /** Replaces the checkpoint by a newer one and drops the rows it contains. */
  takeOver(checkpoint: CheckpointBytes): void {
    const covered = checkpoint.seq - this.#checkpoint.seq;
    if (covered <= 0 || covered > this.#tail.length) return;
    this.#checkpoint = checkpoint;
    this.#tail = this.#tail.slice(covered);
    this.#folds = [];
    this.#rest = null;
    this.#tailBytes = this.#tail.reduce((sum, bytes) => sum + bytes.length, 0);
  }
}

/** One update of many, folded in small batches. */
function merged(updates: readonly Uint8Array[]): Uint8Array {
  let level = [...updates];
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += foldAt) next.push(Y.mergeUpdates(level.slice(i, i + foldAt)));
    level = next;
  }
  return level[0] ?? emptyUpdate;
}
