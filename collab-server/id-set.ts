/**
 * A set of Yjs ids (client, clock), kept as sorted half-open ranges per client. A room
 * has two: the structs it has accepted and the ids it has seen deleted. From them it
 * tells what an update brings that nobody has seen before: only that needs a lease and
 * a row, because a sync reply repeats everybody's work (versions guide §2).
 *
 * Ranges are flat number lists: from, to, from, to … Adding many at once merges two
 * sorted lists, so that a hostile message cannot make it quadratic.
 */
export type Ranges = readonly number[];

/** Above this many ranges a merge of both lists is cheaper than single insertions. */
const fewRanges = 8;

export class IdSet {
  readonly #byClient = new Map<number, number[]>();

  clients(): IterableIterator<number> {
    return this.#byClient.keys();
  }

  /** End of the unbroken run that starts at clock 0: the client's entry in a state vector. */
  next(client: number): number {
    const ranges = this.#byClient.get(client);
    return ranges !== undefined && ranges[0] === 0 ? (ranges[1] ?? 0) : 0;
  }

  has(client: number, clock: number): boolean {
    const ranges = this.#byClient.get(client);
    if (ranges === undefined) return false;
    const at = firstEndingAfter(ranges, clock);
    return at < ranges.length && (ranges[at] ?? 0) <= clock;
  }

  /** The parts of [from, to) that are not in the set. */
  missing(client: number, from: number, to: number): number[] {
    const ranges = this.#byClient.get(client);
    const found: number[] = [];
    let start = from;
    if (ranges !== undefined) {
      for (let at = firstEndingAfter(ranges, from); at < ranges.length && start < to; at += 2) {
        const rangeFrom = ranges[at] ?? 0;
        if (rangeFrom >= to) break;
        if (rangeFrom > start) found.push(start, rangeFrom);
        start = ranges[at + 1] ?? 0;
      }
    }
    if (start < to) found.push(start, to);
    return found;
  }

  /** Adds ranges given in any order; they may overlap what is there and each other. */
  add(client: number, added: Ranges): void {
    const ranges = this.#byClient.get(client);
    if (ranges === undefined) {
      this.#byClient.set(client, joinedRanges(added));
      return;
    }
    if (added.length > fewRanges * 2) {
      this.#byClient.set(client, union(ranges, joinedRanges(added)));
      return;
    }
    for (let i = 0; i < added.length; i += 2) addOne(ranges, added[i] ?? 0, added[i + 1] ?? 0);
  }

  /** Takes ranges out again: what was accepted but could not be stored. */
  remove(client: number, removed: Ranges): void {
    const ranges = this.#byClient.get(client);
    if (ranges === undefined) return;
    const left = difference(ranges, joinedRanges(removed));
    if (left.length > 0) this.#byClient.set(client, left);
    else this.#byClient.delete(client);
  }
}

/** Index (even) of the first range whose end lies behind `clock`. */
function firstEndingAfter(ranges: Ranges, clock: number): number {
  const last = ranges.length - 2;
  if (last < 0 || (ranges[last + 1] ?? 0) <= clock) return ranges.length;
  // Typing looks at the end of the list nearly always.
  if (last >= 2 && (ranges[last - 1] ?? 0) <= clock) return last;
  let low = 0;
  let high = last / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle * 2 + 1] ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  return low * 2;
}

function addOne(ranges: number[], from: number, to: number): void {
  const length = ranges.length;
  const lastTo = ranges[length - 1] ?? -1;
  if (from === lastTo) {
    ranges[length - 1] = to;
    return;
  }
  if (from > lastTo) {
    ranges.push(from, to);
    return;
  }
  // The first range that touches or follows the new one (touching counts: they join).
  let at = firstEndingAfter(ranges, from - 1);
  let end = at;
  let newFrom = from;
  let newTo = to;
  while (end < ranges.length && (ranges[end] ?? 0) <= newTo) {
    newFrom = Math.min(newFrom, ranges[end] ?? 0);
    newTo = Math.max(newTo, ranges[end + 1] ?? 0);
    end += 2;
  }
  at = Math.min(at, ranges.length);
  ranges.splice(at, end - at, newFrom, newTo);
}

/** The same ids in sorted ranges that neither overlap nor touch. */
export function joinedRanges(ranges: Ranges): number[] {
  let sorted = true;
  for (let i = 2; i < ranges.length; i += 2)
    if ((ranges[i] ?? 0) <= (ranges[i - 1] ?? 0)) {
      sorted = false;
      break;
    }
  if (sorted) return [...ranges];
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [from, to] of pairs) append(out, from, to);
  return out;
}

/** Adds a range to the end of a sorted list, joining it with the last one if they touch. */
function append(out: number[], from: number, to: number): void {
  const lastTo = out[out.length - 1];
  if (lastTo !== undefined && from <= lastTo) {
    if (to > lastTo) out[out.length - 1] = to;
  } else out.push(from, to);
}

function union(a: Ranges, b: Ranges): number[] {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && (a[i] ?? 0) <= (b[j] ?? 0))) {
      append(out, a[i] ?? 0, a[i + 1] ?? 0);
      i += 2;
    } else {
      append(out, b[j] ?? 0, b[j + 1] ?? 0);
      j += 2;
    }
  }
  return out;
}

function difference(a: Ranges, b: Ranges): number[] {
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i += 2) {
    let from = a[i] ?? 0;
    const to = a[i + 1] ?? 0;
    while (j < b.length && (b[j + 1] ?? 0) <= from) j += 2;
    for (let k = j; k < b.length && (b[k] ?? 0) < to; k += 2) {
      if ((b[k] ?? 0) > from) out.push(from, b[k] ?? 0);
      from = Math.max(from, b[k + 1] ?? 0);
    }
    if (from < to) out.push(from, to);
  }
  return out;
}
