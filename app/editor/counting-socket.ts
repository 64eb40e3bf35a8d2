/**
 * A WebSocket that tells when a document frame (SyncStep2 or Update) goes out: the
 * server acknowledges a count of exactly these (rulings 4), so both sides must count
 * the same.
 */
import { messageTypes } from "../document/wire.ts";

/** Second byte of a sync message, as y-protocols numbers them. */
const carriesDocument = new Set([1, 2]);

/** Does this message carry a part of the document? */
export function isDocumentFrame(data: Uint8Array): boolean {
  return data[0] === messageTypes.sync && data[1] !== undefined && carriesDocument.has(data[1]);
}

/** A WebSocket class whose instances call `onFrame` just before each document frame is sent. */
export function countingSocket(onFrame: () => void): typeof WebSocket {
  return class extends WebSocket {
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (data instanceof Uint8Array && isDocumentFrame(data)) onFrame();
      super.send(data);
    }
  };
}
