/**
 * Ids. Every object has a random UUID v4 (domain guide: exported frameworks accept
 * only UUID versions 1 to 5). They are branded, so that a version's id cannot be
 * handed over where a document's is wanted.
 */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type UserId = Id<"user">;
export type OrganisationId = Id<"organisation">;
export type ProgrammeId = Id<"programme">;
export type PartnershipId = Id<"partnership">;
export type MembershipId = Id<"membership">;
export type InvitationId = Id<"invitation">;
export type MeetingId = Id<"meeting">;
export type DocumentId = Id<"document">;
export type VersionId = Id<"version">;
export type ImageId = Id<"image">;
/** Public name of a session, safe to show in a list; never the cookie's secret. */
export type SessionId = Id<"session">;
/** Documents that share Yjs item ids (a document and its working drafts) share a lineage. */
export type LineageId = Id<"lineage">;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Is this text a UUID in lower case? Route parameters are tested before they reach a query. */
export function isId(text: unknown): text is string {
  return typeof text === "string" && uuid.test(text);
}
