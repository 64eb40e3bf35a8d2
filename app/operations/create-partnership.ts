/** An administrator brings a provider and an employer together in a programme. */
import { appendAudit } from "../../db/audit.ts";
import {
  addOrganisation,
  administratorFacts,
  insertPartnership,
  madeUnder,
  organisationNamed,
  programmeBySlug,
  takenSlugs,
} from "../../db/queries/programme-writes.ts";
import { mayRunProgrammes } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { parseLine, parseOrganisations, parseProse, slugFor, usualKind } from "../domain/partnership.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type PartnershipInput = {
  readonly programmeSlug: string;
  readonly title: string;
  readonly sector: string;
  readonly aim: string;
  /** Names and sides of the organisations, pair by pair; empty names are left out. */
  readonly organisationNames: readonly string[];
  readonly organisationSides: readonly string[];
  /** Drawn with the form: the partnership's own id, so that a form sent twice makes one. */
  readonly once?: string;
};

/**
 * Makes a partnership in state `forming` and answers its slug. Refuses
 * `administrators-only`, `not-found` (no such programme), `empty-title`,
 * `text-too-long`, `wrong-side` and `sides-missing`.
 */
export async function createPartnership(
  services: Pick<Services, "db" | "now" | "newId">,
  asker: Asker,
  input: PartnershipInput,
): Promise<Result<{ slug: string }>> {
  const facts = await administratorFacts(services.db, asker.userId);
  if (!facts) return refuse("signed-out");
  const allowed = mayRunProgrammes(facts);
  if (!allowed.ok) return allowed;
  const programme = await programmeBySlug(services.db, input.programmeSlug);
  if (!programme) return refuse("not-found");

  const title = parseLine(input.title, "title", { required: true });
  if (!title.ok) return title;
  const sector = parseLine(input.sector, "sector", { required: false });
  if (!sector.ok) return sector;
  const aim = parseProse(input.aim, "aim");
  if (!aim.ok) return aim;
  const organisations = parseOrganisations(input.organisationNames, input.organisationSides);
  if (!organisations.ok) return organisations;

  const at = services.now();
  return services.db.transaction().execute(async (trx) => {
    const made = isId(input.once) ? await madeUnder(trx, "partnership", input.once) : null;
    if (made !== null && made.title === title.value) return ok({ slug: made.slug });
    const id = made === null && isId(input.once) ? input.once : services.newId();
    // Asked inside the transaction: two people (or one who clicks twice) get two addresses.
    const slug = slugFor(title.value ?? "", await takenSlugs(trx, "partnership"));
    await insertPartnership(trx, {
      id,
      slug,
      programme_id: programme.id,
      title: title.value ?? "",
      sector: sector.value,
      region: null,
      aim: aim.value,
      background: null,
      intended_impact: null,
      sustainability: null,
      contact_label: null,
      starts_on: null,
      ends_on: null,
      source_text: null,
      state: "forming",
      is_illustrative: programme.is_illustrative,
      created_at: at,
    });
    for (const [position, organisation] of organisations.value.entries()) {
      const organisationId = await organisationNamed(trx, {
        name: organisation.name,
        kind: usualKind[organisation.side],
        isIllustrative: programme.is_illustrative === 1,
        newId: services.newId(),
        at,
      });
      await addOrganisation(trx, { partnershipId: id, organisationId, side: organisation.side, position });
    }
    await appendAudit(trx, {
      at,
      actorUserId: asker.userId,
      partnershipId: id,
      verb: "partnership.created",
      objectType: "partnership",
      objectId: id,
      after: { title: title.value, organisations: organisations.value },
    });
    return ok({ slug });
  });
}
