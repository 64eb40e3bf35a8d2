/**
 * Takes an open invitation back, whatever the reason: its link is dead at once, and the
 * audit trail says so.
 */
import { appendAudit } from "../../db/audit.ts";
import { type OpenInvitation, revokeInvitationById } from "../../db/queries/invitations.ts";
import type { UserId } from "../domain/ids.ts";
import type { Database } from "./services.ts";

export type Withdrawal = {
  /** Who has caused it. */
  readonly actorUserId: UserId;
  /** Server time, ms. */
  readonly at: number;
  /** Stands in the audit row: why, where nobody asked for it as such. */
  readonly after?: { readonly because: string; readonly [fact: string]: string };
  readonly requestId?: string;
};

/** Inside a transaction; asks no rights. False when it was accepted or taken back meanwhile. */
export async function withdrawInvitation(
  transaction: Database,
  { id, partnershipId }: Pick<OpenInvitation, "id" | "partnershipId">,
  { actorUserId, at, after, requestId }: Withdrawal,
): Promise<boolean> {
  if (!(await revokeInvitationById(transaction, id, at))) return false;
  await appendAudit(transaction, {
    ...{ at, actorUserId, partnershipId, requestId },
    verb: "invitation.revoked",
    objectType: "invitation",
    objectId: id,
    after,
  });
  return true;
}
