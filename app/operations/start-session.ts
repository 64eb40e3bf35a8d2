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
import type { Services } from "./services.ts";

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

/** Inserts the session and ends the one that was brought. Refuses nothing: who may is decided before. */
export async function startSession(
  services: Pick<Services, "db" | "now" | "newId" | "newToken" | "live">,
  userId: string,
  browser: Browser,
  isSharedComputer: boolean,
): Promise<StartedSession> {
  const now = services.now();
  const lifetime = (isSharedComputer ? sessionLimits.shared : sessionLimits.own).absolute;
  const secret = services.newToken();
  const sessionId = services.newId() as SessionId;
  const broughtSecret = secretIn(browser.cookieHeader);
  const brought = broughtSecret === null ? null : await sessionOfSecret(services.db, broughtSecret);
  await services.db.transaction().execute(async (transaction) => {
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
  });
  if (brought !== null) services.live.rightsChanged({ sessionId: brought.sessionId });
  return { sessionId, secret, lifetime, isSharedComputer };
}
