/** Upgrades by hand: what the server answers, before any WebSocket code sees it. */
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";

/** The HTTP status of an upgrade with exactly these headers (101 when it is let in). */
export async function statusOfUpgrade(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return (await answerToUpgrade(port, path, headers)).status;
}

/** The same, with how long a refused one shall wait before the next try, s. */
export function answerToUpgrade(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly retryAfter: string | null }> {
  return new Promise((resolve, reject) => {
    const asking = request({
      port,
      host: "127.0.0.1",
      path,
      agent: false,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      },
    });
    asking.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, retryAfter: null });
    });
    asking.on("response", (response) => {
      response.resume();
      resolve({
        status: response.statusCode ?? 0,
        retryAfter: response.headers["retry-after"] ?? null,
      });
    });
    asking.on("error", reject);
    asking.end();
  });
}

/** A TCP connection that has sent `text`. */
export async function rawSocket(port: number, text: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** Everything a socket says until it ends. */
export async function everythingFrom(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  socket.on("data", (piece: Buffer) => pieces.push(piece));
  if (!socket.closed) await once(socket, "close");
  return Buffer.concat(pieces).toString("latin1");
}
