/**
 * The nine Two-Way Street Leadership Exchange partnerships of 2015: the facts of the
 * public record and nothing else. Names, sectors and dates as the Institute of
 * Education's project page gives them; what it does not say stays empty.
 */
import type { OrganisationRecord, PartnershipRecord, ProgrammeRecord } from "./record.ts";

/** Where the facts of the nine come from, as shown on their pages. */
export const twoWayStreetSource =
  "UCL Institute of Education, Centre for Post-14 Education and Work: project page of the Two-Way Street Leadership Exchanges (February–October 2015).";

const provider = (name: string, more: Partial<OrganisationRecord> = {}): OrganisationRecord => ({
  name,
  kind: "provider",
  side: "provider",
  ...more,
});
const employer = (name: string, more: Partial<OrganisationRecord> = {}): OrganisationRecord => ({
  name,
  kind: "employer",
  side: "employer",
  ...more,
});

function partnership(
  slug: string,
  title: string,
  sector: string,
  organisations: readonly OrganisationRecord[],
): PartnershipRecord {
  return {
    slug,
    title,
    sector,
    startsOn: "2015-02-01",
    endsOn: "2015-10-31",
    state: "closed",
    sourceText: twoWayStreetSource,
    organisations,
  };
}

export const twoWayStreet: ProgrammeRecord = {
  slug: "two-way-street",
  title: "Two-Way Street Leadership Exchange",
  summary:
    "Nine employer–provider partnerships, involving large, small and medium-sized enterprises, tested how leaders from business and from education and training can plan, design and deliver vocational education and training together. Over nine months and a series of exchanges they focused on collaborative strategic leadership and on co-design and co-delivery, with a clear line of sight between learning and work.",
  funder: "Education and Training Foundation",
  convenor: "UCL Institute of Education, Centre for Post-14 Education and Work",
  startsOn: "2015-02-01",
  endsOn: "2015-10-31",
  isIllustrative: false,
  partnerships: [
    partnership(
      "barking-and-dagenham-rooff",
      "Barking and Dagenham College with Rooff Limited",
      "Construction",
      [provider("Barking and Dagenham College"), employer("Rooff Limited")],
    ),
    partnership("boston-th-clements", "Boston College with T.H.Clements", "Agribusiness", [
      provider("Boston College"),
      employer("T.H.Clements"),
    ]),
    partnership(
      "buxton-and-leek-derby",
      "Buxton and Leek College, University of Derby with various employers",
      "Logistics and Transport",
      [
        provider("Buxton and Leek College"),
        provider("University of Derby", { kind: "university" }),
        employer("Various employers", { isPlaceholder: true }),
      ],
    ),
    partnership(
      "ealing-city-and-guilds-mace-catalyst",
      "Ealing, Hammersmith and West London College and City and Guilds London Institute with Mace Construction and Catalyst Housing",
      "Construction",
      [
        provider("Ealing, Hammersmith and West London College"),
        provider("City and Guilds London Institute", { kind: "awarding_body" }),
        employer("Mace Construction"),
        employer("Catalyst Housing"),
      ],
    ),
    partnership(
      "fareport-theo-paphitis",
      "Fareport Training Organisation with Theo Paphitis Retail Group",
      "Retail",
      [provider("Fareport Training Organisation"), employer("Theo Paphitis Retail Group")],
    ),
    partnership(
      "kirklees-syngenta-nufarm",
      "Kirklees College with Syngenta and Nufarm",
      "Process Manufacturing",
      [provider("Kirklees College"), employer("Syngenta"), employer("Nufarm")],
    ),
    partnership(
      "swatpro-north-bristol-nhs",
      "South West Association of Training Providers (Swatpro) with the North Bristol National Health Service (NHS) Trust",
      "Health",
      [
        provider("South West Association of Training Providers (Swatpro)", { kind: "association" }),
        employer("North Bristol National Health Service (NHS) Trust"),
      ],
    ),
    partnership(
      "skills-company-hyde",
      "The Skills Company (on behalf of Engineering Futures) with The Hyde Group",
      "Engineering and Advanced Manufacturing",
      [
        provider("The Skills Company", {
          roleText: "Previously Skills Solutions",
          onBehalfOf: "Engineering Futures",
        }),
        employer("The Hyde Group"),
      ],
    ),
    partnership("wirral-unilever", "Wirral Metropolitan College with Unilever Ltd", "STEM Occupations", [
      provider("Wirral Metropolitan College"),
      employer("Unilever Ltd"),
    ]),
  ],
};
