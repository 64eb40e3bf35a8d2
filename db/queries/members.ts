/**
 * Members of partnerships. Each membership is looked up together with the asker's own in
 * the same partnership, so that a stranger's id finds nothing (promise S1).
 */
import type { Kysely } from "kysely";
import type { Actor, Role } from "../../app/domain/access.ts";
import type { MembershipId, OrganisationId, PartnershipId, UserId } from "../../app/domain/ids.ts";
import type { Side } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";
import { actorInPartnership } from "./access.ts";

export type Member = {
  readonly id: MembershipId;
  readonly userId: UserId;
  readonly name: string;
  readonly email: string | null;
  readonly jobTitle: string | null;
  readonly organisationId: OrganisationId;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  readonly isSuspended: boolean;
  readonly joinedAt: number;
};

/** Active members, by side, then organisation, then name. */
export async function membersOf(
  db: Kysely<Schema>,
  partnershipId: PartnershipId,
): Promise<readonly Member[]> {
  const rows = await db
    .selectFrom("membership")
    .innerJoin("user", "user.id", "membership.user_id")
    .innerJoin("organisation", "organisation.id", "membership.organisation_id")
    .select([
      "membership.id",
      "membership.user_id",
      "user.name",
      "user.email",
      "user.job_title",
      "user.status",
      "membership.organisation_id",
      "organisation.name as organisation",
      "membership.side",
      "membership.role",
      "membership.joined_at",
    ])
    .where("membership.partnership_id", "=", partnershipId)
    .where("membership.status", "=", "active")
    .orderBy("organisation.name")
    .orderBy("user.name")
    .execute();
  return rows.map((row) => ({
    id: row.id as MembershipId,
    userId: row.user_id as UserId,
    name: row.name,
    email: row.email,
    jobTitle: row.job_title,
    organisationId: row.organisation_id as OrganisationId,
    organisation: row.organisation,
    side: row.side as Side,
    role: row.role as Role,
    isSuspended: row.status !== "active",
    joinedAt: row.joined_at,
  }));
}

export type MembershipSubject = {
  readonly actor: Actor;
  readonly member: {
    readonly id: MembershipId;
    readonly userId: UserId;
    readonly partnershipId: PartnershipId;
    readonly side: Side;
    readonly role: Role;
  };
};

/** An active membership together with who asks for it; null when there is none. */
export async function membershipForUser(
  db: Kysely<Schema>,
  userId: UserId,
  membershipId: string,
): Promise<MembershipSubject | null> {
  const row = await db
    .selectFrom("membership")
    .select(["id", "user_id", "partnership_id", "side", "role"])
    .where("id", "=", membershipId)
    .where("status", "=", "active")
    .executeTakeFirst();
  const actor = row ? await actorInPartnership(db, userId, row.partnership_id) : null;
  if (!row || actor === null) return null;
  return {
    actor,
    member: {
      id: row.id as MembershipId,
      userId: row.user_id as UserId,
      partnershipId: row.partnership_id as PartnershipId,
      side: row.side as Side,
      role: row.role as Role,
    },
  };
}

/** Would this side still have a leader who can sign in, without this member? */
export async function hasOtherLeader(
  db: Kysely<Schema>,
  member: { readonly id: string; readonly partnershipId: string; readonly side: Side },
): Promise<boolean> {
  const other = await db
    .selectFrom("membership")
    .innerJoin("user", "user.id", "membership.user_id")
    .select("membership.id")
    .where("membership.partnership_id", "=", member.partnershipId)
    .where("membership.side", "=", member.side)
    .where("membership.role", "=", "leader")
    .where("membership.status", "=", "active")
    .where("user.status", "=", "active")
    .where("membership.id", "!=", member.id)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

/** Organisations of a partnership with the side each is on, in the order of the page. */
export async function organisationsOf(db: Kysely<Schema>, partnershipId: PartnershipId) {
  const rows = await db
    .selectFrom("partnership_org")
    .innerJoin("organisation", "organisation.id", "partnership_org.organisation_id")
    .select(["organisation.id", "organisation.name", "partnership_org.side"])
    .where("partnership_org.partnership_id", "=", partnershipId)
    .where("organisation.is_placeholder", "=", 0)
    .orderBy("partnership_org.position")
    .orderBy("organisation.name")
    .execute();
  return rows.map((row) => ({ id: row.id as OrganisationId, name: row.name, side: row.side as Side }));
}

/** Makes somebody an active member: new, or again after having left. */
export async function putMembership(
  db: Kysely<Schema>,
  membership: {
    readonly id: string;
    readonly partnershipId: string;
    readonly userId: string;
    readonly organisationId: string;
    readonly side: string;
    readonly role: string;
    readonly at: number;
  },
): Promise<MembershipId> {
  const fresh = {
    organisation_id: membership.organisationId,
    side: membership.side,
    role: membership.role,
    status: "active",
    joined_at: membership.at,
    left_at: null,
  };
  const row = await db
    .insertInto("membership")
    .values({
      id: membership.id,
      partnership_id: membership.partnershipId,
      user_id: membership.userId,
      ...fresh,
    })
    .onConflict((conflict) => conflict.columns(["partnership_id", "user_id"]).doUpdateSet(fresh))
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id as MembershipId;
}
