/** A live connection by hand, byte for byte: whatever is sent, also what is no WebSocket. */
import { once } from "node:events";
import { connect } from "node:net";

/** First bytes of a frame that is whole. */
export const frameStarts = { binary: 0x82, text: 0x81, close: 0x88 } as const;

/** A frame as a client masks it, with a key of zeros, around `payload`. */
export function maskedFrame(payload: Uint8Array, first: number = frameStarts.binary): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

export interface LineEnd {
  /** HTTP status of the answer to the upgrade. */
  readonly status: number;
  /** The code the server closed with; null when it said none. */
  readonly code: number | null;
}

/**
 * Opens a line, sends the frames and a close frame behind them, and waits for the end.
 * Nothing is sent before the upgrade is through.
 */
export async function sendOverOneLine(line: {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly frames: readonly Uint8Array[];
}): Promise<LineEnd> {
  const socket = connect(line.port, "127.0.0.1");
  socket.on("error", () => {});
  const closed = once(socket, "close");
  const pieces: Buffer[] = [];
  let isOpen = false;
  socket.on("data", (piece: Buffer) => {
    pieces.push(piece);
    if (isOpen || !Buffer.concat(pieces).includes("\r\n\r\n")) return;
    isOpen = true;
    socket.end(Buffer.concat([...line.frames, maskedFrame(Uint8Array.of(3, 232), frameStarts.close)]));
  });
  const headers = Object.entries(line.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `GET ${line.path} HTTP/1.1\r\nHost: x\r\n${headers.join("")}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  await closed;
  const answer = Buffer.concat(pieces);
  const end = answer.indexOf("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString("latin1", 0, 40))?.[1] ?? 0);
  return { status, code: status === 101 ? closeCodeIn(answer.subarray(end + 4)) : null };
}

/** The code of the first close frame among a server's frames. */
function closeCodeIn(bytes: Buffer): number | null {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
    if (((bytes[at] ?? 0) & 15) === 8) return length >= 2 ? bytes.readUInt16BE(at + head) : null;
    at += head + length;
  }
  return null;
}
