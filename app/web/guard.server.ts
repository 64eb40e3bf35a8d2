/**
 * Who asks? Every loader, action and resource route calls `requireUser` itself: Remix
 * runs loaders in parallel and alone, so a layout guards nothing below it (promise S2).
 * Rights over an object are judged by the operation, together with the object.
 */
import { type AppLoadContext, redirect } from "@remix-run/node";
import type { SessionId, UserId } from "../domain/ids.ts";
import { readSession } from "../operations/read-session.ts";
import type { Services } from "../operations/services.ts";
import { throwRefusal } from "./refuse.server.ts";
import "./load-context.ts";

/** A signed-in person; every operation takes it as the asker. */
export type SignedIn = {
  readonly services: Services;
  readonly requestId: string;
  readonly userId: UserId;
  readonly user: {
    readonly id: UserId;
    readonly name: string;
    readonly email: string;
    readonly jobTitle: string | null;
    readonly isProgrammeAdmin: boolean;
  };
  readonly sessionId: SessionId;
  readonly isSharedComputer: boolean;
};

type Asked = { readonly request: Request; readonly context: AppLoadContext };

/** The signed-in person, or null. */
export async function optionalUser({ request, context }: Asked): Promise<SignedIn | null> {
  const session = await readSession(context.services, request.headers.get("Cookie"));
  if (session === null) return null;
  const { status: _active, ...user } = session.user;
  return {
    services: context.services,
    requestId: context.requestId,
    userId: session.userId,
    user,
    sessionId: session.sessionId,
    isSharedComputer: session.isSharedComputer,
  };
}

/**
 * The signed-in person. Otherwise throws: a redirect to the sign-in page for somebody
 * who looks at a page, 401 for everything else.
 */
export async function requireUser(asked: Asked): Promise<SignedIn> {
  const signedIn = await optionalUser(asked);
  if (signedIn !== null) return signedIn;
  const { method, url } = asked.request;
  if (method !== "GET" && method !== "HEAD") return throwRefusal({ code: "signed-out", facts: {} });
  const { pathname, search } = new URL(url);
  const to = pathname === "/" ? "" : `?to=${encodeURIComponent(pathname + search)}`;
  throw redirect(`/sign-in${to}`, { headers: { "Cache-Control": "no-store" } });
}
