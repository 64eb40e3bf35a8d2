/**
 * An administrator closes somebody's account for now, or opens it again. A suspended
 * person is signed out everywhere at once, and their open invitations are void; nothing of
 * theirs is removed.
 */
import { appendAudit } from "../../db/audit.ts";
import { administratorFacts } from "../../db/queries/programme-writes.ts";
import { deleteSessionsOf } from "../../db/queries/sessions.ts";
import { mayRunProgrammes } from "../domain/access.ts";
import { isId, type UserId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { voidInvitations } from "./void-invitations.ts";

export type SuspendUserInput = {
  readonly userId: string;
  /** False opens the account again. */
  readonly isSuspended: boolean;
  readonly requestId?: string;
};

/** Refuses `administrators-only`, `not-found` and, for one's own account, `not-allowed`. */
export async function suspendUser(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: SuspendUserInput,
): Promise<Result<null>> {
  const { db } = services;
  const facts = await administratorFacts(db, asker.userId);
  if (!facts) return refuse("signed-out");
  const allowed = mayRunProgrammes(facts);
  if (!allowed.ok) return allowed;
  if (input.userId === asker.userId) return refuse("not-allowed");
  const status = input.isSuspended ? "suspended" : "active";
  const at = services.now();
  const ended = await db.transaction().execute(async (transaction) => {
    if (!isId(input.userId)) return null;
    const user = await transaction
      .selectFrom("user")
      .select("status")
      .where("id", "=", input.userId)
      .where("kind", "=", "person")
      .executeTakeFirst();
    if (user === undefined) return null;
    await transaction.updateTable("user").set({ status }).where("id", "=", input.userId).execute();
    await appendAudit(transaction, {
      at,
      actorUserId: asker.userId,
      partnershipId: null,
      verb: input.isSuspended ? "user.suspended" : "user.reinstated",
      objectType: "user",
      objectId: input.userId,
      before: { status: user.status },
      after: { status },
      requestId: input.requestId,
    });
    await voidInvitations(transaction, {
      inviterId: input.userId as UserId,
      actorUserId: asker.userId,
      at,
      requestId: input.requestId,
    });
    return input.isSuspended ? deleteSessionsOf(transaction, input.userId) : [];
  });
  if (ended === null) return refuse("not-found");
  services.live.rightsChanged({ userId: input.userId });
  return ok(null);
}
