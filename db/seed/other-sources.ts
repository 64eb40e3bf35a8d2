/**
 * Four more public accounts of working together, one record and one page each. Only
 * what the accounts say; private persons are not named, a role stands in their place.
 */
import type { ProgrammeRecord } from "./record.ts";

export const otherSources: ProgrammeRecord = {
  slug: "public-accounts",
  title: "Other public accounts of collaboration",
  summary:
    "Four published accounts, beside the Two-Way Street, of employers and educators working together: social mobility in apprenticeships, placements with several employers, flexible working and career pathways, and a European development partnership. One page each, from the public record.",
  funder: null,
  convenor: null,
  startsOn: null,
  endsOn: null,
  isIllustrative: false,
  partnerships: [
    {
      slug: "open-university-pathway-group",
      title: "Open University and Pathway Group",
      sector: null,
      startsOn: null,
      endsOn: null,
      state: "closed",
      sourceText:
        "FE News: “Open University and Pathway Group working together in enabling social mobility in apprenticeships”.",
      organisations: [
        { name: "Open University", kind: "university", side: "provider" },
        {
          name: "Pathway Group",
          kind: "association",
          side: "intermediary",
          roleText: "Runs the Apprenticeship Diversity and Social Mobility Forum, which hosted the webinar",
        },
      ],
    },
    {
      slug: "movement-to-work",
      title: "Movement to Work",
      sector: null,
      startsOn: null,
      endsOn: null,
      state: "closed",
      sourceText: "Movement to Work: letter of its chief executive on collaboration.",
      organisations: [
        { name: "Movement to Work", kind: "charity", side: "intermediary" },
        {
          name: "BT",
          kind: "employer",
          side: "employer",
          roleText: "Led the programme of several employers",
        },
      ],
    },
    {
      slug: "flexible-working-career-pathways",
      title: "Flexible working and career pathways",
      sector: null,
      startsOn: null,
      endsOn: null,
      state: "closed",
      sourceText: "Published article “Social mobility through flexible working and training”.",
      organisations: [],
    },
    {
      slug: "progress-gb",
      title: "Progress GB",
      sector: null,
      aim: "To pilot and disseminate innovative approaches that support employers to overcome skill shortages by promoting inclusive work practices, and to address the needs of refugee and migrant workers to develop and adapt their skills for the UK labour market through lifelong learning.",
      background:
        "Refugees and migrant workers with skills, qualifications and experience are often only able to find low-skilled work with few opportunities for further development. Unemployment rates range between 75 and 90%.",
      intendedImpact:
        "An environment in which refugees and migrant workers are employed at their appropriate level.",
      startsOn: null,
      endsOn: null,
      state: "closed",
      sourceText: "EQUAL: partnership information of the Development Partnership Progress GB.",
      organisations: [
        {
          name: "NIACE",
          kind: "association",
          side: "intermediary",
          roleText: "Lead body",
        },
        {
          name: "Sheffield College",
          kind: "provider",
          side: "provider",
          roleText: "Partner, also of ASSET UK",
        },
      ],
    },
  ],
};
