/** Withdraws an invitation that nobody has accepted yet; its link is dead at once. */
import { actorInPartnership } from "../../db/queries/access.ts";
import { invitationOfId } from "../../db/queries/invitations.ts";
import { may } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { withdrawInvitation } from "./withdraw-invitation.ts";

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
  const { requestId } = input;
  const isRevoked = await services.db
    .transaction()
    .execute((transaction) =>
      withdrawInvitation(transaction, invitation, { actorUserId: asker.userId, at: now, requestId }),
    );
  return isRevoked ? ok({ email: invitation.email }) : refuse("not-found");
}
