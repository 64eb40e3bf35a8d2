/**
 * Invitations as rows. The link's token is kept as its SHA-256 alone; an invitation
 * counts while it is neither accepted, revoked nor past its time (promise S10).
 */
import type { Kysely } from "kysely";
import type { Role } from "../../app/domain/access.ts";
import type { InvitationId, PartnershipId } from "../../app/domain/ids.ts";
import type { Side } from "../../app/domain/sides.ts";
import type { Schema } from "../schema.ts";
import { hashSecret } from "./sessions.ts";

export type OpenInvitation = {
  readonly id: InvitationId;
  readonly partnershipId: PartnershipId;
  readonly partnershipSlug: string;
  readonly partnershipTitle: string;
  readonly organisationId: string;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  readonly email: string;
  readonly invitedBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

function openInvitations(db: Kysely<Schema>, now: number) {
  return db
    .selectFrom("invitation")
    .innerJoin("partnership", "partnership.id", "invitation.partnership_id")
    .innerJoin("organisation", "organisation.id", "invitation.organisation_id")
    .innerJoin("user", "user.id", "invitation.invited_by")
    .select([
      "invitation.id",
      "invitation.partnership_id",
      "partnership.slug",
      "partnership.title",
      "invitation.organisation_id",
      "organisation.name as organisation",
      "invitation.side",
      "invitation.role",
      "invitation.email",
      "user.name as invited_by",
      "invitation.created_at",
      "invitation.expires_at",
    ])
    .where("invitation.accepted_at", "is", null)
    .where("invitation.revoked_at", "is", null)
    .where("invitation.expires_at", ">", now);
}

type Row = Awaited<ReturnType<ReturnType<typeof openInvitations>["executeTakeFirstOrThrow"]>>;

function invitationFrom(row: Row): OpenInvitation {
  return {
    id: row.id as InvitationId,
    partnershipId: row.partnership_id as PartnershipId,
    partnershipSlug: row.slug,
    partnershipTitle: row.title,
    organisationId: row.organisation_id,
    organisation: row.organisation,
    side: row.side as Side,
    role: row.role as Role,
    email: row.email,
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

/** The open invitation of a link's token, or null. */
export async function invitationOfToken(
  db: Kysely<Schema>,
  token: string,
  now: number,
): Promise<OpenInvitation | null> {
  const row = await openInvitations(db, now)
    .where("invitation.token_hash", "=", hashSecret(token))
    .executeTakeFirst();
  return row ? invitationFrom(row) : null;
}

/** The open invitation of an id; whoever asks must be judged for its partnership. */
export async function invitationOfId(
  db: Kysely<Schema>,
  id: string,
  now: number,
): Promise<OpenInvitation | null> {
  const row = await openInvitations(db, now).where("invitation.id", "=", id).executeTakeFirst();
  return row ? invitationFrom(row) : null;
}

/** Open invitations of a partnership, newest first. */
export async function invitationsOf(
  db: Kysely<Schema>,
  partnershipId: PartnershipId,
  now: number,
): Promise<readonly OpenInvitation[]> {
  const rows = await openInvitations(db, now)
    .where("invitation.partnership_id", "=", partnershipId)
    .orderBy("invitation.created_at", "desc")
    .execute();
  return rows.map(invitationFrom);
}

/** Open invitations of one address to a partnership, of both sides. */
export async function openInvitationsTo(
  db: Kysely<Schema>,
  partnershipId: string,
  email: string,
  now: number,
): Promise<readonly OpenInvitation[]> {
  const rows = await openInvitations(db, now)
    .where("invitation.partnership_id", "=", partnershipId)
    .where("invitation.email", "=", email)
    .execute();
  return rows.map(invitationFrom);
}

/** Open invitations that somebody has made, in all partnerships. */
export async function openInvitationsBy(
  db: Kysely<Schema>,
  inviterId: string,
  now: number,
): Promise<readonly OpenInvitation[]> {
  const rows = await openInvitations(db, now).where("invitation.invited_by", "=", inviterId).execute();
  return rows.map(invitationFrom);
}

export type NewInvitation = {
  readonly id: string;
  readonly token: string;
  readonly partnershipId: string;
  readonly organisationId: string;
  readonly side: Side;
  readonly role: Role;
  readonly email: string;
  readonly invitedBy: string;
  readonly at: number;
  readonly expiresAt: number;
};

export async function insertInvitation(db: Kysely<Schema>, invitation: NewInvitation): Promise<void> {
  await db
    .insertInto("invitation")
    .values({
      id: invitation.id,
      token_hash: hashSecret(invitation.token),
      partnership_id: invitation.partnershipId,
      organisation_id: invitation.organisationId,
      side: invitation.side,
      role: invitation.role,
      email: invitation.email,
      invited_by: invitation.invitedBy,
      created_at: invitation.at,
      expires_at: invitation.expiresAt,
      accepted_at: null,
      revoked_at: null,
    })
    .execute();
}

/** What an invitation offered, to whom and by whom; undefined where there is none of that id. */
export function invitationById(db: Kysely<Schema>, id: string) {
  return db
    .selectFrom("invitation")
    .select(["partnership_id", "organisation_id", "side", "role", "email", "invited_by", "revoked_at"])
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Uses an invitation up. True for exactly one of those who try at once. */
export async function takeInvitation(db: Kysely<Schema>, id: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable("invitation")
    .set({ accepted_at: at })
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", at)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function revokeInvitationById(db: Kysely<Schema>, id: string, at: number): Promise<boolean> {
  const result = await db
    .updateTable("invitation")
    .set({ revoked_at: at })
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
