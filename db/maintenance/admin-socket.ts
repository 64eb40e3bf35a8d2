/**
 * The console's door into a running server: a Unix socket in the data folder, which
 * only the server's own user can enter. It exists because a backup of a live database
 * must run on the writer's connection (ADR 0010). It also tells commands that may not
 * run beside a server that one is there.
 *
 * One line of JSON in, one line out, then the connection ends.
 */
import { createHash } from "node:crypto";
import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

export type AdminOrder = { readonly do: "backup"; readonly to: string } | { readonly do: "hello" };
export type AdminAnswer =
  | { readonly ok: true; readonly pages?: number }
  | { readonly ok: false; readonly message: string };

/** Longest path a Unix socket may have on every system we meet. */
const socketPathMax = 100;
const orderBytesMax = 8_192;

/** Where the socket of a data folder lies; long folders get a short name beside other temporary files. */
export function adminSocketPath(dataFolder: string): string {
  const path = join(resolve(dataFolder), "admin.sock");
  if (path.length <= socketPathMax) return path;
  const name = createHash("sha256").update(path).digest("hex").slice(0, 24);
  return join(tmpdir(), `two-way-${name}.sock`);
}

/** Opens the door. Throws when another server already serves this data folder. */
export async function openAdminSocket(options: {
  readonly dataFolder: string;
  readonly backup: (path: string) => Promise<{ readonly pages: number }>;
}): Promise<{ close(): Promise<void> }> {
  const path = adminSocketPath(options.dataFolder);
  if (await askServer(options.dataFolder, { do: "hello" }))
    throw new Error(`Another server is running on ${options.dataFolder}`);
  rmSync(path, { force: true });
  const consoles = new Set<Socket>();
  const server = createServer((socket) => {
    consoles.add(socket);
    socket.once("close", () => consoles.delete(socket));
    serve(socket, options.backup);
  });
  await listen(server, path);
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        // A console that hangs must not hold the server's end back.
        for (const socket of consoles) socket.destroy();
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(path, () => done());
  });
}

function serve(socket: Socket, backup: (path: string) => Promise<{ readonly pages: number }>): void {
  let text = "";
  const answer = (value: AdminAnswer) => socket.end(`${JSON.stringify(value)}\n`);
  // A console that goes away in between costs nobody anything.
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    text += chunk.toString("utf8");
    if (text.length > orderBytesMax) socket.destroy();
    const end = text.indexOf("\n");
    if (end < 0) return;
    socket.pause();
    const order = readOrder(text.slice(0, end));
    if (order === null) answer({ ok: false, message: "That is no order this server knows." });
    else if (order.do === "hello") answer({ ok: true });
    else
      backup(order.to).then(
        ({ pages }) => answer({ ok: true, pages }),
        (error: Error) => answer({ ok: false, message: error.message }),
      );
  });
}

function readOrder(line: string): AdminOrder | null {
  try {
    const order: unknown = JSON.parse(line);
    if (typeof order !== "object" || order === null || !("do" in order)) return null;
    if (order.do === "hello") return { do: "hello" };
    if (order.do === "backup" && "to" in order && typeof order.to === "string" && isAbsolute(order.to))
      return { do: "backup", to: order.to };
    return null;
  } catch {
    return null;
  }
}

/** Asks the server of a data folder; null when none is running there. */
export function askServer(dataFolder: string, order: AdminOrder): Promise<AdminAnswer | null> {
  return new Promise((done, fail) => {
    const socket = connect(adminSocketPath(dataFolder));
    let text = "";
    socket.on("connect", () => socket.write(`${JSON.stringify(order)}\n`));
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
    });
    socket.on("end", () => {
      if (text === "") done({ ok: false, message: "The server went away before it answered." });
      else done(JSON.parse(text) as AdminAnswer);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") done(null);
      else fail(error);
    });
  });
}
