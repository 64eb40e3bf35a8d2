/**
 * Invites somebody by e-mail to one side of a partnership. The link goes to that address
 * and counts for it alone; a newer invitation to the same address replaces the older ones
 * that its maker may withdraw: what the other side has offered stays theirs to take back.
 * The same form sent twice makes one invitation and one letter.
 */
import { appendAudit } from "../../db/audit.ts";
import { actorInPartnership } from "../../db/queries/access.ts";
import { insertInvitation, invitationById, openInvitationsTo } from "../../db/queries/invitations.ts";
import { organisationsOf } from "../../db/queries/members.ts";
import { countTry } from "../../db/queries/rate-limits.ts";
import { isRole, may } from "../domain/access.ts";
import { plainEmail } from "../domain/emails.ts";
import { type InvitationId, isId, type PartnershipId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import { isSide } from "../domain/sides.ts";
import { invitationLetter } from "./letters.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";
import { withdrawInvitation } from "./withdraw-invitation.ts";

const day = 24 * 60 * 60_000;
/** How long an invitation counts, in milliseconds. */
export const invitationLifetime = 7 * day;
/** Letters one person may cause in a day: enough for a large college, too few for spam. */
const lettersADay = 100;

export type InviteMemberInput = {
  readonly partnershipId: string;
  readonly email: string;
  readonly organisationId: string;
  readonly side: string;
  readonly role: string;
  /** Drawn with the form: the invitation's own id. */
  readonly once?: string;
  readonly requestId?: string;
};

/**
 * Refuses `not-found`, `not-allowed`, `own-side-only`, `email-invalid`, `wrong-side`,
 * `wrong-role`, `organisation-missing`, `already-member`, `too-many-tries`, `mail-not-sent`.
 */
export async function inviteMember(
  services: Pick<Services, "db" | "now" | "newId" | "newToken" | "mail" | "instance">,
  asker: Asker,
  input: InviteMemberInput,
): Promise<Result<{ invitationId: InvitationId; email: string }>> {
  const { db } = services;
  const actor = isId(input.partnershipId)
    ? await actorInPartnership(db, asker.userId, input.partnershipId)
    : null;
  if (actor === null) return refuse("not-found");
  const partnershipId = input.partnershipId as PartnershipId;
  const general = may(actor, "members.manage", { partnershipId });
  if (!general.ok) return general;
  const { side, role } = input;
  if (!isSide(side)) return refuse("wrong-side", {}, "organisation");
  if (!isRole(role)) return refuse("wrong-role", {}, "role");
  const allowed = may(actor, "members.manage", { partnershipId, side, grants: role });
  if (!allowed.ok) return allowed;
  const email = plainEmail(input.email);
  if (email === null) return refuse("email-invalid", {}, "email");
  const organisations = await organisationsOf(db, partnershipId);
  const organisation = organisations.find((one) => one.id === input.organisationId && one.side === side);
  if (organisation === undefined) return refuse("organisation-missing", {}, "organisation");
  const member = await db
    .selectFrom("membership")
    .innerJoin("user", "user.id", "membership.user_id")
    .select("membership.id")
    .where("membership.partnership_id", "=", partnershipId)
    .where("membership.status", "=", "active")
    .where("user.email", "=", email)
    .executeTakeFirst();
  if (member !== undefined) return refuse("already-member", {}, "email");
  const now = services.now();
  if ((await countTry(db, `invite:${asker.userId}`, now, day)) > lettersADay)
    return refuse("too-many-tries", { minutes: 24 * 60 });

  let id = services.newId() as InvitationId;
  const token = services.newToken();
  const expiresAt = now + invitationLifetime;
  const change = { actorUserId: asker.userId, at: now, requestId: input.requestId };
  const names = await db.transaction().execute(async (transaction) => {
    // Once more, inside: who loses the right meanwhile leaves no invitation behind.
    const inviter = await actorInPartnership(transaction, asker.userId, partnershipId);
    if (inviter === null) return null;
    const still = may(inviter, "members.manage", { partnershipId, side, grants: role });
    if (!still.ok) return still;
    if (isId(input.once)) {
      const before = await invitationById(transaction, input.once);
      if (before === undefined) id = input.once as InvitationId;
      // Anything else is an old form filled with a new wish, or one whose letter was not sent.
      else if (
        isTheSame(before, { partnershipId, organisationId: organisation.id, side, role, email, asker })
      )
        return "made-before";
    }
    for (const older of await openInvitationsTo(transaction, partnershipId, email, now)) {
      if (!may(inviter, "members.manage", { partnershipId, side: older.side }).ok) continue;
      await withdrawInvitation(transaction, older, { ...change, after: { because: "replaced", by: id } });
    }
    await insertInvitation(transaction, {
      ...{ id, token, partnershipId, side, role, email, expiresAt },
      organisationId: organisation.id,
      invitedBy: asker.userId,
      at: now,
    });
    await appendAudit(transaction, {
      at: now,
      actorUserId: asker.userId,
      partnershipId,
      verb: "invitation.made",
      objectType: "invitation",
      objectId: id,
      after: { organisationId: organisation.id, side, role, expiresAt },
      requestId: input.requestId,
    });
    return transaction
      .selectFrom("partnership")
      .innerJoin("user", (join) => join.on("user.id", "=", asker.userId))
      .select(["partnership.title", "user.name"])
      .where("partnership.id", "=", partnershipId)
      .executeTakeFirstOrThrow();
  });
  if (names === null) return refuse("not-found");
  if (names === "made-before") return ok({ invitationId: input.once as InvitationId, email });
  if ("ok" in names) return names;
  const sent = await services.mail.send(
    invitationLetter(services.instance.publicUrl, {
      ...{ to: email, token, side, role, expiresAt },
      invitedBy: names.name,
      partnership: names.title,
      organisation: organisation.name,
    }),
  );
  if (!sent.ok) {
    // Nobody holds its link: an invitation that waits for nothing would only mislead.
    const letterless = { ...change, after: { because: "letter-not-sent" } };
    await db
      .transaction()
      .execute((transaction) => withdrawInvitation(transaction, { id, partnershipId }, letterless));
    return sent;
  }
  return ok({ invitationId: id, email });
}

/** Is this what was asked for before, and does it still count? */
function isTheSame(
  before: NonNullable<Awaited<ReturnType<typeof invitationById>>>,
  wish: {
    readonly partnershipId: PartnershipId;
    readonly organisationId: string;
    readonly side: string;
    readonly role: string;
    readonly email: string;
    readonly asker: Asker;
  },
): boolean {
  return (
    before.revoked_at === null &&
    before.partnership_id === wish.partnershipId &&
    before.organisation_id === wish.organisationId &&
    before.side === wish.side &&
    before.role === wish.role &&
    before.email === wish.email &&
    before.invited_by === wish.asker.userId
  );
}
