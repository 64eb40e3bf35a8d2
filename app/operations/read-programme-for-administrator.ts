/** The programme an administrator is about to add a partnership to. */
import { administratorFacts, programmeBySlug } from "../../db/queries/programme-writes.ts";
import { mayRunProgrammes } from "../domain/access.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Title and slug. Refuses `administrators-only` and `not-found`. */
export async function readProgrammeForAdministrator(
  services: Pick<Services, "db">,
  asker: Asker,
  slug: string,
): Promise<Result<{ slug: string; title: string }>> {
  const facts = await administratorFacts(services.db, asker.userId);
  if (!facts) return refuse("signed-out");
  const allowed = mayRunProgrammes(facts);
  if (!allowed.ok) return allowed;
  const programme = await programmeBySlug(services.db, slug);
  return programme ? ok({ slug: programme.slug, title: programme.title }) : refuse("not-found");
}
