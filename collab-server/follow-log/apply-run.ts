/**
 * Applies many plain rows of the log in one go and still says of each what it alone
 * did, as `applyRow` does. Plain is what people type nearly all the time: text that
 * follows what its client wrote before, and deletions of things without children. A
 * transaction of Yjs costs as much for one keystroke as for a thousand, so a follower
 * that is some seconds behind catches up at a tenth of the price.
 *
 * Whatever is not plain is refused here and goes through `applyRow`, row by row.
 */
import * as Y from "yjs";
import { IdSet } from "../id-set.ts";
import type { RowFacts } from "./apply-row.ts";
import { lengthOf, movedLength } from "./apply-row.ts";
import { IdRanges } from "./id-ranges.ts";
import { foldUpdates, textOf } from "./yjs-history.ts";

type IdRange = { client: number; clock: number; length: number };

interface PlainRow {
  readonly bytes: Uint8Array;
  readonly added: readonly string[];
  /** Ids of its own text. */
  readonly brought: readonly IdRange[];
  /** What it is the first to delete. */
  readonly named: readonly IdRange[];
}

export class PlainRun {
  readonly #doc: Y.Doc;
  readonly #rows: PlainRow[] = [];
  /** Per client, the clock behind the last character taken into the run. */
  readonly #ends = new Map<number, number>();
  readonly #named = new IdSet();
  readonly #takesRows: boolean;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    // Something waits for an earlier row: then what a row does is not told by its bytes.
    this.#takesRows = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Takes the next row into the run; false, and nothing has changed, where it is not plain. */
  take(bytes: Uint8Array): boolean {
    if (!this.#takesRows) return false;
    let decoded: ReturnType<typeof Y.decodeUpdate>;
    try {
      decoded = Y.decodeUpdate(bytes);
    } catch {
      // `applyRow` says what becomes of it.
      return false;
    }
    const added: string[] = [];
    const brought: IdRange[] = [];
    for (const struct of decoded.structs) {
      const isText = struct instanceof Y.Item && struct.content instanceof Y.ContentString;
      if (!isText || struct.parentSub !== null) return false;
      const { client, clock } = struct.id;
      const text = (struct.content as Y.ContentString).str;
      const last = brought.at(-1);
      if (last?.client === client && last.clock + last.length === clock) {
        added.push((added.pop() ?? "") + text);
        last.length += struct.length;
        continue;
      }
      if (clock !== this.#end(client) || brought.some((range) => range.client === client)) return false;
      added.push(text);
      brought.push({ client, clock, length: struct.length });
    }
    const named = decoded.ds.clients.size === 0 ? [] : this.#unseenDeletes(decoded.ds, brought);
    if (named === null) return false;
    for (const { client, clock, length } of brought) this.#ends.set(client, clock + length);
    for (const { client, clock, length } of named) this.#named.add(client, [clock, clock + length]);
    this.#rows.push({ bytes, added, brought, named });
    return true;
  }

  /**
   * Applies the run; one answer per row. Null where Yjs deleted something that no row
   * named: nobody honest writes such rows, and the document must be made again and go on
   * row by row. Throws where Yjs cannot apply the bytes.
   */
  apply(): readonly RowFacts[] | null {
    let happened = new IdRanges();
    const collect = (transaction: Y.Transaction) => {
      if (transaction.deleteSet.clients.size > 0)
        happened = happened.plus(IdRanges.fromDeleteSet(transaction.deleteSet));
    };
    this.#doc.on("afterTransaction", collect);
    try {
      Y.applyUpdate(this.#doc, foldUpdates(this.#rows.map(({ bytes }) => bytes)));
    } finally {
      this.#doc.off("afterTransaction", collect);
    }
    // Text written into a paragraph that was deleted before goes with it, by its own row.
    const stillborn = happened.isEmpty ? nothing : this.#stillborn();
    const named = IdRanges.of(this.#rows.flatMap((row) => row.named));
    if (!happened.minus(named).minus(stillborn).isEmpty) return null;
    return this.#rows.map((row) => {
      if (row.named.length === 0 && stillborn.isEmpty)
        return { charactersAdded: lengthOf(row.added), charactersRemoved: 0, deleted: nothing };
      const own = stillborn.isEmpty ? nothing : IdRanges.of(row.brought).and(stillborn);
      const deleted = IdRanges.of(row.named).minus(stillborn).plus(own);
      const removed = textOf(this.#doc, deleted);
      const moved = movedLength(row.added, removed);
      return {
        charactersAdded: lengthOf(row.added) - moved,
        charactersRemoved: lengthOf(removed) - moved,
        deleted,
      };
    });
  }

  /** The run's own text that stands in something deleted. */
  #stillborn(): IdRanges {
    const found: IdRange[] = [];
    for (const { brought } of this.#rows)
      for (const { client, clock, length } of brought) {
        const structs = this.#doc.store.clients.get(client) ?? [];
        if (clock >= Y.getState(this.#doc.store, client)) continue;
        for (let at = Y.findIndexSS(structs, clock); at < structs.length; at++) {
          const struct = structs[at];
          if (struct === undefined || struct.id.clock >= clock + length) break;
          const parent = struct instanceof Y.Item ? struct.parent : null;
          if (!(parent instanceof Y.AbstractType) || parent._item?.deleted !== true) continue;
          const from = Math.max(clock, struct.id.clock);
          const to = Math.min(clock + length, struct.id.clock + struct.length);
          found.push({ client, clock: from, length: to - from });
        }
      }
    return IdRanges.of(found);
  }

  #end(client: number): number {
    return this.#ends.get(client) ?? Y.getState(this.#doc.store, client);
  }

  /** Null where a deletion reaches what is not there yet, or something with children. */
  #unseenDeletes(
    set: { readonly clients: ReadonlyMap<number, readonly { clock: number; len: number }[]> },
    brought: readonly IdRange[],
  ): IdRange[] | null {
    const unseen: IdRange[] = [];
    const note = (client: number, from: number, to: number) => {
      const missing = this.#named.missing(client, from, to);
      for (let i = 0; i < missing.length; i += 2) {
        const clock = missing[i] ?? 0;
        unseen.push({ client, clock, length: (missing[i + 1] ?? 0) - clock });
      }
    };
    for (const [client, ranges] of set.clients) {
      const state = Y.getState(this.#doc.store, client);
      const own = brought.find((range) => range.client === client);
      const end = own === undefined ? this.#end(client) : own.clock + own.length;
      const structs = this.#doc.store.clients.get(client);
      for (const { clock, len } of ranges) {
        const to = clock + len;
        if (to > end) return null;
        if (structs && clock < state) {
          for (let at = Y.findIndexSS(structs, clock); at < structs.length; at++) {
            const struct = structs[at];
            if (struct === undefined || struct.id.clock >= to) break;
            if (struct.deleted) continue;
            if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentType) return null;
            note(client, Math.max(clock, struct.id.clock), Math.min(to, struct.id.clock + struct.length));
          }
        }
        if (to > state) note(client, Math.max(clock, state), to);
      }
    }
    return unseen;
  }
}

const nothing = new IdRanges();
