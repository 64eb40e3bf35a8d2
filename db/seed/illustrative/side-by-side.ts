/**
 * Illustrative content: a programme of invented partnerships. It stands apart from the
 * records of real ones; every page that shows it carries the label (rulings 25).
 */
import type { ProgrammeRecord } from "../record.ts";
import { care } from "./care.ts";
import { dairyNotes } from "./dairy-notes.ts";
import { dairyOthers } from "./dairy-others.ts";
import { dairyPlan } from "./dairy-plan.ts";
import type { InventedPartnership } from "./record.ts";

const college = "Wendlemoor College";
const dairyName = "Brindlewick Dairies";
const forum = "Wendlemoor Skills Forum";
const trust = "The Lanternhouse Trust";

export const dairy: InventedPartnership = {
  record: {
    slug: "wendlemoor-brindlewick",
    title: "Wendlemoor College with Brindlewick Dairies",
    sector: "Food manufacturing and engineering",
    aim: "To write and teach, together, the first two years of a maintenance technician’s learning, so that nobody has to learn on a night shift what they could have learned in daylight.",
    background:
      "The dairy’s filling halls run around the clock. New technicians needed eight months before they could respond alone. The college had the hours and the workshop, the dairy the machines and the reasons.",
    intendedImpact:
      "Technicians who ask why it failed; stops whose cause is written down; places for people who did not apply before.",
    region: "Invented county of Fellmarch",
    contactLabel: "Office of the Vice-Principal, Curriculum",
    startsOn: "2026-02-01",
    endsOn: "2026-10-31",
    state: "active",
    sourceText: "Illustrative content: every organisation, person and text here is invented.",
    organisations: [
      { name: college, kind: "provider", side: "provider" },
      { name: dairyName, kind: "employer", side: "employer" },
      { name: forum, kind: "association", side: "intermediary", roleText: "Convenes the exchanges" },
      { name: trust, kind: "funder", side: "funder" },
    ],
  },
  people: {
    nadia: {
      name: "Nadia Rahmani",
      jobTitle: "Vice-Principal, Curriculum",
      organisation: college,
      side: "provider",
      role: "leader",
      isDemo: true,
    },
    tom: {
      name: "Tom Ellwood",
      jobTitle: "Head of Engineering",
      organisation: college,
      side: "provider",
      role: "editor",
    },
    sian: {
      name: "Siân Prosser",
      jobTitle: "Curriculum and Quality Manager",
      organisation: college,
      side: "provider",
      role: "editor",
    },
    gareth: {
      name: "Gareth Okoye",
      jobTitle: "Lecturer, maintenance engineering",
      organisation: college,
      side: "provider",
      role: "editor",
    },
    helen: {
      name: "Helen Mistry",
      jobTitle: "Head of Operations",
      organisation: dairyName,
      side: "employer",
      role: "leader",
      isDemo: true,
    },
    callum: {
      name: "Callum Braithwaite",
      jobTitle: "Engineering Manager",
      organisation: dairyName,
      side: "employer",
      role: "editor",
    },
    agnieszka: {
      name: "Agnieszka Lis",
      jobTitle: "Shift Lead, Maintenance",
      organisation: dairyName,
      side: "employer",
      role: "editor",
    },
    ruth: {
      name: "Ruth Abara",
      jobTitle: "Convenor",
      organisation: forum,
      side: "intermediary",
      role: "facilitator",
      isDemo: true,
    },
    owen: {
      name: "Owen Farrant",
      jobTitle: "Grants Officer",
      organisation: trust,
      side: "funder",
      role: "observer",
      isDemo: true,
    },
  },
  exchanges: [
    {
      title: "What a good technician does",
      startsAt: "2026-02-12T10:00",
      endsAt: "2026-02-12T12:30",
      venue: "Brindlewick Dairies, hall 1",
      summary: "One plan, in one document, written by both sides from the first line.",
    },
    {
      title: "The first draft, read aloud",
      startsAt: "2026-04-16T09:00",
      endsAt: "2026-04-16T11:30",
      venue: "Wendlemoor College, engineering workshop",
      summary: "Speed is taken out of fault-finding; figures are to be counted, not guessed.",
    },
    {
      title: "Order, hours and what counts",
      startsAt: "2026-06-11T09:00",
      endsAt: "2026-06-11T11:30",
      venue: "Brindlewick Dairies, hall 2 canteen",
      summary: "The order of the modules is settled; hours of both sides are counted.",
    },
    {
      title: "Who might be left out",
      startsAt: "2026-08-20T09:00",
      endsAt: "2026-08-20T11:30",
      venue: "Wendlemoor College",
      summary: "A sixth module, the twilight shift as an equal choice, and two learners in the room.",
    },
    {
      title: "Five weeks in",
      startsAt: "2026-10-15T09:00",
      endsAt: "2026-10-15T11:30",
      venue: "Brindlewick Dairies, line 3",
      summary: "The first cohort has started; the plan was read aloud by a leader of each side.",
    },
  ],
  documents: [
    {
      kind: "curriculum_plan",
      title: "Maintenance technician, years 1 and 2",
      createdBy: "nadia",
      createdAt: "2026-02-13T09:20",
      story: dairyPlan,
    },
    ...dairyOthers.slice(0, 1),
    ...dairyNotes,
    ...dairyOthers.slice(1),
  ],
};

export const inventedPartnerships: readonly InventedPartnership[] = [dairy, care];

export const sideBySide: ProgrammeRecord = {
  slug: "side-by-side",
  title: "Side by Side (illustrative)",
  summary:
    "Illustrative content: invented organisations and people show what a partnership looks like after some months of writing together. Nothing here describes anybody real.",
  funder: trust,
  convenor: forum,
  startsOn: "2026-02-01",
  endsOn: "2026-10-31",
  isIllustrative: true,
  partnerships: inventedPartnerships.map(({ record }) => record),
};
