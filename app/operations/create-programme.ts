/** An administrator starts a programme: a series of partnerships with one purpose. */
import { appendAudit } from "../../db/audit.ts";
import {
  administratorFacts,
  insertProgramme,
  madeUnder,
  takenSlugs,
} from "../../db/queries/programme-writes.ts";
import { mayRunProgrammes } from "../domain/access.ts";
import { isId } from "../domain/ids.ts";
import { parseDate, parseLine, parseProse, slugFor } from "../domain/partnership.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type ProgrammeInput = {
  readonly title: string;
  readonly summary: string;
  readonly funder: string;
  readonly convenor: string;
  readonly startsOn: string;
  readonly endsOn: string;
  /** Drawn with the form: the programme's own id, so that a form sent twice makes one. */
  readonly once?: string;
};

/**
 * Makes a programme and answers its slug. Refuses `administrators-only`,
 * `empty-title`, `text-too-long`, `date-invalid` and `dates-reversed`.
 */
export async function createProgramme(
  services: Pick<Services, "db" | "now" | "newId">,
  asker: Asker,
  input: ProgrammeInput,
): Promise<Result<{ slug: string }>> {
  const facts = await administratorFacts(services.db, asker.userId);
  if (!facts) return refuse("signed-out");
  const allowed = mayRunProgrammes(facts);
  if (!allowed.ok) return allowed;

  const title = parseLine(input.title, "title", { required: true });
  if (!title.ok) return title;
  const summary = parseProse(input.summary, "summary");
  if (!summary.ok) return summary;
  const funder = parseLine(input.funder, "funder", { required: false });
  if (!funder.ok) return funder;
  const convenor = parseLine(input.convenor, "convenor", { required: false });
  if (!convenor.ok) return convenor;
  const startsOn = parseDate(input.startsOn, "startsOn");
  if (!startsOn.ok) return startsOn;
  const endsOn = parseDate(input.endsOn, "endsOn");
  if (!endsOn.ok) return endsOn;
  if (startsOn.value && endsOn.value && endsOn.value < startsOn.value) {
    return refuse("dates-reversed", {}, "endsOn");
  }

  const at = services.now();
  return services.db.transaction().execute(async (trx) => {
    const made = isId(input.once) ? await madeUnder(trx, "programme", input.once) : null;
    if (made !== null && made.title === title.value) return ok({ slug: made.slug });
    const id = made === null && isId(input.once) ? input.once : services.newId();
    // Asked inside the transaction: two people (or one who clicks twice) get two addresses.
    const slug = slugFor(title.value ?? "", await takenSlugs(trx, "programme"));
    await insertProgramme(trx, {
      id,
      slug,
      title: title.value ?? "",
      summary: summary.value ?? "",
      funder: funder.value,
      convenor: convenor.value,
      starts_on: startsOn.value,
      ends_on: endsOn.value,
      is_illustrative: 0,
      created_at: at,
    });
    await appendAudit(trx, {
      at,
      actorUserId: asker.userId,
      partnershipId: null,
      verb: "programme.created",
      objectType: "programme",
      objectId: id,
      after: { title: title.value },
    });
    return ok({ slug });
  });
}
