/**
 * What a room takes from a checkpoint without reading its text: which ids it holds, and
 * the part of it that a page lacks. Both are told by what is stored beside the state, so
 * opening a document of 5 MB costs the loop that serves people as little as a small one.
 *
 * A state is one block of structs per client. `pieces` says where each block may be cut:
 * per block the number of pieces, then of each piece its structs, its clocks and its bytes,
 * as varuints. A page that knows a part of a piece is sent the whole of it; Yjs leaves out
 * what it knows.
 */
import type { CheckpointBytes } from "../db/update-log/update-log.ts";
import { varint } from "../db/update-log/varint.ts";
import type { Seen } from "./admission.ts";
import { readStateVector } from "./frames.ts";
import { readStructs, type StructListener, UnreadableUpdate } from "./update-reader.ts";

/** A piece ends with the first struct that makes it this long. */
const pieceBytes = 4 * 1024;
const none = new Uint8Array(0);

/**
 * Where a state may be cut. Empty where it has gaps, and so is not the whole of a document,
 * or cannot be read: pages are then sent all of it.
 */
export function piecesOf(state: Uint8Array, leastBytes = pieceBytes): Uint8Array {
  const cutter = new Cutter(leastBytes);
  try {
    readStructs(state, cutter);
  } catch (error) {
    if (!(error instanceof UnreadableUpdate)) throw error;
    return none;
  }
  return cutter.pieces();
}

class Cutter implements StructListener {
  readonly #leastBytes: number;
  /** Per block its pieces, each as structs, clocks, bytes. */
  readonly #blocks: number[][] = [];
  #isWhole = true;
  #structs = 0;
  #from = { pos: 0, clock: 0 };
  #to = { pos: 0, clock: 0 };

  constructor(leastBytes: number) {
    this.#leastBytes = leastBytes;
  }

  block(pos: number, clock: number): void {
    this.#cut();
    this.#blocks.push([]);
    this.#from = { pos, clock };
    if (clock !== 0) this.#isWhole = false;
  }

  struct(pos: number, clock: number): void {
    this.#structs++;
    this.#to = { pos, clock };
    if (pos - this.#from.pos >= this.#leastBytes) this.#cut();
  }

  gap(): void {
    this.#isWhole = false;
  }

  pieces(): Uint8Array {
    this.#cut();
    if (!this.#isWhole) return none;
    return varuints(this.#blocks.flatMap((pieces) => [pieces.length / 3, ...pieces]));
  }

  #cut(): void {
    const [from, to] = [this.#from, this.#to];
    if (this.#structs > 0) this.#blocks.at(-1)?.push(this.#structs, to.clock - from.clock, to.pos - from.pos);
    this.#structs = 0;
    this.#from = to;
  }
}

/** Notes everything a checkpoint holds as seen. */
export function noteCheckpointAsSeen(
  checkpoint: Pick<CheckpointBytes, "stateVector" | "deleteSet">,
  seen: Seen,
): void {
  for (const [client, clock] of readStateVector(checkpoint.stateVector)) {
    if (clock > 0) seen.structs.add(client, [0, clock]);
  }
  const reader = new Varuints(checkpoint.deleteSet);
  for (let clients = reader.next(); clients > 0; clients--) {
    const client = reader.next();
    const ranges: number[] = [];
    for (let left = reader.next(); left > 0; left--) {
      const from = reader.next();
      ranges.push(from, from + reader.next());
    }
    if (ranges.length > 0) seen.deletes.add(client, ranges);
  }
}

/** An update that gives a page with these clocks all of the checkpoint that it lacks. */
export function lackedOf(checkpoint: CheckpointBytes, clocks: ReadonlyMap<number, number>): Uint8Array {
  const { state, deleteSet } = checkpoint;
  if (clocks.size === 0) return state;
  const lacked = [...readStateVector(checkpoint.stateVector)].filter(
    ([client, clock]) => (clocks.get(client) ?? 0) < clock,
  );
  if (lacked.length === 0) return Buffer.concat([Uint8Array.of(0), deleteSet]);
  if (checkpoint.pieces.length === 0) return state;
  const blocks: Uint8Array[] = [];
  const inState = new Varuints(state);
  const pieces = new Varuints(checkpoint.pieces);
  for (let left = inState.next(); left > 0; left--) {
    let structs = inState.next();
    const client = inState.next();
    let clock = inState.next();
    let from = inState.at;
    let end = from;
    const known = clocks.get(client) ?? 0;
    let isKnown = true;
    for (let more = pieces.next(); more > 0; more--) {
      const [itsStructs, itsClocks, itsBytes] = [pieces.next(), pieces.next(), pieces.next()];
      end += itsBytes;
      isKnown &&= clock + itsClocks <= known;
      if (!isKnown) continue;
      structs -= itsStructs;
      clock += itsClocks;
      from = end;
    }
    inState.at = end;
    if (structs > 0) blocks.push(varuints([structs, client, clock]), state.subarray(from, end));
  }
  return Buffer.concat([varuints([blocks.length / 2]), ...blocks, deleteSet]);
}

function varuints(numbers: readonly number[]): Uint8Array {
  const out = Buffer.allocUnsafe(numbers.length * 8);
  let end = 0;
  for (const number of numbers) end = varint.write(out, end, number);
  return out.subarray(0, end);
}

/** One after the other. Throws where the bytes end too early. */
class Varuints {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): number {
    const read = varint.read(this.#bytes, this.at);
    if (read === null) throw new Error("a checkpoint's outline ends too early");
    this.at = read.end;
    return read.value;
  }
}
