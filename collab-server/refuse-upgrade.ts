/**
 * The answer to an upgrade that is refused: a plain HTTP status before the 101, with a
 * tiny body that says nothing about documents or people (rulings 12).
 */
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

/** `waitMs`: when it is worth another try, where that is known. */
export function refuseUpgrade(socket: Duplex, status: number, waitMs: number | null = null): void {
  if (socket.destroyed || socket.writableEnded) return;
  const words = STATUS_CODES[status] ?? "Refused";
  const body = `${words}\n`;
  socket.end(
    [
      `HTTP/1.1 ${status} ${words}`,
      "Connection: close",
      "Content-Type: text/plain",
      "Cache-Control: no-store",
      ...(waitMs === null ? [] : [`Retry-After: ${Math.ceil(waitMs / 1000)}`]),
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n"),
  );
  // A peer that does not read its answer keeps no socket.
  socket.once("finish", () => socket.destroy());
}
