/**
 * Access: the only permission table (domain guide §2.5). `may` takes who asks, what
 * they want to do and the facts about what it is done to, and says yes or why not.
 * It reads no database: queries bring the facts, and put the actor into the query,
 * so that another partnership's object is simply not found.
 */

import type { PartnershipId, UserId } from "./ids.ts";
import { ok, type Result, refuse } from "./result.ts";
import type { Side } from "./sides.ts";

export const roles = ["leader", "facilitator", "editor", "commenter", "observer"] as const;
export type Role = (typeof roles)[number];

export const roleNames: Readonly<Record<Role, string>> = {
  leader: "Leader",
  facilitator: "Facilitator",
  editor: "Editor",
  commenter: "Commenter",
  observer: "Observer",
};

export function isRole(text: unknown): text is Role {
  return typeof text === "string" && (roles as readonly string[]).includes(text);
}

export type MembershipFacts = {
  readonly partnershipId: PartnershipId;
  readonly role: Role;
  readonly side: Side;
  readonly status: "active" | "left" | "suspended";
};

/** Who asks. `membership` is the one in the partnership of the subject, if any. */
export type Actor =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "user";
      readonly userId: UserId;
      readonly status: "active" | "suspended";
      readonly isProgrammeAdmin: boolean;
      readonly membership: MembershipFacts | null;
    };

export const actions = [
  "partnership.read",
  "partnership.edit-profile",
  "members.read",
  "members.manage",
  "document.list",
  "document.read",
  "document.write",
  "document.organise",
  "version.read",
  "version.name",
  "version.restore",
  "document.export",
  "image.add",
] as const;
export type Action = (typeof actions)[number];

/** What it is done to. Only the facts that decide. */
export type Subject = {
  readonly partnershipId: PartnershipId;
  /** For `members.manage`: the side of the member concerned. */
  readonly side?: Side;
  /** For `members.manage`: the role that is given, if one is. */
  readonly grants?: Role;
  /** For documents: archived documents are read, exported and brought back, not written. */
  readonly isArchived?: boolean;
  /** For documents: has a version of it been agreed by both sides? Observers read only those. */
  readonly hasAgreedVersion?: boolean;
};

type Row = Readonly<Record<Role | "admin", boolean>>;
const row = (
  leader: boolean,
  facilitator: boolean,
  editor: boolean,
  commenter: boolean,
  observer: boolean,
  admin: boolean,
): Row => ({
  leader,
  facilitator,
  editor,
  commenter,
  observer,
  admin,
});

/** One row per action: leader, facilitator, editor, commenter, observer, programme admin. */
export const permissionTable: Readonly<Record<Action, Row>> = {
  "partnership.read": row(true, true, true, true, true, true),
  "partnership.edit-profile": row(true, true, true, false, false, true),
  "members.read": row(true, true, true, true, true, true),
  "members.manage": row(true, true, false, false, false, true),
  "document.list": row(true, true, true, true, true, true),
  "document.read": row(true, true, true, true, true, true),
  "document.write": row(true, true, true, false, false, true),
  "document.organise": row(true, true, true, false, false, true),
  "version.read": row(true, true, true, true, true, true),
  "version.name": row(true, true, true, false, false, false),
  "version.restore": row(true, true, true, false, false, true),
  "document.export": row(true, true, true, false, false, true),
  "image.add": row(true, true, true, false, false, true),
};

const readsText: ReadonlySet<Action> = new Set(["document.read", "version.read", "document.export"]);
const changesText: ReadonlySet<Action> = new Set(["document.write", "version.restore", "image.add"]);

/**
 * May this actor do this? Refuses `signed-out`, `account-suspended`, `not-found` (no
 * active membership: the object's very existence is none of their business),
 * `observer-waits`, `own-side-only`, `document-archived` and `not-allowed`.
 */
export function may(actor: Actor, action: Action, subject: Subject): Result<null> {
  if (actor.kind !== "user") return refuse("signed-out");
  if (actor.status !== "active") return refuse("account-suspended");

  const membership = actor.membership;
  const isMember =
    membership !== null &&
    membership.status === "active" &&
    membership.partnershipId === subject.partnershipId;
  if (!isMember && actor.isProgrammeAdmin !== true) return refuse("not-found");

  const allowed = permissionTable[action];
  // `isRole` first: "admin" is a column of the table too, and no membership may claim it.
  const asMember = isMember && isRole(membership.role) && allowed[membership.role] === true;
  const asAdmin = actor.isProgrammeAdmin === true && allowed.admin;
  if (!asMember && !asAdmin) return refuse("not-allowed");

  if (!asAdmin && isMember) {
    if (membership.role === "observer" && readsText.has(action) && subject.hasAgreedVersion !== true) {
      return refuse("observer-waits");
    }
    if (action === "members.manage" && membership.role === "leader" && subject.side !== undefined) {
      if (subject.side !== membership.side) return refuse("own-side-only");
      // A facilitator manages both sides: a leader who could make one would reach across.
      if (subject.grants === "facilitator") return refuse("not-allowed");
    }
  }
  if (changesText.has(action) && subject.isArchived === true) return refuse("document-archived");
  return ok(null);
}

/**
 * May this person make programmes and partnerships? Administrators only: it is the one
 * right that belongs to no partnership. Refuses `account-suspended`, `administrators-only`.
 */
export function mayRunProgrammes(person: {
  readonly status: string;
  readonly isProgrammeAdmin: boolean;
}): Result<null> {
  if (person.status !== "active") return refuse("account-suspended");
  return person.isProgrammeAdmin === true ? ok(null) : refuse("administrators-only");
}

/**
 * The side that an actor's words count for: their membership's side, or none (▲) for
 * an administrator who is no member (rulings 21).
 */
export function sideOf(actor: Actor): Side | null {
  return actor.kind === "user" && actor.membership?.status === "active" ? actor.membership.side : null;
}
