/**
 * Either side keeps the partnership's profile: what it is for, since when, in what state.
 * Both sides may have the form open at once. Each field is judged against the text its
 * writer saw: what they left alone stays as the other side made it, and where both
 * changed the same field nothing is stored until they have seen the other's text.
 */
import { createHash } from "node:crypto";
import { appendAudit } from "../../db/audit.ts";
import { actorInPartnership } from "../../db/queries/access.ts";
import { type ProfileFields, profileBySlug, updateProfile } from "../../db/queries/programme-writes.ts";
import { may } from "../domain/access.ts";
import type { PartnershipId } from "../domain/ids.ts";
import {
  isPartnershipState,
  type ProfileFieldName,
  parseDate,
  parseLine,
  parseProse,
  profileFieldNames,
} from "../domain/partnership.ts";
import { ok, type Refused, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type ProfileInput = {
  readonly title: string;
  readonly sector: string;
  readonly region: string;
  readonly aim: string;
  readonly background: string;
  readonly intendedImpact: string;
  readonly sustainability: string;
  readonly contactLabel: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly state: string;
};

/** A fingerprint for each field of the text that the form showed. */
export type SeenProfile = Readonly<Record<ProfileFieldName, string>>;

/** Both changed the same fields: what is stored in them now, and how the form may overwrite it. */
export type ProfileConflict = Refused & {
  readonly theirs: Readonly<Partial<Record<ProfileFieldName, string>>>;
  readonly seen: Readonly<Record<string, string>>;
};

const proseNames: ReadonlySet<ProfileFieldName> = new Set([
  "aim",
  "background",
  "intended_impact",
  "sustainability",
]);

/** Of the text as parsing leaves it: browsers send other line ends and blanks than they were given. */
function fingerprint(name: ProfileFieldName, stored: string | null): string {
  const text = stored ?? "";
  const plain = proseNames.has(name) ? text.replace(/\r\n?/g, "\n") : text.replace(/\s+/g, " ");
  return createHash("sha256").update(plain.trim()).digest("hex").slice(0, 32);
}

function seenIn(fields: ProfileFields): SeenProfile {
  return Object.fromEntries(
    profileFieldNames.map((name) => [name, fingerprint(name, fields[name])]),
  ) as SeenProfile;
}

export type Profile = ProfileFields & { readonly slug: string; readonly isIllustrative: boolean };

async function profileFor(
  services: Pick<Services, "db">,
  asker: Asker,
  slug: string,
): Promise<Result<{ id: PartnershipId; profile: Profile }>> {
  const found = await profileBySlug(services.db, slug);
  const actor = found ? await actorInPartnership(services.db, asker.userId, found.id) : null;
  if (!found || !actor) return refuse("not-found");
  const partnershipId = found.id as PartnershipId;
  const allowed = may(actor, "partnership.edit-profile", { partnershipId });
  if (!allowed.ok) return allowed;
  const { id: _id, is_illustrative, ...fields } = found;
  return ok({ id: partnershipId, profile: { ...fields, isIllustrative: is_illustrative === 1 } });
}

/** The profile as a form shows it, with what `editProfile` needs to know of it. Refuses `not-found` and `not-allowed`. */
export async function readProfile(
  services: Pick<Services, "db">,
  asker: Asker,
  slug: string,
): Promise<Result<Profile & { readonly seen: SeenProfile }>> {
  const found = await profileFor(services, asker, slug);
  if (!found.ok) return found;
  const { profile } = found.value;
  return ok({ ...profile, seen: seenIn(profile) });
}

/**
 * Stores the fields that differ from what their writer saw. Refuses `not-found`,
 * `not-allowed`, `empty-title`, `text-too-long`, `date-invalid`, `dates-reversed`,
 * `wrong-kind` (of state), and `stale-base` with the other's texts where both changed one
 * field: nothing is stored then. A field without a fingerprint counts as seen never.
 */
export async function editProfile(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  slug: string,
  input: ProfileInput,
  seen: Readonly<Record<string, string>>,
): Promise<Result<null> | ProfileConflict> {
  const found = await profileFor(services, asker, slug);
  if (!found.ok) return found;

  const title = parseLine(input.title, "title", { required: true });
  if (!title.ok) return title;
  const lines = { sector: input.sector, region: input.region, contact_label: input.contactLabel };
  const prose = {
    aim: input.aim,
    background: input.background,
    intended_impact: input.intendedImpact,
    sustainability: input.sustainability,
  };
  const fields: Record<string, string | null> = {};
  for (const [name, text] of Object.entries(lines)) {
    const line = parseLine(text, name, { required: false });
    if (!line.ok) return line;
    fields[name] = line.value;
  }
  for (const [name, text] of Object.entries(prose)) {
    const parsed = parseProse(text, name);
    if (!parsed.ok) return parsed;
    fields[name] = parsed.value;
  }
  const startsOn = parseDate(input.startsOn, "starts_on");
  if (!startsOn.ok) return startsOn;
  const endsOn = parseDate(input.endsOn, "ends_on");
  if (!endsOn.ok) return endsOn;
  if (!isPartnershipState(input.state)) return refuse("wrong-kind", {}, "state");

  const typed: ProfileFields = {
    title: title.value ?? "",
    sector: fields["sector"] ?? null,
    region: fields["region"] ?? null,
    aim: fields["aim"] ?? null,
    background: fields["background"] ?? null,
    intended_impact: fields["intended_impact"] ?? null,
    sustainability: fields["sustainability"] ?? null,
    contact_label: fields["contact_label"] ?? null,
    starts_on: startsOn.value,
    ends_on: endsOn.value,
    state: input.state,
  };
  return services.db.transaction().execute(async (trx) => {
    // Read again inside: somebody may have stored theirs since the form was judged.
    const fresh = await profileFor({ db: trx }, asker, slug);
    if (!fresh.ok) return fresh;
    const { slug: _slug, isIllustrative: _isIllustrative, ...before } = fresh.value.profile;
    const stored = seenIn(before);
    const mine = seenIn(typed);
    const changed = profileFieldNames.filter((name) => mine[name] !== seen[name]);
    const both = changed.filter((name) => stored[name] !== seen[name] && stored[name] !== mine[name]);
    if (both.length > 0) {
      const of = <V>(value: (name: ProfileFieldName) => V) =>
        Object.fromEntries(both.map((name) => [name, value(name)]));
      const refused = refuse("stale-base", {}, both[0]);
      // The other fields keep their old fingerprint: sending again must not revert them.
      return {
        ...refused,
        theirs: of((name) => before[name] ?? ""),
        seen: { ...seen, ...of((n) => stored[n]) },
      };
    }
    const after: ProfileFields = {
      ...before,
      ...Object.fromEntries(changed.map((name) => [name, typed[name]])),
    };
    if (after.starts_on && after.ends_on && after.ends_on < after.starts_on) {
      return refuse("dates-reversed", {}, "ends_on");
    }
    await updateProfile(trx, fresh.value.id, after);
    await appendAudit(trx, {
      at: services.now(),
      actorUserId: asker.userId,
      partnershipId: fresh.value.id,
      verb: "partnership.profile-changed",
      objectType: "partnership",
      objectId: fresh.value.id,
      before,
      after,
    });
    return ok(null);
  });
}
