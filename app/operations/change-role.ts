/**
 * Gives a member another role. A side is never left without a leader, and what the member
 * could not invite to any more is void.
 */
import { appendAudit } from "../../db/audit.ts";
import { hasOtherLeader, membershipForUser } from "../../db/queries/members.ts";
import { isRole, may } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { voidInvitations } from "./void-invitations.ts";

export type ChangeRoleInput = {
  /** The partnership of the page; a membership of another one is not found. */
  readonly partnershipId: string;
  readonly membershipId: string;
  readonly role: string;
  readonly requestId?: string;
};

/** Refuses `not-found`, `not-allowed`, `own-side-only`, `wrong-role` and `last-leader`. */
export async function changeRole(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: ChangeRoleInput,
): Promise<Result<null>> {
  if (!isId(input.membershipId)) return refuse("not-found");
  const changed = await services.db.transaction().execute(async (transaction) => {
    // Read inside the transaction: two leaders who demote each other at once must not both succeed.
    const found = await membershipForUser(transaction, asker.userId, input.membershipId);
    if (found === null || found.member.partnershipId !== input.partnershipId) return refuse("not-found");
    const { actor, member } = found;
    const general = may(actor, "members.manage", member);
    if (!general.ok) return general;
    const { role } = input;
    if (!isRole(role)) return refuse("wrong-role", {}, "role");
    const allowed = may(actor, "members.manage", { ...member, grants: role });
    if (!allowed.ok) return allowed;
    if (role === member.role) return ok(member);
    if (member.role === "leader" && !(await hasOtherLeader(transaction, member)))
      return refuse("last-leader");
    await transaction.updateTable("membership").set({ role }).where("id", "=", member.id).execute();
    await appendAudit(transaction, {
      at: services.now(),
      actorUserId: asker.userId,
      partnershipId: member.partnershipId,
      verb: "membership.role-changed",
      objectType: "membership",
      objectId: member.id,
      before: { role: member.role },
      after: { role },
      requestId: input.requestId,
    });
    await voidInvitations(transaction, {
      inviterId: member.userId,
      actorUserId: asker.userId,
      at: services.now(),
      requestId: input.requestId,
    });
    return ok(member);
  });
  if (!changed.ok) return changed;
  const { userId, partnershipId } = changed.value;
  services.live.rightsChanged({ userId, partnershipId });
  return ok(null);
}
