/**
 * Ends a membership: a leader removes somebody of their side, or a person leaves. What
 * they wrote stays theirs in the history; their live sockets close (promise W3), and what
 * they have invited to and nobody has accepted is void.
 */
import { appendAudit } from "../../db/audit.ts";
import { hasOtherLeader, type MembershipSubject, membershipForUser } from "../../db/queries/members.ts";
import { may } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Database, Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { voidInvitations } from "./void-invitations.ts";

export type RemoveMemberInput = {
  /** The partnership of the page; a membership of another one is not found. */
  readonly partnershipId: string;
  readonly membershipId: string;
  readonly requestId?: string;
};

/** Refuses `not-found`, `not-allowed`, `own-side-only` and `last-leader`. */
export async function removeMember(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: RemoveMemberInput,
): Promise<Result<null>> {
  return endMembership(services, asker, input, "membership.removed", ({ actor, member }) =>
    may(actor, "members.manage", member),
  );
}

/** As `removeMember`, for one's own membership, whatever the role. Refuses `not-found` and `last-leader`. */
export async function endOwnMembership(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: RemoveMemberInput,
): Promise<Result<null>> {
  return endMembership(services, asker, input, "membership.left", ({ member }) =>
    member.userId === asker.userId ? ok(null) : refuse("not-found"),
  );
}

async function endMembership(
  services: Pick<Services, "db" | "now" | "live">,
  asker: Asker,
  input: RemoveMemberInput,
  verb: "membership.removed" | "membership.left",
  judge: (subject: MembershipSubject) => Result<null>,
): Promise<Result<null>> {
  if (!isId(input.membershipId)) return refuse("not-found");
  const at = services.now();
  const ended = await services.db.transaction().execute(async (transaction: Database) => {
    const found = await membershipForUser(transaction, asker.userId, input.membershipId);
    if (found === null || found.member.partnershipId !== input.partnershipId) return refuse("not-found");
    const allowed = judge(found);
    if (!allowed.ok) return allowed;
    const { member } = found;
    if (member.role === "leader" && !(await hasOtherLeader(transaction, member)))
      return refuse("last-leader");
    await transaction
      .updateTable("membership")
      .set({ status: "left", left_at: at })
      .where("id", "=", member.id)
      .execute();
    await appendAudit(transaction, {
      at,
      actorUserId: asker.userId,
      partnershipId: member.partnershipId,
      verb,
      objectType: "membership",
      objectId: member.id,
      before: { role: member.role, side: member.side, status: "active" },
      after: { status: "left" },
      requestId: input.requestId,
    });
    await voidInvitations(transaction, {
      inviterId: member.userId,
      actorUserId: asker.userId,
      at,
      requestId: input.requestId,
    });
    return ok(member);
  });
  if (!ended.ok) return ended;
  const { userId, partnershipId } = ended.value;
  services.live.rightsChanged({ userId, partnershipId });
  return ok(null);
}
