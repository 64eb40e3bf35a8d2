/**
 * The one page of every partnership that really existed: "From the public record".
 * It says what the published source says and names it. Nothing invented may stand here.
 */
import { type Block, h, p, table, ul } from "./blocks.ts";
import type { OrganisationRecord, PartnershipRecord, ProgrammeRecord } from "./record.ts";
import { twoWayStreet } from "./two-way-street.ts";

export const publicRecordTitle = "From the public record";

function named(organisation: OrganisationRecord): string {
  const more = [
    organisation.onBehalfOf ? `on behalf of ${organisation.onBehalfOf}` : "",
    organisation.roleText ? organisation.roleText.replace(/^P/, "p") : "",
    organisation.isPlaceholder ? "not named in the source" : "",
  ].filter((text) => text !== "");
  return more.length > 0 ? `${organisation.name} (${more.join("; ")})` : organisation.name;
}

function ofTheNine(programme: ProgrammeRecord, partnership: PartnershipRecord): readonly Block[] {
  const side = (name: string) => partnership.organisations.filter((one) => one.side === name).map(named);
  return [
    h(2, "The partnership"),
    table(
      ["What", "As published"],
      ["Education and training", side("provider").join("; ")],
      ["Employers", side("employer").join("; ")],
      ["Sector", partnership.sector ?? ""],
      ["Programme", programme.title],
      ["Dates", "February–October 2015"],
      ["Funder", programme.funder ?? ""],
      ["Funded and supported by", "Centre for Post-14 Education and Work"],
    ),
    h(2, "What all nine partnerships set out to do"),
    p(
      "The nine employer–provider partnerships involved large, small and medium-sized enterprises and tested out how such partnerships might work in practice. Their innovative feature was the focus on collaborative strategic leadership and on the co-design and co-delivery of education and training.",
    ),
    p(
      "The exchange meetings were intended to encourage and model genuine and sustained collaboration between employers and providers, and to give the leadership, management and governance of colleges and training providers a strong focus on a clear line of sight between learning and work.",
    ),
    h(2, "The four expertises"),
    p("Employers and educators were to bring together their respective expertise:"),
    ul("occupational", "business process", "curriculum", "pedagogic"),
    h(2, "Results, over all nine"),
    p(
      "Over a period of nine months and through the series of exchanges, leaders from business, education and training identified ways of working together to enhance productivity, employment and training opportunities in the local, regional and ultimately the national economy. A number of case studies, videos and supporting resources captured how they worked.",
    ),
    p("The source does not report what this partnership wrote or decided, so nothing is said about it here."),
  ];
}

