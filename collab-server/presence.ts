/**
 * Who is here and where their carets are. Names, sides and organisations come from the
 * session; a client says only where its own caret is. Whatever else it says about
 * itself or about others is left out without a word (rulings 10; promises W9, D24).
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { limits, type PersonPresent } from "../app/document/wire.ts";
import type { Connection } from "./connection.ts";
import { awarenessFrame, peopleFrame } from "./frames.ts";
import type { Timers } from "./timers.ts";

/** Carets go out at most so often (promise W9: ten a second). */
const flushEveryMs = 1000 / limits.awarenessPerSecond;
/** y-protocols forgets a state that is not renewed for 30 s. */
const renewEveryMs = limits.heartbeatMs - 2_000;

interface Caret {
  /** What the client said last, not looked at yet. */
  waiting: string | null;
  /** The state others are shown; null while they are shown none. */
  state: string | null;
  clock: number;
  isDirty: boolean;
}

export class Presence {
  readonly #carets = new Map<Connection, Caret>();
  readonly #byClientId = new Map<number, Connection>();
  readonly #now: () => number;
  readonly #timers: Timers;
  #peopleChanged = false;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #renewedAt: number;
  #isScheduled = false;

  constructor(parts: { now: () => number; timers: Timers }) {
    this.#now = parts.now;
    this.#timers = parts.timers;
    this.#renewedAt = parts.now();
  }

  /** Is somebody else connected under the id of this connection? Readers lease none (rule CS8). */
  isAnothers(connection: Connection): boolean {
    const holder = this.#byClientId.get(connection.clientId);
    return holder !== undefined && holder.grant.userId !== connection.grant.userId;
  }

  join(connection: Connection): void {
    const earlier = this.#byClientId.get(connection.clientId);
    // The same page again: its old connection is a dead line that nobody has noticed yet.
    if (earlier !== undefined && earlier !== connection) earlier.terminate();
    this.#byClientId.set(connection.clientId, connection);
    this.#carets.set(connection, { waiting: null, state: null, clock: 0, isDirty: false });
    this.changed();
  }

