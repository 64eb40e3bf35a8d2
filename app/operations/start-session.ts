/**
 * Begins a session for somebody who has just proved who they are: by password, by a
 * reset link or by accepting an invitation. Always a new secret; the session the
 * browser came with ends (promise S11: nothing fixed beforehand survives).
 */
import { deleteSession, insertSession, sessionOfSecret, sweepSessions } from "../../db/queries/sessions.ts";
import type { SessionId } from "../domain/ids.ts";
import { oneLine } from "../domain/one-line.ts";
import { sessionLimits } from "../domain/session-limits.ts";
import { secretIn } from "./read-session.ts";
import type { Database, Services } from "./services.ts";

/** What a browser says about itself when it signs in. */
export type Browser = {
  readonly cookieHeader: string | null;
  /** Its user-agent text, as it came. */
  readonly device: string;
};

export type StartedSession = {
  readonly sessionId: SessionId;
  /** For the cookie alone. It is stored nowhere and logged nowhere. */
  readonly secret: string;
  /** Milliseconds from now to the absolute end. */
  readonly lifetime: number;
  readonly isSharedComputer: boolean;
};

const deviceLengthMax = 120;

/** A session that counts once its transaction has committed; `ended` is the one it replaces. */
export type BegunSession = StartedSession & { readonly ended: SessionId | null };

/** Inserts the session and ends the one that was brought. Refuses nothing: who may is decided before. */
export async function startSession(
  services: Pick<Services, "db" | "now" | "newId" | "newToken" | "live">,
  userId: string,
  browser: Browser,
  isSharedComputer: boolean,
): Promise<StartedSession> {
  const begun = await services.db
    .transaction()
    .execute((transaction) => beginSession(transaction, services, userId, browser, isSharedComputer));
  return sessionBegun(services, begun);
}

/**
 * The same inside a transaction of the caller's, where the session comes with something
 * that must not happen without it. `sessionBegun` follows the commit.
 */
export async function beginSession(
  transaction: Database,
  services: Pick<Services, "now" | "newId" | "newToken">,
  userId: string,
  browser: Browser,
  isSharedComputer: boolean,
): Promise<BegunSession> {
  const now = services.now();
  const lifetime = (isSharedComputer ? sessionLimits.shared : sessionLimits.own).absolute;
  const secret = services.newToken();
  const sessionId = services.newId() as SessionId;
  const broughtSecret = secretIn(browser.cookieHeader);
  const brought = broughtSecret === null ? null : await sessionOfSecret(transaction, broughtSecret);
  if (brought !== null) await deleteSession(transaction, brought.userId, brought.sessionId);
  await sweepSessions(transaction, now);
  await insertSession(transaction, {
    secret,
    id: sessionId,
    userId,
    at: now,
    expiresAt: now + lifetime,
    device: oneLine(browser.device).slice(0, deviceLengthMax),
    isSharedComputer,
  });
  return { sessionId, secret, lifetime, isSharedComputer, ended: brought?.sessionId ?? null };
}

/** After the commit: whoever is connected in the session that was replaced is out. */
export function sessionBegun(services: Pick<Services, "live">, begun: BegunSession): StartedSession {
  const { ended, ...session } = begun;
  if (ended !== null) services.live.rightsChanged({ sessionId: ended });
  return session;
}
