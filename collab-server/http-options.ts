/**
 * How the HTTP server around live connections treats whoever does not finish a request
 * (promise W7): nobody is known before the head is there, so its time is short and its
 * size bounded. Bodies, and who sends them, are the business of the pages.
 */
import type { ServerOptions } from "node:http";
import { limits } from "../app/document/wire.ts";

/**
 * Options of `createServer`. `preAuthMs`: a head that is not whole by then ends its line.
 * Node looks only now and then whose time is up, so the time it is told is shorter by that.
 */
export function httpOptions(preAuthMs: number = limits.preAuthMs): ServerOptions {
  const lookEveryMs = preAuthMs / 10;
  return {
    headersTimeout: preAuthMs - lookEveryMs,
    connectionsCheckingInterval: lookEveryMs,
    // Whole requests, pictures over a slow line among them.
    requestTimeout: Math.max(30_000, preAuthMs),
    keepAliveTimeout: 5_000,
    maxHeaderSize: 16 * 1024,
  };
}
