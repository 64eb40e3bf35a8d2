/**
 * Where pages come from: the finished build, or Vite while developing. Vite's own
 * socket shares our server, so that there is one port in either case.
 */
import type { Server } from "node:http";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import type { RequestHandler } from "express";

export interface Pages {
  readonly build: ServerBuild | (() => Promise<ServerBuild>);
  /** Folder of the built client, or null where Vite serves it. */
  readonly clientFolder: string | null;
  readonly devMiddleware: RequestHandler | null;
  close(): Promise<void>;
}

export async function loadPages(isDevelopment: boolean, server: Server): Promise<Pages> {
  if (isDevelopment) return developmentPages(server);
  const build: ServerBuild = await import(pathToFileURL(resolve("build/server/index.js")).href);
  return { build, clientFolder: resolve("build/client"), devMiddleware: null, close: async () => {} };
}

async function developmentPages(server: Server): Promise<Pages> {
  // Only here: an installation without development dependencies has no Vite.
  const { createServer } = await import("vite");
  const vite = await createServer({ server: { middlewareMode: true, hmr: { server } } });
  return {
    build: async () => (await vite.ssrLoadModule("virtual:remix/server-build")) as ServerBuild,
    clientFolder: null,
    devMiddleware: vite.middlewares,
    close: () => vite.close(),
  };
}
