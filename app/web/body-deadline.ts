/**
 * A body that does not come: whoever is not signed in has as long for it as for the head
 * of a request (promise W7). Members may send a picture over a slow line; for them Node's
 * own time for whole requests holds.
 */
import type { RequestHandler } from "express";
import { limits } from "../document/wire.ts";

/**
 * Ends the line of a request whose body is not whole after `withinMs`, unless its sender
 * is signed in. Asked of late ones alone: a form that comes at once costs no question.
 */
export function bodyDeadline(
  isSignedIn: (cookieHeader: string | undefined) => Promise<boolean>,
  withinMs: number = limits.preAuthMs,
): RequestHandler {
  return (request, _response, next) => {
    if (!request.complete && Number(request.get("Content-Length") ?? 0) > 0) {
      const late = setTimeout(() => {
        if (request.complete) return;
        isSignedIn(request.headers.cookie).then(
          (isOurs) => {
            if (!isOurs) request.destroy();
          },
          // Nobody can be told apart while the database fails; Node's own time still holds.
          () => undefined,
        );
      }, withinMs);
      request.once("close", () => clearTimeout(late));
    }
    next();
  };
}
