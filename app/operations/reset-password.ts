/**
 * Sets a new password by a link from a letter. Looking at the link uses nothing up; the
 * submitted form does, once. All sessions of the person end (promises S10, S11).
 */
import { appendAudit } from "../../db/audit.ts";
import { deleteSessionsOf, hashSecret } from "../../db/queries/sessions.ts";
import { checkPassword } from "../domain/passwords.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import { type Browser, beginSession, type StartedSession, sessionBegun } from "./start-session.ts";

export type ResetPasswordInput = {
  readonly token: string;
  readonly password: string;
  readonly repeated: string;
  readonly isSharedComputer: boolean;
  readonly browser: Browser;
  readonly requestId?: string;
};

/** Refuses `link-expired`, `passwords-differ` and the rules of `domain/passwords.ts`. */
export async function resetPassword(
  services: Pick<Services, "db" | "now" | "newId" | "newToken" | "passwords" | "live">,
  input: ResetPasswordInput,
): Promise<Result<StartedSession>> {
  const { db } = services;
  const now = services.now();
  const tokenHash = hashSecret(input.token);
  const user = await db
    .selectFrom("password_reset")
    .innerJoin("user", "user.id", "password_reset.user_id")
    .select(["user.id", "user.email", "user.name"])
    .where("password_reset.token_hash", "=", tokenHash)
    .where("password_reset.used_at", "is", null)
    .where("password_reset.expires_at", ">", now)
    .where("user.status", "=", "active")
    .executeTakeFirst();
  if (user === undefined) return refuse("link-expired");
  const fit = checkPassword(input.password, [user.email ?? "", user.name]);
  if (!fit.ok) return fit;
  if (input.password !== input.repeated) return refuse("passwords-differ", {}, "repeated");

  const hash = await services.passwords.hash(input.password);
  const done = await db.transaction().execute(async (transaction) => {
    const taken = await transaction
      .updateTable("password_reset")
      .set({ used_at: now })
      .where("token_hash", "=", tokenHash)
      .where("used_at", "is", null)
      .executeTakeFirst();
    if (taken.numUpdatedRows !== 1n) return null;
    // Other links that were asked for in impatience die with this one.
    await transaction
      .updateTable("password_reset")
      .set({ used_at: now })
      .where("user_id", "=", user.id)
      .where("used_at", "is", null)
      .execute();
    await transaction.updateTable("user").set({ password_hash: hash }).where("id", "=", user.id).execute();
    await appendAudit(transaction, {
      at: now,
      actorUserId: user.id,
      partnershipId: null,
      verb: "password.reset",
      objectType: "user",
      objectId: user.id,
      requestId: input.requestId,
    });
    const ended = await deleteSessionsOf(transaction, user.id);
    // Inside: a link that is used up has signed its person in.
    const { browser, isSharedComputer } = input;
    return { ended, begun: await beginSession(transaction, services, user.id, browser, isSharedComputer) };
  });
  if (done === null) return refuse("link-expired");
  for (const sessionId of done.ended) services.live.rightsChanged({ sessionId });
  return ok(sessionBegun(services, done.begun));
}
