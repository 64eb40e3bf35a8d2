/**
 * Walks the open rows of one document along their chain and says of each whether it
 * still fits. A damaged row costs itself only: the next one is held against the stored
 * hash, and where that is what was damaged, against the computed one.
 */
import { commitment, encodeMetadata, equalHashes, nextHash } from "./chain.ts";

export interface ChainRow {
  readonly document: number;
  readonly seq: number;
  readonly at: number;
  readonly client_ids: Uint8Array;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

const damaged = { isIntact: false, redeems: false };

export class ChainWalk {
  readonly #key: Uint8Array;
  /** Null after a gap: the next row cannot be held against anything. */
  #stored: Uint8Array | null;
  #computed: Uint8Array | null;

  /** `hash` is that of the row before the first one walked. */
  constructor(hash: Uint8Array, key: Uint8Array) {
    this.#stored = hash;
    this.#computed = null;
    this.#key = key;
  }

  /** A row is missing here. */
  gap(): void {
    this.#stored = null;
    this.#computed = null;
  }

  /**
   * Does this row follow from the one before? `source` is its source's digest; null:
   * there is none. `redeems`: it proves that of the row before only the stored hash was
   * damaged, not what that row says.
   */
  step(row: ChainRow, source: Uint8Array | null): { readonly isIntact: boolean; readonly redeems: boolean } {
    const stored = this.#stored;
    const computed = this.#computed;
    this.#stored = row.hash;
    this.#computed = null;
    if (source === null || !isPossible(row)) return damaged;
    const metadata = encodeMetadata(
      {
        document: row.document,
        seq: row.seq,
        at: row.at,
        clientIds: row.client_ids,
        byteLength: row.bytes.length,
      },
      source,
    );
    const committed = commitment(this.#key, row.bytes);
    if (stored === null) return damaged;
    const after = nextHash(stored, metadata, committed);
    if (equalHashes(after, row.hash)) return { isIntact: true, redeems: false };
    if (computed !== null && equalHashes(nextHash(computed, metadata, committed), row.hash))
      return { isIntact: true, redeems: true };
    this.#computed = after;
    return damaged;
  }
}

/** Damage can turn any column into any number. */
function isPossible(row: ChainRow): boolean {
  return [row.document, row.seq, row.at].every((value) => Number.isSafeInteger(value) && value >= 0);
}
