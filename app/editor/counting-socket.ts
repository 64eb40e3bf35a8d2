/**
 * A WebSocket that tells when a document frame (SyncStep2 or Update) goes out: the
 * server acknowledges a count of exactly these (rulings 4), so both sides must count
 * the same.
 *
 * It also keeps their order. What was written while there was no line goes with the
 * SyncStep2, which answers the server's question; an Update that overtook it would
 * stand on something the server has not seen, and be refused. So Updates before the
 * SyncStep2 are left out: it holds them as well. A socket that may only read is never
 * asked, and so never sends anything of the document.
 *
 * A socket we have closed takes nothing more; browsers say so in the console each time,
 * and y-websocket still greets on one that is closed as soon as it is open.
 *
 * An Update larger than the server takes in one frame is left out as well, and with it
 * all that follows, which would stand on it: a new socket's SyncStep2 may be larger and
 * holds them all (rulings 5).
 */
import { limits, messageTypes } from "../document/wire.ts";

/** Second byte of a sync message, as y-protocols numbers them. */
const syncStep2 = 1;
const syncUpdate = 2;

/** Which part of the document a message carries; null when it carries none. */
export function documentFrameIn(data: Uint8Array): "step-2" | "update" | null {
  if (data[0] !== messageTypes.sync) return null;
  return data[1] === syncStep2 ? "step-2" : data[1] === syncUpdate ? "update" : null;
}

/**
 * A WebSocket class whose instances call `onFrame` with its bytes just before each document
 * frame is sent, and `onTooLarge` once for an Update that only a new socket can carry.
 */
export function countingSocket(
  onFrame: (bytes: number) => void,
  onTooLarge: () => void,
  Socket: typeof WebSocket = WebSocket,
): typeof WebSocket {
  return class extends Socket {
    #takesUpdates = false;
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (this.readyState > WebSocket.OPEN) return;
      const frame = data instanceof Uint8Array ? documentFrameIn(data) : null;
      if (frame === "update" && !this.#takesUpdates) return;
      if (frame === "update" && (data as Uint8Array).byteLength > limits.frameBytes) {
        this.#takesUpdates = false;
        onTooLarge();
        return;
      }
      if (frame === "step-2") this.#takesUpdates = true;
      if (frame !== null) onFrame((data as Uint8Array).byteLength);
      super.send(data);
    }
  };
}
