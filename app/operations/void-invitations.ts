/**
 * An invitation is worth what its inviter may still do. When somebody is removed, leaves,
 * gets another role or is suspended, their open invitations that they could not make any
 * more are void, in the same transaction and on record.
 */
import { actorInPartnership } from "../../db/queries/access.ts";
import { openInvitationsBy } from "../../db/queries/invitations.ts";
import { may } from "../domain/access.ts";
import type { UserId } from "../domain/ids.ts";
import type { Database } from "./services.ts";
import { withdrawInvitation } from "./withdraw-invitation.ts";

/** Call it after the change, inside its transaction. Says how many became void. */
export async function voidInvitations(
  transaction: Database,
  change: {
    /** Whose rights have changed. */
    readonly inviterId: UserId;
    /** Who changed them. */
    readonly actorUserId: UserId;
    readonly at: number;
    readonly requestId?: string;
  },
): Promise<number> {
  const { inviterId, actorUserId, at, requestId } = change;
  let count = 0;
  for (const invitation of await openInvitationsBy(transaction, inviterId, at)) {
    const { partnershipId, side, role } = invitation;
    const inviter = await actorInPartnership(transaction, inviterId, partnershipId);
    if (inviter !== null && may(inviter, "members.manage", { partnershipId, side, grants: role }).ok)
      continue;
    await withdrawInvitation(transaction, invitation, {
      ...{ actorUserId, at, requestId },
      after: { because: "inviter-lost-right", inviterId },
    });
    count += 1;
  }
  return count;
}
