/** How each server wants to be spoken to: the frames around the same Yjs updates. */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

export type Heard =
  | { readonly kind: "update"; readonly bytes: Uint8Array; readonly isSynced: boolean }
  /** Frames that are stored: all so far, or one more. */
  | { readonly kind: "ack"; readonly frames: number; readonly isTotal: boolean }
  | { readonly kind: "asked" }
  | { readonly kind: "other" };

export interface Dialect {
  /** Sent when the socket opens. */
  hello(): readonly Uint8Array[];
  update(bytes: Uint8Array): Uint8Array;
  /** The answer to a server that asks what we have, for a client that has nothing more. */
  nothingMore(): Uint8Array;
  hear(data: Uint8Array): Heard;
}

const emptyStateVector = Uint8Array.of(0);
const emptyUpdate = Uint8Array.of(0, 0);

function frame(prefix: string | null, ...parts: readonly (number | Uint8Array | string)[]): Uint8Array {
  const encoder = encoding.createEncoder();
  if (prefix !== null) encoding.writeVarString(encoder, prefix);
  for (const part of parts) {
    if (typeof part === "number") encoding.writeVarUint(encoder, part);
    else if (typeof part === "string") encoding.writeVarString(encoder, part);
    else encoding.writeVarUint8Array(encoder, part);
  }
  return encoding.toUint8Array(encoder);
}

/** y-websocket's frames; ours adds an ack (type 100), the relay knows nothing of them. */
export function yWebsocket(isRelay: boolean): Dialect {
  return {
    hello: () => (isRelay ? [] : [frame(null, 0, 0, emptyStateVector)]),
    update: (bytes) => frame(null, 0, 2, bytes),
    nothingMore: () => frame(null, 0, 1, emptyUpdate),
    hear(data) {
      const decoder = decoding.createDecoder(data);
      const type = decoding.readVarUint(decoder);
      if (type === 100) return { kind: "ack", frames: decoding.readVarUint(decoder), isTotal: true };
      if (type !== 0) return { kind: "other" };
      const step = decoding.readVarUint(decoder);
      if (step === 0) return { kind: "asked" };
      return { kind: "update", bytes: decoding.readVarUint8Array(decoder), isSynced: step === 1 };
    },
  };
}

/** Hocuspocus 4: each frame begins with the document's name; 0 and 4 are sync, 2 is sign-in, 8 its "applied". */
export function hocuspocus(document: string): Dialect {
  return {
    hello: () => [frame(document, 2, 0, "bench"), frame(document, 0, 0, emptyStateVector)],
    update: (bytes) => frame(document, 0, 2, bytes),
    nothingMore: () => frame(document, 0, 1, emptyUpdate),
    hear(data) {
      const decoder = decoding.createDecoder(data);
      decoding.readVarString(decoder);
      const type = decoding.readVarUint(decoder);
      if (type === 8) return { kind: "ack", frames: 1, isTotal: false };
      if (type !== 0 && type !== 4) return { kind: "other" };
      const step = decoding.readVarUint(decoder);
      if (step === 0) return { kind: "asked" };
      return { kind: "update", bytes: decoding.readVarUint8Array(decoder), isSynced: step === 1 };
    },
  };
}
