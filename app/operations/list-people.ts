/** Everybody in a partnership by side, who is invited, and what the asker may change. */
import { actorInPartnership } from "../../db/queries/access.ts";
import { invitationsOf, type OpenInvitation } from "../../db/queries/invitations.ts";
import { type Member, membersOf, organisationsOf } from "../../db/queries/members.ts";
import { partnershipForUser } from "../../db/queries/partnerships.ts";
import { may, type Role, roles } from "../domain/access.ts";
import type { OrganisationId, PartnershipId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { type Side, sides } from "../domain/sides.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type MemberView = Omit<Member, "email"> & {
  /** Shown to those who manage that side. */
  readonly email: string | null;
  readonly isYou: boolean;
  readonly canManage: boolean;
};

export type InvitationView = Pick<
  OpenInvitation,
  "id" | "email" | "organisation" | "side" | "role" | "invitedBy" | "createdAt" | "expiresAt"
>;

export type People = {
  readonly partnershipId: PartnershipId;
  readonly slug: string;
  readonly title: string;
  readonly sides: readonly { readonly side: Side; readonly members: readonly MemberView[] }[];
  readonly invitations: readonly InvitationView[];
  /** Where the asker may invite people to, and as what; empty for people who may not. */
  readonly canInvite: {
    readonly organisations: readonly {
      readonly id: OrganisationId;
      readonly name: string;
      readonly side: Side;
    }[];
    readonly roles: readonly Role[];
  };
  readonly isMember: boolean;
  readonly canSuspend: boolean;
};

/** Refuses `not-found`. */
export async function listPeople(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  input: { readonly slug: string },
): Promise<Result<People>> {
  const { db } = services;
  const partnership = await partnershipForUser(db, asker.userId, input.slug);
  const actor = partnership && (await actorInPartnership(db, asker.userId, partnership.id));
  if (!partnership || !actor || actor.kind !== "user") return refuse("not-found");
  const partnershipId = partnership.id;
  const allowed = may(actor, "members.read", { partnershipId });
  if (!allowed.ok) return allowed;

  const manages = (side: Side, grants?: Role) =>
    may(actor, "members.manage", { partnershipId, side, grants }).ok;
  const members = (await membersOf(db, partnershipId)).map((member) => {
    const canManage = manages(member.side);
    const isYou = member.userId === asker.userId;
    return { ...member, email: canManage || isYou ? member.email : null, isYou, canManage };
  });
  const managedSides = sides.filter((side) => manages(side));
  const organisations = (await organisationsOf(db, partnershipId)).filter(({ side }) => manages(side));
  const invitations =
    managedSides.length === 0
      ? []
      : (await invitationsOf(db, partnershipId, services.now())).filter(({ side }) => manages(side));
  const [side] = managedSides;
  return ok({
    partnershipId,
    slug: input.slug,
    title: partnership.title,
    sides: sides
      .map((one) => ({ side: one, members: members.filter((member) => member.side === one) }))
      .filter((group) => group.members.length > 0),
    invitations: invitations.map(
      ({ id, email, organisation, side: of, role, invitedBy, createdAt, expiresAt }) => ({
        ...{ id, email, organisation, side: of, role, invitedBy, createdAt, expiresAt },
      }),
    ),
    canInvite: {
      organisations,
      roles: side === undefined ? [] : roles.filter((role) => manages(side, role)),
    },
    isMember: actor.membership?.status === "active",
    canSuspend: actor.isProgrammeAdmin,
  });
}
