/**
 * Programmes and partnerships: the facts a record may hold and the rules they obey.
 * Who may change them is `access.ts`; storage is `db/queries/programme-writes.ts`.
 */
import { oneLine } from "./one-line.ts";
import { ok, type Result, refuse } from "./result.ts";
import { isSide, type Side } from "./sides.ts";

export const partnershipStates = [
  "proposed",
  "forming",
  "active",
  "paused",
  "writing_up",
  "closed",
  "archived",
] as const;
export type PartnershipState = (typeof partnershipStates)[number];

export const partnershipStateNames: Readonly<Record<PartnershipState, string>> = {
  proposed: "Proposed",
  forming: "Forming",
  active: "Active",
  paused: "Paused",
  writing_up: "Writing up",
  closed: "Closed",
  archived: "Archived",
};

export function isPartnershipState(text: unknown): text is PartnershipState {
  return typeof text === "string" && (partnershipStates as readonly string[]).includes(text);
}

export const organisationKinds = [
  "provider",
  "employer",
  "university",
  "awarding_body",
  "association",
  "funder",
  "authority",
  "charity",
] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** The kind most organisations of a side are; corrected later on the profile. */
export const usualKind: Readonly<Record<Side, OrganisationKind>> = {
  provider: "provider",
  employer: "employer",
  intermediary: "association",
  funder: "funder",
};

/** What a profile holds, in the order of its form. */
export const profileFieldNames = [
  "title",
  "state",
  "sector",
  "region",
  "aim",
  "background",
  "intended_impact",
  "sustainability",
  "contact_label",
  "starts_on",
  "ends_on",
] as const;
export type ProfileFieldName = (typeof profileFieldNames)[number];

export const nameLengthMax = 200;
export const proseLengthMax = 4000;

/**
 * The part of an address that names a record: lower-case words and hyphens, at most
 * 60 characters, never empty. `taken` are the slugs that exist; a number is added.
 */
export function slugFor(title: string, taken: ReadonlySet<string>): string {
  const words = title
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/g, "");
  const base = words === "" || words === "new" ? "record" : words;
  for (let n = 1; ; n += 1) {
    const slug = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(slug)) return slug;
  }
}

const isoDate = /^\d{4}-\d{2}-\d{2}$/;

/** An ISO date or nothing. Refuses `date-invalid` for 31 February as for "soon". */
export function parseDate(text: string, field: string): Result<string | null> {
  const trimmed = text.trim();
  if (trimmed === "") return ok(null);
  const time = isoDate.test(trimmed) ? Date.parse(`${trimmed}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== trimmed) {
    return refuse("date-invalid", {}, field);
  }
  return ok(trimmed);
}

/** One line of text. Refuses `empty-title` (or lets it be null when optional) and `text-too-long`. */
export function parseLine(
  text: string,
  field: string,
  options: { required: boolean },
): Result<string | null> {
  const line = oneLine(text);
  if (line === "") return options.required ? refuse("empty-title", {}, field) : ok(null);
  if (line.length > nameLengthMax) {
    return refuse("text-too-long", { max: nameLengthMax, length: line.length }, field);
  }
  return ok(line);
}

/** Several lines of text, or null when empty. Refuses `text-too-long`. */
export function parseProse(text: string, field: string): Result<string | null> {
  const prose = text.replace(/\r\n?/g, "\n").trim();
  if (prose.length > proseLengthMax) {
    return refuse("text-too-long", { max: proseLengthMax, length: prose.length }, field);
  }
  return ok(prose === "" ? null : prose);
}

export type OrganisationOnSide = { readonly name: string; readonly side: Side };

/**
 * The organisations of a new partnership, as pairs of name and side. Empty names are
 * left out. Refuses `sides-missing` unless there is at least one provider and one
 * employer (domain guide §2.2: both are needed before a partnership is active).
 */
export function parseOrganisations(
  names: readonly string[],
  sidesGiven: readonly string[],
): Result<readonly OrganisationOnSide[]> {
  const organisations: OrganisationOnSide[] = [];
  for (const [index, text] of names.entries()) {
    const name = parseLine(text, "organisation", { required: false });
    if (!name.ok) return name;
    if (name.value === null) continue;
    const side = sidesGiven[index];
    if (!isSide(side)) return refuse("wrong-side", {}, "organisation");
    if (organisations.some((other) => other.side === side && other.name === name.value)) continue;
    organisations.push({ name: name.value, side });
  }
  const has = (side: Side) => organisations.some((organisation) => organisation.side === side);
  if (!has("provider") || !has("employer")) return refuse("sides-missing", {}, "organisation");
  return ok(organisations);
}