const ofTheOthers: Readonly<Record<string, readonly Block[]>> = {
  "open-university-pathway-group": [
    h(2, "What is reported"),
    p(
      "The Open University published a whitepaper, “L&D’s role in enabling social mobility”. It defines what social mobility means in the workplace and highlights some of the hidden talent pools often missed by businesses and wider society.",
    ),
    p(
      "In support of it the university took part in a webinar, “Enabling Social Mobility in Apprenticeships”, hosted by the Apprenticeship Diversity and Social Mobility Forum, which The Pathway Group runs.",
    ),
    h(2, "Figures the account gives"),
    ul(
      "26% of the Open University’s undergraduates in the UK live in the 25% most deprived areas.",
      "77% had no previous higher education qualification on entry.",
      "37,000 declared a disability.",
    ),
    h(2, "Who spoke"),
    ul("Pathway Group", "Open University", "iungo Solutions", "Social Mobility Commission"),
    h(2, "Learners"),
    p(
      "Three case studies of learners were shared, from iungo Solutions, Kent Community Health NHS Foundation Trust and North Yorkshire Police. The account gives no details, so they are not named here.",
    ),
    h(2, "Equity"),
    p(
      "One speaker described equity as understanding the challenges each individual faces and making the playing field level, so that all start the race at the same level rather than at the same starting point.",
    ),
  ],
  "movement-to-work": [
    h(2, "What is reported"),
    p(
      "Movement to Work writes that employers, charities and training providers each make a positive impact, and that working together they can make a bigger one for young people who are stuck in the “no experience, no job” cycle. Much good work is done in silos, which makes it confusing for mentors and young people.",
    ),
    h(2, "Placements"),
    p(
      "Work with the Inclusive Economy Partnership, West Midlands Combined Authority, DWP and others: **over 1000 placements pledged, nearly 500 commenced**. The account gives these two figures as they stand, without exact counts.",
    ),
    h(2, "A programme with several employers"),
    ul(
      "BT piloted the programme in the West Midlands and then completed it in London, bringing mentoring, digital skills and employability support.",
      "A number of employers gave variety in the work placements.",
      "At the end, a recruitment fair and celebration brought in employers as diverse as Accenture, Diageo, BUPA, Morgan Sindall and the Civil Service.",
    ),
    h(2, "Next, as planned in the account"),
    p("More work in the West Midlands, and a beginning in the North East and North West."),
  ],
  "flexible-working-career-pathways": [
    h(2, "What is reported"),
    p(
      "The article reports on the Social Mobility Commission’s review, which uses a traffic light system for progress in four areas, including work. No area gets a green light; work gets a red one.",
    ),
    h(2, "What it asks of employers"),
    ul(
      "Invest in training and highlight career pathways for all workers, including those who work flexibly.",
      "Extend flexible working from recruitment to training and career progression all the way to the top.",
      "Signpost the next step: too many people are left in flexible jobs with little hope of progression, because the next step is not signposted or does not allow the flexibility they need.",
    ),
    h(2, "Childcare"),
    p(
      "Affordable, quality childcare that meets the needs of flexible working is described as too much of an afterthought.",
    ),
  ],
  "progress-gb": [
    h(2, "The development partnership"),
    table(
      ["What", "As published"],
      ["Lead body", "NIACE"],
      ["Round", "2"],
      ["Theme", "Lifelong learning and inclusive working practices"],
      ["Budget", "Over £5 million between 2004 and 2007"],
      ["End dates", "Action 2: June 2007. Action 3: December 2007"],
      ["Target groups", "Refugees, employers"],
      ["Beneficiaries", "Refugees"],
    ),
    h(2, "Objectives"),
    ul(
      "Promote inclusive work practices among employers and skill sectors, particularly where skills are short.",
      "Support employees from refugee and migrant communities, including learning opportunities to adapt and develop skills.",
      "Develop and pilot approaches to the accreditation of prior learning and work-based learning for those whose education and training took place outside the UK.",
      "Establish an online and telephone advice and information service in at least three languages new to the National Learning Advice Line.",
      "Pilot partnerships between employment agencies, employer organisations, trade unions, education providers and voluntary organisations.",
      "Train and raise awareness within mainstream organisations.",
      "Present positive images of the employment of refugees and migrants.",
      "Contribute to policy on integration, on the skill levels of adults and on the design of vocational education and training.",
    ),
    h(2, "Mainstreaming"),
    ul(
      "Process, national: UfI is developing a model so that the learndirect advice service can respond to changing language needs; work is under way with three languages: Farci [as published], Polish and African French.",
      "Practice, local: three mainstreaming networks, in Birmingham, in the East of England and in Plymouth.",
      "Practice, regional: effective practice embedded amongst partners at regional level.",
    ),
    h(2, "Origins"),
    p(
      "Progress GB emerged from ASSET UK, a Round 1 partnership working with asylum seekers and led by the Refugee Council. NIACE was a partner in it, and so was Sheffield College. The source lists nine outputs; their titles are not known here.",
    ),
  ],
};

/** The page of a partnership of the public record, ending in a paragraph as templates do. */
export function publicRecordPage(
  programme: ProgrammeRecord,
  partnership: PartnershipRecord,
): { readonly type: "doc"; readonly content: readonly Block[] } {
  const body =
    programme.slug === twoWayStreet.slug
      ? ofTheNine(programme, partnership)
      : (ofTheOthers[partnership.slug] ?? []);
  return {
    type: "doc",
    content: [
      p("Everything on this page is taken from the published source. Nothing has been added to it."),
      ...body,
      h(2, "Source"),
      p(partnership.sourceText),
    ],
  };
}