  leave(connection: Connection): void {
    const caret = this.#carets.get(connection);
    if (caret === undefined) return;
    this.#carets.delete(connection);
    this.changed();
    if (this.#byClientId.get(connection.clientId) !== connection) return;
    this.#byClientId.delete(connection.clientId);
    if (caret.state === null) return;
    const frame = awarenessFrame([entry(connection.clientId, this.#nextClock(caret), null)]);
    for (const other of this.#carets.keys()) if (other.isServed) other.send(frame);
  }

  /** Somebody came, went, or is called or sided differently now. */
  changed(): void {
    this.#peopleChanged = true;
    this.#schedule();
  }

  /** Takes the sender's own caret out of an awareness message; never refuses, never throws. */
  update(connection: Connection, message: Uint8Array): void {
    const caret = this.#carets.get(connection);
    if (caret === undefined) return;
    const said = ownState(message, connection.clientId);
    if (said === null || said.length > limits.awarenessBytes) return;
    caret.waiting = said;
    this.#schedule();
  }

  people(): PersonPresent[] {
    return [...this.#carets.keys()].map(({ clientId, grant }) => ({
      clientId,
      userId: grant.userId,
      name: grant.name,
      side: grant.side,
      organisation: grant.organisation,
    }));
  }

  /** Everybody else's caret and the list of people, for one who has just come or asks. */
  framesFor(connection: Connection): Buffer[] {
    const entries: Uint8Array[] = [];
    for (const [other, caret] of this.#carets)
      if (other !== connection && caret.state !== null)
        entries.push(entry(other.clientId, caret.clock, caret.state));
    return [peopleFrame(this.people()), awarenessFrame(entries)];
  }

  /** Carets of people who are quietly reading must not fade from other screens. */
  tick(): void {
    const now = this.#now();
    if (now - this.#renewedAt < renewEveryMs) return;
    this.#renewedAt = now;
    for (const caret of this.#carets.values()) if (caret.state !== null) caret.isDirty = true;
    this.#flush();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const wait = this.#flushedAt + flushEveryMs - this.#now();
    const flush = () => {
      this.#isScheduled = false;
      this.#flush();
    };
    if (wait <= 0 || wait > flushEveryMs) setImmediate(flush);
    else this.#timers.after(wait, flush);
  }

  #flush(): void {
    this.#flushedAt = this.#now();
    const changed: { connection: Connection; bytes: Uint8Array }[] = [];
    for (const [connection, caret] of this.#carets) {
      if (caret.waiting !== null) {
        const state = shownState(caret.waiting, connection);
        caret.waiting = null;
        if (state !== caret.state) {
          caret.state = state;
          caret.isDirty = true;
        }
      }
      if (!caret.isDirty) continue;
      caret.isDirty = false;
      changed.push({
        connection,
        bytes: entry(connection.clientId, this.#nextClock(caret), caret.state),
      });
    }
    const people = this.#peopleChanged ? peopleFrame(this.people()) : null;
    this.#peopleChanged = false;
    if (people === null && changed.length === 0) return;
    const all = changed.length > 0 ? awarenessFrame(changed.map(({ bytes }) => bytes)) : null;
    const senders = new Set(changed.map(({ connection }) => connection));
    for (const connection of this.#carets.keys()) {
      if (!connection.isServed) continue;
      const frames: Buffer[] = people === null ? [] : [people];
      if (all !== null) {
        // Nobody is told about their own caret: y-protocols would take it for a command.
        if (!senders.has(connection)) frames.push(all);
        else if (senders.size > 1)
          frames.push(
            awarenessFrame(changed.filter((one) => one.connection !== connection).map(({ bytes }) => bytes)),
          );
      }
      connection.send(...frames);
    }
  }

  /** Server time keeps clocks rising over reconnections and restarts. */
  #nextClock(caret: Caret): number {
    caret.clock = Math.max(caret.clock + 1, this.#now());
    return caret.clock;
  }
}

function entry(clientId: number, clock: number, state: string | null): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clientId);
  encoding.writeVarUint(encoder, clock);
  encoding.writeVarString(encoder, state ?? "null");
  return encoding.toUint8Array(encoder);
}

/** The JSON text that an awareness message holds for `clientId`, or null. */
function ownState(message: Uint8Array, clientId: number): string | null {
  try {
    const decoder = decoding.createDecoder(message);
    // The length of the whole; what it claims does not matter, only what is there.
    decoding.readVarUint(decoder);
    const count = decoding.readVarUint(decoder);
    for (let i = 0; i < count; i++) {
      const id = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      const length = decoding.readVarUint(decoder);
      if (length > message.length - decoder.pos) return null;
      if (id === clientId)
        return Buffer.from(message.buffer, message.byteOffset + decoder.pos, length).toString("utf8");
      decoder.pos += length;
    }
  } catch {
    // A broken awareness message says nothing, and costs nobody their connection.
  }
  return null;
}

/** What others are shown: the session's identity, and of the client's words the caret alone. */
function shownState(said: string, connection: Connection): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(said);
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null) return null;
  const { userId, name, side, organisation } = connection.grant;
  const cursor = "cursor" in parsed ? caretOf(parsed.cursor) : null;
  return JSON.stringify({ user: { id: userId, name, side, organisation }, cursor });
}

function caretOf(value: unknown): { anchor: unknown; head: unknown } | null {
  if (typeof value !== "object" || value === null) return null;
  const anchor = "anchor" in value ? positionOf(value.anchor) : null;
  const head = "head" in value ? positionOf(value.head) : null;
  return anchor === null || head === null ? null : { anchor, head };
}

/** A Yjs relative position with its known fields only. */
function positionOf(value: unknown): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null) return null;
  const fields = value as Record<string, unknown>;
  const tname = fields["tname"];
  const assoc = fields["assoc"];
  return {
    type: idOf(fields["type"]),
    tname: typeof tname === "string" && tname.length <= 64 ? tname : null,
    item: idOf(fields["item"]),
    assoc: typeof assoc === "number" && Number.isSafeInteger(assoc) ? assoc : 0,
  };
}

function idOf(value: unknown): { client: number; clock: number } | null {
  if (typeof value !== "object" || value === null) return null;
  const { client, clock } = value as Record<string, unknown>;
  return typeof client === "number" &&
    typeof clock === "number" &&
    Number.isSafeInteger(client) &&
    Number.isSafeInteger(clock)
    ? { client, clock }
    : null;
}
