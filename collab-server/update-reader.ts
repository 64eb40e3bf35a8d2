/**
 * Reads the outline of a Yjs update (encoding v1) without a Y.Doc and without making
 * an object per struct: which ids it adds, which it deletes, which it leans on. What a
 * Yjs client could not read, or what would cost others dearly, is refused here, before
 * anything is stored (promises W5, W6; facts M5, M6, M9).
 *
 * Every walk is iterative. Nothing is allocated from a number the sender claims.
 */
import { isUtf8 } from "node:buffer";
import { joinedRanges } from "./id-set.ts";
import { atRoot, beside, findsAll, inside, isDeeperThan, traceWidth } from "./struct-trace.ts";

/** What is wrong with an update; `reason` is for the log, not for people. */
export class UnreadableUpdate extends Error {
  override readonly name = "UnreadableUpdate";
}

export interface UpdateOutline {
  /** Struct ranges, flat: client, from, to, client, from, to … Skips left out. */
  readonly structs: readonly number[];
  /** Deleted ranges per client, flat from, to …, sorted and joined. */
  readonly deletes: ReadonlyMap<number, readonly number[]>;
  /**
   * Did the message name them so? Yjs sorts and joins what it sends; a range that is named
   * again and again has every reader walk the same ids each time.
   */
  readonly hasTidyDeletes: boolean;
  /** Highest clock per client that an origin or a parent names. */
  readonly needs: ReadonlyMap<number, number>;
  /**
   * Values under a key (attributes, entries of a map) of more than one clock, flat: client,
   * from, to. Yjs writes them one by one and joins them only once they are deleted.
   */
  readonly longValues: readonly number[];
}

/** Largest clock we take: far above any document, far below where arithmetic bends. */
const maxClock = 2 ** 31 - 1;
const maxClient = 2 ** 32 - 1;
/** Longest name of a node, mark, attribute or root type, in bytes. */
const maxNameBytes = 1024;
const maxDeletedRanges = 200_000;
const maxJsonBytes = 64 * 1024;

/**
 * The outline of `bytes`. Throws `UnreadableUpdate` for whatever a Yjs client could not
 * apply: broken varints and text, claims larger than the message, empty structs, two
 * blocks of one client, sub-documents, nesting deeper than `maxDepth`, trailing bytes.
 */
export function readUpdate(bytes: Uint8Array, maxDepth: number): UpdateOutline {
  const reader = new UpdateReader(bytes, maxDepth, null);
  const outline = reader.read();
  // Only types nest: with fewer of them than levels allowed there is nothing to measure.
  if (reader.typeCount > maxDepth) {
    const trace: number[] = [];
    new UpdateReader(bytes, maxDepth, trace).read();
    if (isDeeperThan(trace, maxDepth)) throw new UnreadableUpdate("nested too deeply");
  }
  return outline;
}

/** Hears how an update is read. `pos` and `clock` are those behind what was read last. */
export interface StructListener {
  /** The head of a client's block was read. */
  block(pos: number, clock: number): void;
  struct(pos: number, clock: number): void;
  /** Structs are left out here. */
  gap(): void;
}

/** Walks the structs of `bytes`, without their deletions. Throws `UnreadableUpdate` as `readUpdate` does. */
export function readStructs(bytes: Uint8Array, listener: StructListener): void {
  new UpdateReader(bytes, Number.MAX_SAFE_INTEGER, null, listener).readBlocks();
}

class UpdateReader {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  readonly #listener: StructListener | null;
  #pos = 0;
  /** The struct that is being read. */
  #atClient = 0;
  #atClock = 0;
  readonly #structs: number[] = [];
  readonly #needs = new Map<number, number>();
  readonly #longValues: number[] = [];
  #hasTidyDeletes = true;
  /** Per struct, where and beside what it stands. See `traceWidth`. */
  readonly #trace: number[] | null;
  /** Structs that hold a type (node, text, map …): only these can nest. */
  typeCount = 0;

