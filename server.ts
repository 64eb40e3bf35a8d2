/**
 * The whole product in one process on one port: pages, live editing, and the log
 * behind them. This file only puts the parts together, in the order they need each
 * other, and takes them down in the opposite order when asked to stop (promise B6).
 */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import type { ServerBuild } from "@remix-run/node";
import type { Services } from "./app/operations/services.ts";
import { describeFaults, readEnvironment } from "./app/web/env.ts";
import { createHttpApp } from "./app/web/http-app.ts";
import { logLine } from "./app/web/log-line.ts";
import { migrate } from "./db/migrate.ts";
import { openDatabase } from "./db/open.ts";

const read = readEnvironment(process.env);
if (!read.ok) {
  process.stderr.write(`${describeFaults(read.faults)}\n`);
  process.exit(1);
}
const environment = read.environment;
mkdirSync(environment.dataFolder, { recursive: true, mode: 0o700 });
mkdirSync(dirname(environment.databasePath), { recursive: true });

// Listening comes first: the port is then known (it may be any free one), and whoever
// asks while the rest starts hears "starting" instead of a refused connection.
let handler: RequestListener = (_request, response) => {
  response.writeHead(503, { "Retry-After": "1", "Content-Type": "text/plain" }).end("starting\n");
};
const server = createServer((request, response) => handler(request, response));
server.listen(environment.port, environment.host);
await once(server, "listening");
const { port } = server.address() as AddressInfo;
const address = environment.publicUrl ?? `http://localhost:${port}`;

const db = openDatabase(environment.databasePath);
await migrate(db);
const services = {
  db,
  now: Date.now,
  newId: randomUUID,
  newToken: () => randomBytes(32).toString("base64url"),
} as unknown as Services;

handler = createHttpApp({
  services,
  build: (await import("./build/server/index.js" as string)) as ServerBuild,
  clientFolder: "build/client",
  devMiddleware: null,
  security: [
    (_request, response, next) => {
      const nonce = randomBytes(16).toString("base64");
      response.locals["nonce"] = nonce;
      response.set(
        "Content-Security-Policy",
        `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src-elem 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'`,
      );
      next();
    },
  ],
  trustedProxies: environment.trustedProxies,
  notReady: () => null,
  collabStatus: async () => ({ open: false, code: 4404, refusal: "not-found" }),
  log: logLine,
});
console.log(`Two-Way is ready at ${address}`);

process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  void db.destroy();
});
