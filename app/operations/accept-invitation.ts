/**
 * Joins a partnership by invitation. Looking uses nothing up; confirming does, once, even
 * when two hundred confirm together (promise S10). The invitation is bound to its
 * address: who is signed in under another one cannot take it.
 */
import { appendAudit } from "../../db/audit.ts";
import { invitationOfToken, type OpenInvitation, takeInvitation } from "../../db/queries/invitations.ts";
import { putMembership } from "../../db/queries/members.ts";
import type { Role } from "../domain/access.ts";
import type { UserId } from "../domain/ids.ts";
import { checkPassword } from "../domain/passwords.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Side } from "../domain/sides.ts";
import type { Database, Services } from "./services.ts";
import { signIn } from "./sign-in.ts";
import { type Browser, beginSession, type StartedSession, sessionBegun } from "./start-session.ts";
import { type PersonWords, parsePerson } from "./update-account.ts";

export type InvitationOffer = {
  readonly partnership: string;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  readonly invitedBy: string;
  readonly email: string;
  readonly expiresAt: number;
  /** What the page asks for: a click, the password of an account, or name and password. */
  readonly asks: "confirmation" | "password" | "account";
};

type Guest = { readonly userId: UserId; readonly email: string } | null;

/** Shows what a link offers, without using it up. Refuses `link-expired` and `link-other-person`. */
export async function readInvitation(
  services: Pick<Services, "db" | "now">,
  guest: Guest,
  input: { readonly token: string },
): Promise<Result<InvitationOffer>> {
  const found = await findInvitation(services, guest, input.token);
  if (!found.ok) return found;
  const { invitation, account } = found.value;
  const { organisation, side, role, invitedBy, email, expiresAt } = invitation;
  return ok({
    ...{ organisation, side, role, invitedBy, email, expiresAt },
    partnership: invitation.partnershipTitle,
    asks: guest !== null ? "confirmation" : account?.password_hash != null ? "password" : "account",
  });
}

export type AcceptInvitationInput = {
  readonly token: string;
  readonly name: string;
  readonly jobTitle: string;
  readonly password: string;
  readonly isSharedComputer: boolean;
  readonly network: string;
  readonly browser: Browser;
  readonly requestId?: string;
};

type Needed = Pick<Services, "db" | "now" | "newId" | "newToken" | "passwords" | "live">;
export type Joined = { readonly slug: string; readonly session: StartedSession };

/**
 * Refuses `link-expired`, `link-other-person`, `wrong-credentials`, `too-many-tries`, and
 * for a new account what `parsePerson` and `checkPassword` refuse.
 */
export async function acceptInvitation(
  services: Needed,
  guest: Guest,
  input: AcceptInvitationInput,
): Promise<Result<Joined>> {
  const found = await findInvitation(services, guest, input.token);
  if (!found.ok) return found;
  const { invitation, account } = found.value;
  const { slug, browser, isSharedComputer } = { slug: invitation.partnershipSlug, ...input };
  /** Joins and signs in, both or neither: a link that is used up has done all it was for. */
  const enter = async (userId: UserId, account: NewAccount | null): Promise<Result<Joined>> => {
    const joined = await join(services, invitation, userId, account, input.requestId, (transaction) =>
      beginSession(transaction, services, userId, browser, isSharedComputer),
    );
    return joined.ok ? ok({ slug, session: sessionBegun(services, joined.value) }) : joined;
  };

  if (guest !== null) return enter(guest.userId, null);
  if (account?.password_hash != null) {
    // Through the same door as everybody: its limits hold here too.
    const { password, network } = input;
    const session = await signIn(services, {
      ...{ email: invitation.email, password, network, browser, isSharedComputer },
    });
    if (!session.ok) return session;
    const joined = await join(
      services,
      invitation,
      account.id as UserId,
      null,
      input.requestId,
      async () => null,
    );
    if (!joined.ok) return joined;
    return ok({ slug, session: session.value });
  }
  const person = parsePerson(input);
  if (!person.ok) return person;
  const fit = checkPassword(input.password, [invitation.email, person.value.name]);
  if (!fit.ok) return fit;
  const hash = await services.passwords.hash(input.password);
  const userId = (account?.id ?? services.newId()) as UserId;
  return enter(userId, { ...person.value, hash });
}

async function findInvitation(services: Pick<Services, "db" | "now">, guest: Guest, token: string) {
  const invitation = await invitationOfToken(services.db, token, services.now());
  if (invitation === null) return refuse("link-expired");
  if (guest !== null && guest.email !== invitation.email) return refuse("link-other-person");
  const account = await services.db
    .selectFrom("user")
    .select(["id", "password_hash", "status"])
    .where("email", "=", invitation.email)
    .executeTakeFirst();
  if (account !== undefined && account.status !== "active") return refuse("account-suspended");
  return ok({ invitation, account: account ?? null });
}

type NewAccount = PersonWords & { readonly hash: string };

/**
 * All or nothing: takes the invitation, makes the account where there is none, and the
 * membership; `also` is done with them.
 */
async function join<Also>(
  services: Needed,
  invitation: OpenInvitation,
  userId: UserId,
  account: NewAccount | null,
  requestId: string | undefined,
  also: (transaction: Database) => Promise<Also>,
): Promise<Result<Also>> {
  const at = services.now();
  const { partnershipId, side, role, organisationId } = invitation;
  const joined = await services.db.transaction().execute(async (transaction: Database) => {
    if (account !== null) {
      // Made meanwhile, by another invitation: its password is not ours to set.
      const made = await transaction
        .selectFrom("user")
        .select("id")
        .where("email", "=", invitation.email)
        .where("password_hash", "is not", null)
        .executeTakeFirst();
      if (made !== undefined) return refuse("email-taken");
    }
    if (!(await takeInvitation(transaction, invitation.id, at))) return refuse("link-expired");
    if (account !== null) {
      const words = { name: account.name, job_title: account.jobTitle, password_hash: account.hash };
      await transaction
        .insertInto("user")
        .values({
          ...{ id: userId, email: invitation.email, ...words, created_at: at },
          ...{ status: "active", kind: "person", is_programme_admin: 0, is_demo: 0 },
        })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(words))
        .execute();
    }
    const membershipId = await putMembership(transaction, {
      ...{ id: services.newId(), partnershipId, userId, organisationId, side, role, at },
    });
    await appendAudit(transaction, {
      at,
      actorUserId: userId,
      partnershipId,
      verb: "membership.joined",
      objectType: "membership",
      objectId: membershipId,
      after: { role, side, organisationId, invitationId: invitation.id },
      requestId,
    });
    return ok(await also(transaction));
  });
  if (joined.ok) services.live.rightsChanged({ userId, partnershipId });
  return joined;
}
