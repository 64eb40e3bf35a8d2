/** The frame of a partnership: who it is and how much is in each place. */
import { actorInPartnership } from "../../db/queries/access.ts";
import {
  countsOf,
  type OrganisationOnPage,
  organisationsOf,
  type PartnershipCounts,
  partnershipForUser,
} from "../../db/queries/partnerships.ts";
import { may } from "../domain/access.ts";
import type { PartnershipId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type PartnershipNavView = {
  readonly id: PartnershipId;
  readonly slug: string;
  readonly title: string;
  readonly organisations: readonly OrganisationOnPage[];
  readonly counts: PartnershipCounts;
};

/**
 * Refuses `not-found` for every partnership that is not the asker's. For people who do
 * not read its texts, its documents are not counted either.
 */
export async function readPartnershipNav(
  services: Pick<Services, "db">,
  asker: Asker,
  input: { readonly slug: string },
): Promise<Result<PartnershipNavView>> {
  const partnership = await partnershipForUser(services.db, asker.userId, input.slug);
  if (partnership === null) return refuse("not-found");
  const actor = await actorInPartnership(services.db, asker.userId, partnership.id);
  if (actor === null) return refuse("not-found");
  const allowed = may(actor, "partnership.read", { partnershipId: partnership.id });
  if (!allowed.ok) return allowed;
  const readsTexts = may(actor, "document.read", { partnershipId: partnership.id }).ok;
  const counts = await countsOf(services.db, partnership.id);
  const organisations = await organisationsOf(services.db, [partnership.id]);
  return ok({
    id: partnership.id,
    slug: partnership.slug,
    title: partnership.title,
    organisations: organisations.get(partnership.id) ?? [],
    counts: readsTexts ? counts : { ...counts, plans: 0, caseStudies: 0, pages: 0, archived: 0 },
  });
}
