/** Withdraws an invitation that nobody has accepted yet; its link is dead at once. */
import { appendAudit } from "../../db/audit.ts";
import { actorInPartnership } from "../../db/queries/access.ts";
import { invitationOfId, revokeInvitationById } from "../../db/queries/invitations.ts";
import { may } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Refuses `not-found` (also when it was used in between), `not-allowed` and `own-side-only`. */
export async function revokeInvitation(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  input: { readonly partnershipId: string; readonly invitationId: string; readonly requestId?: string },
): Promise<Result<{ email: string }>> {
  const now = services.now();
  const invitation = isId(input.invitationId)
    ? await invitationOfId(services.db, input.invitationId, now)
    : null;
  if (invitation === null || invitation.partnershipId !== input.partnershipId) return refuse("not-found");
  const { partnershipId, side } = invitation;
  const actor = await actorInPartnership(services.db, asker.userId, partnershipId);
  if (actor === null) return refuse("not-found");
  const allowed = may(actor, "members.manage", { partnershipId, side });
  if (!allowed.ok) return allowed;
  const isRevoked = await services.db.transaction().execute(async (transaction) => {
    if (!(await revokeInvitationById(transaction, invitation.id, now))) return false;
    await appendAudit(transaction, {
      at: now,
      actorUserId: asker.userId,
      partnershipId,
      verb: "invitation.revoked",
      objectType: "invitation",
      objectId: invitation.id,
      requestId: input.requestId,
    });
    return true;
  });
  return isRevoked ? ok({ email: invitation.email }) : refuse("not-found");
}
