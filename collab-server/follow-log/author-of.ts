/**
 * Who wrote a character? The lease says to whom its client id belongs; a carry row says
 * that it is older text under a new id, and then the older id decides (versions guide
 * §2). Pure over rows, so that the answer never depends on when it is asked.
 */

export type Carry = {
  readonly toClient: number;
  readonly toClock: number;
  readonly length: number;
  readonly fromClient: number;
  readonly fromClock: number;
};

export type Author = { readonly userId: string; readonly side: string | null };

export class CarryMap {
  readonly #byClient = new Map<number, Carry[]>();

  constructor(rows: Iterable<Carry>) {
    for (const row of rows) {
      const list = this.#byClient.get(row.toClient);
      if (list) list.push(row);
      else this.#byClient.set(row.toClient, [row]);
    }
    for (const list of this.#byClient.values()) list.sort((a, b) => a.toClock - b.toClock);
  }

  /** The row that covers this id, if its text was carried. */
  #covering(client: number, clock: number): Carry | null {
    const list = this.#byClient.get(client);
    if (!list) return null;
    let low = 0;
    let high = list.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const row = list[middle] as Carry;
      if (clock < row.toClock) high = middle - 1;
      else if (clock >= row.toClock + row.length) low = middle + 1;
      else return row;
    }
    return null;
  }

  /**
   * Where a range first came from, in pieces that each have one origin. Ids that were
   * never carried are their own origin. `steps` lists every id range on the way.
   */
  origins(
    client: number,
    clock: number,
    length: number,
  ): readonly { client: number; clock: number; length: number; at: { client: number; clock: number } }[] {
    const done: { client: number; clock: number; length: number; at: { client: number; clock: number } }[] =
      [];
    const waiting = [{ client, clock, length, at: { client, clock }, hops: 0 }];
    while (waiting.length > 0) {
      const piece = waiting.pop() as (typeof waiting)[number];
      const row = this.#covering(piece.client, piece.clock);
      const until = row ? row.toClock + row.length : this.#nextStart(piece.client, piece.clock);
      const head = Math.min(piece.length, until - piece.clock);
      if (head < piece.length)
        waiting.push({
          client: piece.client,
          clock: piece.clock + head,
          length: piece.length - head,
          at: { client: piece.at.client, clock: piece.at.clock + head },
          hops: piece.hops,
        });
      // A ring cannot come from real restores; a damaged table must not hang the reader.
      if (row && piece.hops < 10_000)
        waiting.push({
          client: row.fromClient,
          clock: row.fromClock + (piece.clock - row.toClock),
          length: head,
          at: piece.at,
          hops: piece.hops + 1,
        });
      else done.push({ client: piece.client, clock: piece.clock, length: head, at: piece.at });
    }
    return done;
  }

  #nextStart(client: number, clock: number): number {
    for (const row of this.#byClient.get(client) ?? []) if (row.toClock > clock) return row.toClock;
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * The author of one character. Null where its client id was never leased: text from
 * before a recovery, shown as "author not verified".
 */
export function authorOf(
  client: number,
  clock: number,
  carry: CarryMap,
  leases: ReadonlyMap<number, Author>,
): Author | null {
  const origin = carry.origins(client, clock, 1)[0];
  return (origin && leases.get(origin.client)) ?? null;
}
