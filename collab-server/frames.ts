/**
 * Messages on the wire, both ways (names and numbers in `app/document/wire.ts`), and
 * the WebSocket frame around what we send. A message for many is framed once, and the
 * same bytes go to every socket.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { type ControlMessage, messageTypes, type PersonPresent } from "../app/document/wire.ts";

/** y-protocols' three kinds of sync message. */
const syncStep1 = 0;
const syncStep2 = 1;
const syncUpdate = 2;

export type Incoming =
  | { readonly kind: "sync-step-1"; readonly stateVector: Uint8Array }
  | { readonly kind: "document"; readonly isStep2: boolean; readonly update: Uint8Array }
  /** With its length in front: `presence.ts` reads it, and a broken one says nothing there. */
  | { readonly kind: "awareness"; readonly body: Uint8Array }
  | { readonly kind: "query-awareness" }
  | { readonly kind: "unreadable"; readonly why: string };

/** What a message from a client says. Never throws. */
export function readMessage(data: Uint8Array): Incoming {
  try {
    const decoder = decoding.createDecoder(data);
    const type = decoding.readVarUint(decoder);
    if (type === messageTypes.sync) {
      const kind = decoding.readVarUint(decoder);
      const body = piece(decoder);
      if (body === null || decoding.hasContent(decoder)) return { kind: "unreadable", why: "length" };
      if (kind === syncStep1) return { kind: "sync-step-1", stateVector: body };
      if (kind === syncStep2 || kind === syncUpdate)
        return { kind: "document", isStep2: kind === syncStep2, update: body };
      return { kind: "unreadable", why: "sync kind" };
    }
    if (type === messageTypes.awareness) {
      return { kind: "awareness", body: data.subarray(decoder.pos) };
    }
    if (type === messageTypes.queryAwareness) return { kind: "query-awareness" };
    return { kind: "unreadable", why: "message type" };
  } catch {
    return { kind: "unreadable", why: "varint" };
  }
}

/** A length-prefixed piece, or null when it claims more than there is. */
function piece(decoder: decoding.Decoder): Uint8Array | null {
  const length = decoding.readVarUint(decoder);
  if (length > decoder.arr.length - decoder.pos) return null;
  return decoding.readUint8Array(decoder, length);
}

/** A state vector from a client as a map. Throws when it is broken. */
export function readStateVector(bytes: Uint8Array): Map<number, number> {
  const decoder = decoding.createDecoder(bytes);
  const clocks = new Map<number, number>();
  const count = decoding.readVarUint(decoder);
  if (count * 2 > bytes.length) throw new Error("a state vector claims more than it brings");
  for (let i = 0; i < count; i++) {
    const client = decoding.readVarUint(decoder);
    clocks.set(client, decoding.readVarUint(decoder));
  }
  return clocks;
}

function syncFrame(kind: number, body: Uint8Array): Buffer {
  const head = encoding.createEncoder();
  encoding.writeVarUint(head, messageTypes.sync);
  encoding.writeVarUint(head, kind);
  encoding.writeVarUint(head, body.length);
  return frame(encoding.toUint8Array(head), body);
}

/** A Yjs update for a client. */
export const updateFrame = (update: Uint8Array): Buffer => syncFrame(syncUpdate, update);

/** The server asks what a writer has that it lacks. */
export const step1Frame = (stateVector: Uint8Array): Buffer => syncFrame(syncStep1, stateVector);

/** An update without structs and deletions: says "that was everything" (rulings 6). */
export const syncedFrame: Buffer = syncFrame(syncStep2, Uint8Array.of(0, 0));

/** Keeps a quiet connection open: an awareness message about nobody. */
export const heartbeatFrame: Buffer = frame(Uint8Array.of(messageTypes.awareness, 1, 0));

/** `frames` document frames of this socket are durable; it has been given everything up to `seq`. */
export function ackFrame(frames: number, seq: number): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, messageTypes.ack);
  encoding.writeVarUint(encoder, frames);
  encoding.writeVarUint(encoder, seq);
  return frame(encoding.toUint8Array(encoder));
}

/** An awareness message of ready-made entries. */
export function awarenessFrame(entries: readonly Uint8Array[]): Buffer {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, entries.length);
  for (const entry of entries) encoding.writeUint8Array(body, entry);
  const head = encoding.createEncoder();
  encoding.writeVarUint(head, messageTypes.awareness);
  encoding.writeVarUint(head, encoding.length(body));
  return frame(encoding.toUint8Array(head), encoding.toUint8Array(body));
}

function jsonFrame(type: number, value: unknown): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, type);
  encoding.writeVarString(encoder, JSON.stringify(value));
  return frame(encoding.toUint8Array(encoder));
}

export const peopleFrame = (people: readonly PersonPresent[]): Buffer =>
  jsonFrame(messageTypes.people, people);

export const controlFrame = (message: ControlMessage): Buffer => jsonFrame(messageTypes.control, message);

/** One unmasked, final, binary WebSocket frame (RFC 6455 §5.2) in one buffer. */
function frame(...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const headBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const out = Buffer.allocUnsafe(headBytes + length);
  out[0] = 0x82;
  if (headBytes === 2) out[1] = length;
  else if (headBytes === 4) {
    out[1] = 126;
    out.writeUInt16BE(length, 2);
  } else {
    out[1] = 127;
    out.writeUInt32BE(0, 2);
    out.writeUInt32BE(length, 6);
  }
  let at = headBytes;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
