/**
 * Whose cookie is this? The one place that reads a session, for pages and for the
 * handshake of live editing alike (promise W1). Nothing about rights is kept in a
 * session: roles are asked anew at every request, so a change counts at once.
 */
import type { Kysely } from "kysely";
import { type SessionRow, sessionOfSecret, touchSession } from "../../db/queries/sessions.ts";
import type { Schema } from "../../db/schema.ts";
import { sessionLimits } from "../domain/session-limits.ts";

/** `__Host-`: only this origin, only secure, only the whole site. Browsers take it on localhost. */
export const sessionCookieName = "__Host-two-way";

/** Use is noted this often at most: a write per request would cost an fsync each. */
export const touchEvery = 5 * 60_000;

export type Session = Omit<SessionRow, "createdAt" | "lastSeenAt" | "expiresAt">;

/** When a session is over unless it is used again, ms. Pages and open editors ask the same. */
export function sessionEnd(session: {
  readonly expiresAt: number;
  readonly lastSeenAt: number;
  readonly isSharedComputer: boolean;
}): number {
  const { idle } = session.isSharedComputer ? sessionLimits.shared : sessionLimits.own;
  return Math.min(session.expiresAt, session.lastSeenAt + idle);
}

/** The secret in a `Cookie` header, or null. Two cookies of the name are none: one is planted. */
export function secretIn(cookieHeader: string | null | undefined): string | null {
  const found = (cookieHeader ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${sessionCookieName}=`))
    .map((part) => part.slice(sessionCookieName.length + 1));
  const [secret] = found;
  return found.length === 1 && secret !== undefined && /^[\w-]{43}$/.test(secret) ? secret : null;
}

/**
 * The live session of a request, or null: no cookie, unknown, idle for too long, past its
 * absolute end, or its person is suspended. Reading it is use of it, which is noted; a
 * browser that only connects again by itself passes `isUse` false.
 */
export async function readSession(
  services: { readonly db: Kysely<Schema>; now(): number },
  cookieHeader: string | null | undefined,
  isUse = true,
): Promise<Session | null> {
  const secret = secretIn(cookieHeader);
  if (secret === null) return null;
  const found = await sessionOfSecret(services.db, secret);
  if (found === null || found.user.status !== "active") return null;
  const now = services.now();
  if (now >= sessionEnd(found)) return null;
  if (isUse && now - found.lastSeenAt >= touchEvery) await touchSession(services.db, found.sessionId, now);
  const { sessionId, userId, isSharedComputer, user } = found;
  return { sessionId, userId, isSharedComputer, user };
}
