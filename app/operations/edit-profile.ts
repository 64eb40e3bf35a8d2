/** Either side keeps the partnership's profile: what it is for, since when, in what state. */
import { appendAudit } from "../../db/audit.ts";
import { actorInPartnership } from "../../db/queries/access.ts";
import { type ProfileFields, profileBySlug, updateProfile } from "../../db/queries/programme-writes.ts";
import { may } from "../domain/access.ts";
import type { PartnershipId } from "../domain/ids.ts";
import { isPartnershipState, parseDate, parseLine, parseProse } from "../domain/partnership.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
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

/** The profile as a form shows it. Refuses `not-found` and `not-allowed`. */
export async function readProfile(
  services: Pick<Services, "db">,
  asker: Asker,
  slug: string,
): Promise<Result<Profile>> {
  const found = await profileFor(services, asker, slug);
  return found.ok ? ok(found.value.profile) : found;
}

/**
 * Replaces the profile. Refuses `not-found`, `not-allowed`, `empty-title`,
 * `text-too-long`, `date-invalid`, `dates-reversed` and `wrong-kind` (of state).
 */
export async function editProfile(
  services: Pick<Services, "db" | "now">,
  asker: Asker,
  slug: string,
  input: ProfileInput,
): Promise<Result<null>> {
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
  if (startsOn.value && endsOn.value && endsOn.value < startsOn.value) {
    return refuse("dates-reversed", {}, "ends_on");
  }
  if (!isPartnershipState(input.state)) return refuse("wrong-kind", {}, "state");

  const next: ProfileFields = {
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
  const { slug: _slug, isIllustrative: _isIllustrative, ...before } = found.value.profile;
  await services.db.transaction().execute(async (trx) => {
    await updateProfile(trx, found.value.id, next);
    await appendAudit(trx, {
      at: services.now(),
      actorUserId: asker.userId,
      partnershipId: found.value.id,
      verb: "partnership.profile-changed",
      objectType: "partnership",
      objectId: found.value.id,
      before,
      after: next,
    });
  });
  return ok(null);
}
