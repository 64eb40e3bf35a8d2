/**
 * Writes programmes, organisations and partnerships of the demonstration data. Ids
 * come from names, and what is there already is left alone, so that a second load
 * changes nothing.
 */
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import { demoId, type PartnershipRecord, type ProgrammeRecord } from "./record.ts";

export const partnershipIdOf = (partnership: Pick<PartnershipRecord, "slug">) =>
  demoId(`partnership ${partnership.slug}`);
export const organisationIdOf = (name: string) => demoId(`organisation ${name}`);

/** Inserts one programme with everything below it except documents and people. */
export async function loadProgramme(
  db: Kysely<Schema>,
  programme: ProgrammeRecord,
  at: number,
): Promise<void> {
  const isIllustrative = programme.isIllustrative ? 1 : 0;
  const programmeId = demoId(`programme ${programme.slug}`);
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto("programme")
      .values({
        id: programmeId,
        slug: programme.slug,
        title: programme.title,
        summary: programme.summary,
        funder: programme.funder,
        convenor: programme.convenor,
        starts_on: programme.startsOn,
        ends_on: programme.endsOn,
        is_illustrative: isIllustrative,
        created_at: at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    for (const partnership of programme.partnerships) {
      await transaction
        .insertInto("partnership")
        .values({
          id: partnershipIdOf(partnership),
          slug: partnership.slug,
          programme_id: programmeId,
          title: partnership.title,
          sector: partnership.sector,
          region: partnership.region ?? null,
          aim: partnership.aim ?? null,
          background: partnership.background ?? null,
          intended_impact: partnership.intendedImpact ?? null,
          sustainability: null,
          contact_label: partnership.contactLabel ?? null,
          starts_on: partnership.startsOn,
          ends_on: partnership.endsOn,
          source_text: partnership.sourceText,
          state: partnership.state,
          is_illustrative: isIllustrative,
          created_at: at,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const positions = new Map<string, number>();
      for (const organisation of partnership.organisations) {
        // A placeholder stands for organisations nobody named: one of its own per partnership.
        const id = organisation.isPlaceholder
          ? demoId(`placeholder ${partnership.slug} ${organisation.name}`)
          : organisationIdOf(organisation.name);
        await transaction
          .insertInto("organisation")
          .values({
            id,
            name: organisation.name,
            kind: organisation.kind,
            sector: null,
            is_placeholder: organisation.isPlaceholder ? 1 : 0,
            is_illustrative: isIllustrative,
            created_at: at,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const position = positions.get(organisation.side) ?? 0;
        positions.set(organisation.side, position + 1);
        await transaction
          .insertInto("partnership_org")
          .values({
            partnership_id: partnershipIdOf(partnership),
            organisation_id: id,
            side: organisation.side,
            role_text: organisation.roleText ?? null,
            on_behalf_of: organisation.onBehalfOf ?? null,
            position,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    }
  });
}
