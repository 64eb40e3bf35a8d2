/**
 * What every request meets before Remix: security headers with a fresh nonce, our own
 * name as its host, the same-origin guard for whatever changes something (promise S3;
 * Remix's own check lets requests without an Origin pass), a limit on bodies.
 */
import { randomBytes } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import { refusalSentences } from "../domain/refusals.ts";

export type SecurityParts = {
  /** Exactly these may send: `https://plans.example.org`, without a trailing slash. */
  readonly origins: readonly string[];
};

const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const knownMethods: ReadonlySet<string> = new Set([...safeMethods, "POST", "PUT", "PATCH", "DELETE"]);

/** Forms are text; pictures come to addresses that end in `/images`. Bytes. */
export const bodyLimits = { form: 256 * 1024, picture: 12 * 1024 * 1024 } as const;

/** Source: the policy of rulings and ASVS 3.4; `style-src-attr` is what ProseMirror writes. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join("; ");
}

function isStaticFile(path: string): boolean {
  return path.startsWith("/assets/") || /^\/favicon\.\w+$/.test(path);
}

function securityHeaders({ origins }: SecurityParts): RequestHandler {
  const isHttps = origins.length > 0 && origins.every((origin) => origin.startsWith("https:"));
  return (request, response, next) => {
    const nonce = randomBytes(16).toString("base64");
    response.locals["nonce"] = nonce;
    response.set({
      "Content-Security-Policy": contentSecurityPolicy(nonce),
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      // Nothing to anybody else; to ourselves, or browsers would send our own forms without
      // JavaScript under "Origin: null", which the guard below refuses.
      "Referrer-Policy": "same-origin",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    });
    if (isHttps) response.set("Strict-Transport-Security", "max-age=31536000");
    // Pages hold people's data: no proxy and no back button may show them to the next person.
    if (!isStaticFile(request.path)) response.set("Cache-Control", "no-store");
    next();
  };
}

/**
 * Is this request from our own pages? An Origin that is named must be ours to the letter;
 * one that is missing needs the browser's word that the page was of this origin.
 */
export function isSameOrigin(
  headers: { readonly origin?: string | undefined; readonly secFetchSite?: string | undefined },
  origins: readonly string[],
): boolean {
  if (headers.origin !== undefined) return origins.includes(headers.origin);
  return headers.secFetchSite === "same-origin";
}

function refuseInText(response: Response, status: number, sentence: string): void {
  response.status(status).set("Connection", "close").type("text").send(`${sentence}\n`);
}

/**
 * Can this path be one of ours? Not with broken percent signs; nor with two slashes in
 * front, of either kind and however they are written: whoever resolves it against our
 * address takes what follows for another host's name, or fails at it.
 */
function isReadable(path: string): boolean {
  try {
    return !/^[/\\]{2}/.test(decodeURIComponent(path));
  } catch {
    // Thrown for what is no UTF-8 behind its percent signs.
    return false;
  }
}

/**
 * One of our own names, whatever the request calls us: nothing that is made from a
 * request's address can then name another host, and Remix, which compares Origin and
 * Host once more, finds what the guard has found. Addresses that cannot be decoded end here.
 */
function fixedHost({ origins }: SecurityParts): RequestHandler {
  const hosts = origins.map((origin) => new URL(origin).host);
  return (request, response, next) => {
    const { headers } = request;
    const origin = origins.indexOf(headers.origin ?? "");
    const host = origin >= 0 ? hosts[origin] : hosts.find((name) => name === headers.host);
    headers.host = host ?? hosts[0];
    for (const name of ["x-forwarded-host", "x-forwarded-port", "forwarded"]) delete headers[name];
    if (isReadable(request.path)) return next();
    refuseInText(response, 400, "This address cannot be read. Check it, or start from the first page.");
  };
}

function sameOriginGuard({ origins }: SecurityParts): RequestHandler {
  return (request, response, next) => {
    if (!knownMethods.has(request.method)) {
      refuseInText(response, 405, "That method is not known here.");
      return;
    }
    const headers = { origin: request.get("Origin"), secFetchSite: request.get("Sec-Fetch-Site") };
    if (safeMethods.has(request.method) || isSameOrigin(headers, origins)) return next();
    refuseInText(response, 403, refusalSentences["cross-site"]);
  };
}

function bodyLimitOf(request: Request): number {
  return /\/images(\.data)?$/.test(request.path) ? bodyLimits.picture : bodyLimits.form;
}

/**
 * A body must say its length, which Node then holds it to; so none needs counting.
 * Browsers always say it for forms.
 */
const bodyLimit: RequestHandler = (request, response, next) => {
  if (request.get("Transfer-Encoding") !== undefined) {
    refuseInText(response, 411, "This request does not say how long it is. Send it with a Content-Length.");
    return;
  }
  const limit = bodyLimitOf(request);
  if (Number(request.get("Content-Length") ?? 0) <= limit) return next();
  refuseInText(
    response,
    413,
    `This is more than the ${Math.floor(limit / 1024)} kB that can be taken at once.`,
  );
};

/** In this order, before assets and Remix. */
export function securityMiddleware(parts: SecurityParts): readonly RequestHandler[] {
  return [securityHeaders(parts), fixedHost(parts), sameOriginGuard(parts), bodyLimit];
}
