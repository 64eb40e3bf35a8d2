/**
 * Where the structs of one message stand, as `update-reader.ts` notes it: flat numbers, no
 * object per struct. Answers what takes more than one struct to see: whether all of them
 * find what they lean on, and how deep they nest (facts M8, M9).
 */

/** How a struct's place is told: it stands in a root, beside another struct, or inside one. */
export const atRoot = 0;
export const beside = 1;
export const inside = 2;

/**
 * Numbers per struct in a trace: client, clock, place, the id that tells the place, and
 * a second id it leans on. A client of -1 stands for none.
 */
export const traceWidth = 7;

/** Of the structs from `first` to `last`, in order of their clocks, the last that starts at `clock` or before; or -1. */
function lastStartingBy(trace: readonly number[], first: number, last: number, clock: number): number {
  if ((trace[first * traceWidth + 1] ?? 0) > clock) return -1;
  let low = first;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((trace[middle * traceWidth + 1] ?? 0) <= clock) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Can every struct of the message find what it leans on when structs are taken client
 * by client, each in order? Two clients that lean on each other in a circle would wait
 * in every reader's memory for ever (fact M8). `isKnown` tells of ids from before.
 */
export function findsAll(
  trace: readonly number[],
  isKnown: (client: number, clock: number) => boolean,
): boolean {
  const count = trace.length / traceWidth;
  /** A client's structs of the message: its first, the next to look at, and the one after its last. */
  type Block = { readonly first: number; next: number; end: number };
  const blocks = new Map<number, Block>();
  for (let i = 0; i < count; i++) {
    const client = trace[i * traceWidth] ?? 0;
    const block = blocks.get(client);
    if (block === undefined) blocks.set(client, { first: i, next: i, end: i + 1 });
    else block.end = i + 1;
  }
  const nowhere = -1;
  /** The struct of the message that has to be passed before this id is there; null where it is. */
  const lackedStruct = (client: number, clock: number): number | null => {
    if (client === -1 || isKnown(client, clock)) return null;
    const block = blocks.get(client);
    if (block === undefined) return nowhere;
    const holder = lastStartingBy(trace, block.first, block.end - 1, clock);
    if (holder === -1) return nowhere;
    return holder < block.next ? null : holder;
  };
  // Each block is looked at again only when the struct it waits for has been passed.
  const ready = [...blocks.values()];
  const waiting = new Map<number, Block[]>();
  let passed = 0;
  for (let block = ready.pop(); block !== undefined; block = ready.pop())
    while (block.next < block.end) {
      const at = block.next * traceWidth;
      const lacked =
        lackedStruct(trace[at + 3] ?? -1, trace[at + 4] ?? 0) ??
        lackedStruct(trace[at + 5] ?? -1, trace[at + 6] ?? 0);
      if (lacked === nowhere) return false;
      if (lacked !== null) {
        const beside = waiting.get(lacked);
        if (beside === undefined) waiting.set(lacked, [block]);
        else beside.push(block);
        break;
      }
      ready.push(...(waiting.get(block.next) ?? []));
      waiting.delete(block.next);
      block.next++;
      passed++;
    }
  return passed === count;
}

/**
 * Does any struct of the message lie deeper than `max` levels below the first thing of
 * the message it stands in? What lies in the document already is not counted: a
 * follower takes care of that (rulings 5).
 */
export function isDeeperThan(trace: readonly number[], max: number): boolean {
  const count = trace.length / traceWidth;
  const byClient = new Map<number, { first: number; last: number }>();
  for (let i = 0; i < count; i++) {
    const client = trace[i * traceWidth] ?? 0;
    const block = byClient.get(client);
    if (block === undefined) byClient.set(client, { first: i, last: i });
    else block.last = i;
  }
  /** The struct of this message that holds the id, or -1. */
  const structAt = (client: number, clock: number): number => {
    const block = byClient.get(client);
    return block === undefined ? -1 : lastStartingBy(trace, block.first, block.last, clock);
  };
  const depths = new Int32Array(count).fill(-1);
  const path: number[] = [];
  for (let i = 0; i < count; i++) {
    let at = i;
    let depth = 0;
    while (at >= 0 && depths[at] === -1) {
      // -2 marks the path: a struct that stands in itself must not turn us round for ever.
      depths[at] = -2;
      path.push(at);
      const place = trace[at * traceWidth + 2] ?? atRoot;
      at = place === atRoot ? -1 : structAt(trace[at * traceWidth + 3] ?? 0, trace[at * traceWidth + 4] ?? 0);
    }
    if (at >= 0) {
      if (depths[at] === -2) return true;
      depth = depths[at] ?? 0;
    }
    const reachedKnown = at >= 0;
    for (let j = path.length - 1; j >= 0; j--) {
      const struct = path[j] ?? 0;
      const isFirst = j === path.length - 1 && !reachedKnown;
      if (!isFirst && trace[struct * traceWidth + 2] === inside) depth++;
      if (depth > max) return true;
      depths[struct] = depth;
    }
    path.length = 0;
  }
  return false;
}
