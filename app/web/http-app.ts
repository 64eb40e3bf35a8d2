/**
 * Everything that answers plain HTTP on our one port: health, the collaboration
 * server's status question, built assets, then Remix. The order is the rule: health
 * needs no session, assets need no database, and whatever changes something has passed
 * the same-origin guard before Remix sees it. Upgrades are not handled here.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createRequestHandler } from "@remix-run/express";
import type { AppLoadContext } from "@remix-run/node";
import express, { type RequestHandler } from "express";
import type { CollabStatus } from "../document/wire.ts";
import { readSession } from "../operations/read-session.ts";
import type { Services } from "../operations/services.ts";
import { bodyDeadline } from "./body-deadline.ts";
import "./load-context.ts";
import { errorFields, type LogLine } from "./log-line.ts";
import type { Pages } from "./pages.ts";
import { untilRoom } from "./until-room.ts";

export interface HttpAppParts {
  readonly services: Services;
  /** Remix's server build, or a function that gives the newest one (development). */
  readonly build: Pages["build"];
  readonly clientFolder: Pages["clientFolder"];
  readonly devMiddleware: Pages["devMiddleware"];
  /** Security headers and the same-origin guard, in order. */
  readonly security: readonly RequestHandler[];
  readonly trustedProxies: number;
  /** Null while the server is ready, else the words that say why not. Never rejects. */
  notReady(): Promise<string | null>;
  collabStatus(request: IncomingMessage): Promise<CollabStatus>;
  readonly log: LogLine;
}

/** A name that is worth logging: the first part of the path, where no secret can be. */
function areaOf(path: string): string {
  return `/${/^\/([a-z-]*)/.exec(path)?.[1] ?? ""}`;
}

/** The Express application; the caller owns the `node:http` server around it. */
export function createHttpApp(parts: HttpAppParts) {
  const app = express();
  app.disable("x-powered-by");
  app.set("trust proxy", parts.trustedProxies);

  app.get("/healthz", (_request, response) => {
    response.set("Cache-Control", "no-store").type("text").send("alive\n");
  });
  app.get("/readyz", async (_request, response) => {
    const reason = await parts.notReady();
    response
      .status(reason === null ? 200 : 503)
      .set("Cache-Control", "no-store")
      .type("text")
      .send(`${reason ?? "ready"}\n`);
  });

  app.use((request, response, next) => {
    response.locals["requestId"] = randomUUID();
    const startedAt = performance.now();
    response.on("finish", () => {
      if (request.path.startsWith("/assets/")) return;
      parts.log("info", "request", {
        requestId: String(response.locals["requestId"]),
        method: request.method,
        area: areaOf(request.path),
        status: response.statusCode,
        ms: Math.round(performance.now() - startedAt),
      });
    });
    next();
  });

  for (const middleware of parts.security) app.use(middleware);
  app.use(bodyDeadline(async (cookie) => (await readSession(parts.services, cookie, false)) !== null));

  if (parts.devMiddleware) app.use(parts.devMiddleware);
  if (parts.clientFolder) {
    // Built names carry a hash of the content: they never change.
    app.use(
      "/assets",
      express.static(`${parts.clientFolder}/assets`, { immutable: true, maxAge: "1y", index: false }),
      (_request, response) => {
        response.status(404).type("text").send("No such asset.\n");
      },
    );
    app.use(express.static(parts.clientFolder, { maxAge: "1h", index: false }));
  }

  app.get("/collab/:id/status", (request, response, next) => {
    parts
      .collabStatus(request)
      .then((status) => response.set("Cache-Control", "no-store").json(status))
      .catch(next);
  });

  app.all(
    "*",
    createRequestHandler({
      build: parts.build,
      getLoadContext: (request, response): AppLoadContext => ({
        services: parts.services,
        nonce: String(response.locals["nonce"]),
        requestId: String(response.locals["requestId"]),
        clientAddress: request.ip,
        untilRoom: () => untilRoom(response),
      }),
    }),
  );

  const lastResort: express.ErrorRequestHandler = (error, _request, response, next) => {
    parts.log("error", "request-failed", {
      requestId: String(response.locals["requestId"]),
      ...errorFields(error),
    });
    if (response.headersSent) return next(error);
    response
      .status(500)
      .type("text")
      .send(
        "Something failed on our side. What was saved is safe; what you had typed may not have been kept.\n",
      );
  };
  app.use(lastResort);
  return app;
}
