/**
 * The session's cookie. `HttpOnly`: no script reads it; `Lax`: other sites' forms do not
 * send it; `__Host-`: no sub-domain can plant one (promise S11).
 */
import { sessionCookieName } from "../operations/read-session.ts";
import type { StartedSession } from "../operations/start-session.ts";

const attributes = "Path=/; HttpOnly; Secure; SameSite=Lax";

/** On a shared computer it goes when the browser closes, whatever its limits. */
export function sessionCookie(session: StartedSession): string {
  const maxAge = session.isSharedComputer ? "" : `; Max-Age=${Math.floor(session.lifetime / 1000)}`;
  return `${sessionCookieName}=${session.secret}; ${attributes}${maxAge}`;
}

export const endedSessionCookie = `${sessionCookieName}=; ${attributes}; Max-Age=0`;
