/**
 * A signed-in person changes their password. Whoever else holds a session of theirs is
 * out at once, and their own session gets a new secret (promise S11).
 */
import { appendAudit } from "../../db/audit.ts";
import { countTry } from "../../db/queries/rate-limits.ts";
import { deleteSessionsOf } from "../../db/queries/sessions.ts";
import { checkPassword } from "../domain/passwords.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { type Browser, beginSession, type StartedSession, sessionBegun } from "./start-session.ts";

export type ChangePasswordInput = {
  readonly current: string;
  readonly next: string;
  readonly repeated: string;
  readonly isSharedComputer: boolean;
  readonly browser: Browser;
  readonly requestId?: string;
};

const tries = { most: 10, window: 15 * 60_000 };

/** Refuses `wrong-credentials`, `passwords-differ`, the rules of `domain/passwords.ts` and `too-many-tries`. */
export async function changePassword(
  services: Pick<Services, "db" | "now" | "newId" | "newToken" | "passwords" | "live">,
  asker: Asker,
  input: ChangePasswordInput,
): Promise<Result<StartedSession>> {
  const { db } = services;
  const now = services.now();
  const user = await db
    .selectFrom("user")
    .select(["email", "name", "password_hash"])
    .where("id", "=", asker.userId)
    .executeTakeFirst();
  if (user === undefined) return refuse("signed-out");
  const fit = checkPassword(input.next, [user.email ?? "", user.name], "next");
  if (!fit.ok) return fit;
  if (input.next !== input.repeated) return refuse("passwords-differ", {}, "repeated");
  if ((await countTry(db, `password:${asker.userId}`, now, tries.window)) > tries.most)
    return refuse("too-many-tries", { minutes: 15 });
  if (!(await services.passwords.matches(input.current.slice(0, 256), user.password_hash)))
    return refuse("wrong-password", {}, "current");

  const hash = await services.passwords.hash(input.next);
  const done = await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable("user")
      .set({ password_hash: hash })
      .where("id", "=", asker.userId)
      .execute();
    await appendAudit(transaction, {
      at: now,
      actorUserId: asker.userId,
      partnershipId: null,
      verb: "password.changed",
      objectType: "user",
      objectId: asker.userId,
      requestId: input.requestId,
    });
    const ended = await deleteSessionsOf(transaction, asker.userId);
    // Inside: the new password must not stand while its person is told that nothing was stored.
    const { browser, isSharedComputer } = input;
    return {
      ended,
      begun: await beginSession(transaction, services, asker.userId, browser, isSharedComputer),
    };
  });
  for (const sessionId of done.ended) services.live.rightsChanged({ sessionId });
  return ok(sessionBegun(services, done.begun));
}