  constructor(
    bytes: Uint8Array,
    maxDepth: number,
    trace: number[] | null,
    listener: StructListener | null = null,
  ) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
    this.#trace = trace;
    this.#listener = listener;
  }

  read(): UpdateOutline {
    this.readBlocks();
    const deletes = this.#deleteSet();
    if (this.#pos !== this.#bytes.length) throw new UnreadableUpdate("bytes after the end");
    return {
      structs: this.#structs,
      deletes,
      hasTidyDeletes: this.#hasTidyDeletes,
      needs: this.#needs,
      longValues: this.#longValues,
    };
  }

  readBlocks(): void {
    const blocks = this.#count(3);
    const clients = new Set<number>();
    for (let i = 0; i < blocks; i++) {
      const structs = this.#count(2);
      const client = this.#client();
      if (clients.has(client)) throw new UnreadableUpdate("two blocks of one client");
      clients.add(client);
      this.#block(client, structs);
    }
  }

  #block(client: number, structs: number): void {
    let clock = this.#clock();
    let runFrom = clock;
    this.#atClient = client;
    this.#listener?.block(this.#pos, clock);
    for (let i = 0; i < structs; i++) {
      const info = this.#byte();
      if (info === 10) {
        this.#listener?.gap();
        if (clock > runFrom) this.#structs.push(client, runFrom, clock);
        clock = this.#advance(clock, this.#varUint());
        runFrom = clock;
        continue;
      }
      this.#trace?.push(client, clock, atRoot, -1, 0, -1, 0);
      this.#atClock = clock;
      clock = this.#advance(clock, info === 0 ? this.#varUint() : this.#item(info));
      this.#listener?.struct(this.#pos, clock);
      // Content kind 1 is deleted already; whoever names an origin names no key.
      if ((info & 224) === 32 && (info & 31) !== 1 && clock - this.#atClock > 1)
        this.#longValues.push(client, this.#atClock, clock);
    }
    if (clock > runFrom) this.#structs.push(client, runFrom, clock);
  }

  #advance(clock: number, length: number): number {
    if (length < 1 || clock + length > maxClock) throw new UnreadableUpdate("impossible length");
    return clock + length;
  }

  /** Length of an item in clock units. */
  #item(info: number): number {
    const kind = info & 31;
    const hasOrigin = (info & 128) !== 0;
    const hasRightOrigin = (info & 64) !== 0;
    if (hasOrigin) this.#neededId(beside);
    if (hasRightOrigin) this.#neededId(hasOrigin ? null : beside);
    if (!hasOrigin && !hasRightOrigin) {
      if (this.#varUint() === 1) this.#name();
      else this.#neededId(inside);
      if ((info & 32) !== 0) this.#name();
    }
    switch (kind) {
      case 1:
        return this.#varUint();
      case 2: {
        const length = this.#count(1);
        for (let i = 0; i < length; i++) this.#json(true);
        return length;
      }
      case 3:
        this.#skip(this.#varUint());
        return 1;
      case 4:
        return this.#text();
      case 5:
        this.#json(false);
        return 1;
      case 6:
        this.#name();
        this.#json(false);
        return 1;
      case 7: {
        const type = this.#varUint();
        if (type > 6) throw new UnreadableUpdate("unknown type");
        if (type === 3 || type === 5) this.#name();
        this.typeCount++;
        return 1;
      }
      case 8: {
        const length = this.#count(1);
        for (let i = 0; i < length; i++) this.#any();
        return length;
      }
      default:
        // 0 and 10 with flags mean different things to different readers; 9 is a sub-document.
        throw new UnreadableUpdate("content we do not take");
    }
  }

  #deleteSet(): Map<number, number[]> {
    const deletes = new Map<number, number[]>();
    const clients = this.#count(2);
    let total = 0;
    for (let i = 0; i < clients; i++) {
      const client = this.#client();
      const ranges = this.#count(2);
      total += ranges;
      if (total > maxDeletedRanges) throw new UnreadableUpdate("too many deleted ranges");
      const list = deletes.get(client) ?? [];
      if (list.length > 0) this.#hasTidyDeletes = false;
      for (let j = 0; j < ranges; j++) {
        const from = this.#varUint();
        const length = this.#varUint();
        if (length < 1 || from + length > maxClock) throw new UnreadableUpdate("impossible length");
        if (from < (list.at(-1) ?? 0)) this.#hasTidyDeletes = false;
        list.push(from, from + length);
      }
      if (list.length > 0) deletes.set(client, list);
    }
    for (const [client, list] of deletes) deletes.set(client, joinedRanges(list));
    return deletes;
  }

  #neededId(place: number | null): void {
    const client = this.#client();
    const clock = this.#clock();
    // Yjs looks for its own client's ids without asking whether they are there yet.
    if (client === this.#atClient && clock >= this.#atClock) throw new UnreadableUpdate("leans on itself");
    if (this.#trace !== null) {
      const at = this.#trace.length - traceWidth;
      if (place !== null) this.#trace[at + 2] = place;
      const ref = at + (place === null ? 5 : 3);
      this.#trace[ref] = client;
      this.#trace[ref + 1] = clock;
    }
    const known = this.#needs.get(client);
    if (known === undefined || known < clock) this.#needs.set(client, clock);
  }

  #byte(): number {
    const byte = this.#bytes[this.#pos++];
    if (byte === undefined) throw new UnreadableUpdate("ends too early");
    return byte;
  }

  #varUint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
      if (factor > 2 ** 49) throw new UnreadableUpdate("number too long");
    }
  }

  /** A claimed number of things of at least `leastBytes` bytes each: must fit in what is left. */
  #count(leastBytes: number): number {
    const count = this.#varUint();
    if (count * leastBytes > this.#bytes.length - this.#pos)
      throw new UnreadableUpdate("claims more than it brings");
    return count;
  }

  #client(): number {
    const client = this.#varUint();
    if (client > maxClient) throw new UnreadableUpdate("impossible client id");
    return client;
  }

  #clock(): number {
    const clock = this.#varUint();
    if (clock > maxClock) throw new UnreadableUpdate("impossible clock");
    return clock;
  }

  #skip(length: number): void {
    if (length > this.#bytes.length - this.#pos) throw new UnreadableUpdate("ends too early");
    this.#pos += length;
  }

  /** Length in UTF-16 units of a text; refuses what a decoder would stumble over. */
  #text(): number {
    const length = this.#varUint();
    const from = this.#pos;
    this.#skip(length);
    const bytes = this.#bytes;
    let units = length;
    let plain = true;
    for (let i = from; i < this.#pos; i++) {
      const byte = bytes[i] ?? 0;
      if (byte < 128) continue;
      plain = false;
      // Continuation bytes add nothing; four-byte characters are two units.
      if (byte < 192) units--;
      else if (byte >= 240) units++;
    }
    if (!plain && !isUtf8(bytes.subarray(from, this.#pos))) throw new UnreadableUpdate("broken text");
    return units;
  }

  #name(): void {
    const start = this.#pos;
    this.#text();
    if (this.#pos - start > maxNameBytes) throw new UnreadableUpdate("name too long");
    if (this.#endsWithProto(start)) throw new UnreadableUpdate("reserved name");
  }

  /** `__proto__` as a key would change the object it is read into. */
  #endsWithProto(start: number): boolean {
    return (
      this.#pos - start === 10 &&
      this.#bytes[start + 1] === 95 &&
      Buffer.from(this.#bytes.subarray(start + 1, this.#pos)).toString("latin1") === "__proto__"
    );
  }

  #json(undefinedAllowed: boolean): void {
    const length = this.#varUint();
    const from = this.#pos;
    this.#skip(length);
    if (length > maxJsonBytes) throw new UnreadableUpdate("value too long");
    const piece = this.#bytes.subarray(from, this.#pos);
    if (!isUtf8(piece)) throw new UnreadableUpdate("broken text");
    let depth = 0;
    let inText = false;
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i];
      if (inText) {
        if (byte === 92) i++;
        else if (byte === 34) inText = false;
      } else if (byte === 34) inText = true;
      else if (byte === 91 || byte === 123) {
        if (++depth > this.#maxDepth) throw new UnreadableUpdate("nested too deeply");
      } else if (byte === 93 || byte === 125) depth--;
    }
    const text = Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("utf8");
    if (undefinedAllowed && text === "undefined") return;
    try {
      JSON.parse(text);
    } catch {
      throw new UnreadableUpdate("broken value");
    }
  }

  /** One lib0 "any" value, with a stack of its own instead of recursion. */
  #any(): void {
    /** What is still to be read in each open array (positive) or object (negative). */
    const open: number[] = [];
    for (;;) {
      switch (this.#byte()) {
        case 127:
        case 126:
        case 121:
        case 120:
          break;
        case 125:
          this.#varInt();
          break;
        case 124:
          this.#skip(4);
          break;
        case 123:
          this.#skip(8);
          break;
        case 122:
          // No editor writes one, and JSON, in which documents are read and hashed, has none.
          throw new UnreadableUpdate("a number that JSON cannot hold");
        case 119:
          this.#text();
          break;
        case 118:
          open.push(-this.#count(2));
          break;
        case 117:
          open.push(this.#count(1));
          break;
        case 116:
          this.#skip(this.#varUint());
          break;
        default:
          throw new UnreadableUpdate("unknown value");
      }
      if (open.length > this.#maxDepth) throw new UnreadableUpdate("nested too deeply");
      let top = open.length - 1;
      while (top >= 0 && open[top] === 0) {
        open.pop();
        top--;
      }
      if (top < 0) return;
      const left = open[top] ?? 0;
      if (left < 0) {
        this.#name();
        open[top] = left + 1;
      } else open[top] = left - 1;
    }
  }

  #varInt(): void {
    for (let bytes = 0; bytes < 8; bytes++) if (this.#byte() < 128) return;
    throw new UnreadableUpdate("number too long");
  }
}

/**
 * Can every struct of the message find what it leans on when structs are taken client by
 * client, each in order? `isKnown` tells of ids from before.
 */
export function fitsTogether(
  bytes: Uint8Array,
  isKnown: (client: number, clock: number) => boolean,
): boolean {
  const trace: number[] = [];
  new UpdateReader(bytes, Number.MAX_SAFE_INTEGER, trace).read();
  return findsAll(trace, isKnown);
}
