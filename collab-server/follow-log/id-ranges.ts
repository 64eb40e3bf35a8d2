/**
 * Sets of Yjs ids as ranges: which characters were added, deleted, visible. Plain
 * numbers without a Y.Doc, so that history can be computed with in any order.
 */
import { varint } from "../../db/update-log/varint.ts";

/** Half open: from `start` up to, not including, `end`. */
type Range = readonly [start: number, end: number];

export class IdRanges {
  readonly #clients = new Map<number, Range[]>();

  /** From anything shaped like a Yjs delete set. */
  static fromDeleteSet(set: {
    readonly clients: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;
  }): IdRanges {
    const made = new IdRanges();
    for (const [client, items] of set.clients)
      for (const item of items) made.#push(client, item.clock, item.clock + item.len);
    return made.#tidy();
  }

  /** Reads what `encode` wrote. Throws where the bytes are broken. */
  static decode(bytes: Uint8Array): IdRanges {
    let at = 0;
    const next = () => {
      const read = varint.read(bytes, at);
      if (read === null) throw new Error("A set of id ranges ends too early");
      at = read.end;
      return read.value;
    };
    const made = new IdRanges();
    for (let clients = next(); clients > 0; clients--) {
      const client = next();
      for (let count = next(); count > 0; count--) {
        const clock = next();
        made.#push(client, clock, clock + next());
      }
    }
    return made.#tidy();
  }

  static of(ranges: Iterable<{ client: number; clock: number; length: number }>): IdRanges {
    const made = new IdRanges();
    for (const range of ranges) made.#push(range.client, range.clock, range.clock + range.length);
    return made.#tidy();
  }

  get isEmpty(): boolean {
    return this.#clients.size === 0;
  }

  /** Number of ids in the set. */
  get size(): number {
    let size = 0;
    for (const ranges of this.#clients.values()) for (const [start, end] of ranges) size += end - start;
    return size;
  }

  has(client: number, clock: number): boolean {
    return (this.#clients.get(client) ?? []).some(([start, end]) => start <= clock && clock < end);
  }

  *[Symbol.iterator](): Generator<{ client: number; clock: number; length: number }> {
    for (const [client, ranges] of this.#clients)
      for (const [start, end] of ranges) yield { client, clock: start, length: end - start };
  }

  plus(other: IdRanges): IdRanges {
    const made = new IdRanges();
    for (const set of [this, other])
      for (const range of set) made.#push(range.client, range.clock, range.clock + range.length);
    return made.#tidy();
  }

  minus(other: IdRanges): IdRanges {
    const made = new IdRanges();
    for (const [client, ranges] of this.#clients) {
      const gone = other.#clients.get(client) ?? [];
      let index = 0;
      for (const [from, end] of ranges) {
        let start = from;
        while (index < gone.length && (gone[index]?.[1] ?? 0) <= start) index++;
        for (let at = index; at < gone.length && start < end; at++) {
          const [goneStart, goneEnd] = gone[at] as Range;
          if (goneStart >= end) break;
          if (goneStart > start) made.#push(client, start, goneStart);
          start = Math.max(start, goneEnd);
        }
        if (start < end) made.#push(client, start, end);
      }
    }
    return made;
  }

  and(other: IdRanges): IdRanges {
    return this.minus(this.minus(other));
  }

  /** Yjs' delete set, encoding v1: clients from the highest id down. */
  encode(): Uint8Array {
    const clients = [...this.#clients].sort((a, b) => b[0] - a[0]);
    const numbers = [clients.length];
    for (const [client, ranges] of clients) {
      numbers.push(client, ranges.length);
      for (const [start, end] of ranges) numbers.push(start, end - start);
    }
    const out = new Uint8Array(numbers.reduce((size, number) => size + varint.size(number), 0));
    let end = 0;
    for (const number of numbers) end = varint.write(out, end, number);
    return out;
  }

  #push(client: number, start: number, end: number): void {
    if (end <= start) return;
    const ranges = this.#clients.get(client);
    if (ranges) ranges.push([start, end]);
    else this.#clients.set(client, [[start, end]]);
  }

  #tidy(): this {
    for (const [client, ranges] of this.#clients) {
      ranges.sort((a, b) => a[0] - b[0]);
      const merged: Range[] = [];
      for (const range of ranges) {
        const last = merged[merged.length - 1];
        if (last && range[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])];
        else merged.push(range);
      }
      this.#clients.set(client, merged);
    }
    return this;
  }
}
