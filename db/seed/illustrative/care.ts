/**
 * Illustrative content: a second invented partnership, of a training provider and a
 * group of care homes, a few months into its work.
 */
import { h, p, quote, table, tasks, ul } from "../blocks.ts";
import type { InventedPartnership } from "./record.ts";
import { below, goOn, nameVersion, rewrite, sitting, tick, under } from "./script.ts";

const provider = "Saltersbrook Training";
const employer = "Hollin Court Homes";
const forum = "Wendlemoor Skills Forum";

export const care: InventedPartnership = {
  record: {
    slug: "saltersbrook-hollin-court",
    title: "Saltersbrook Training with Hollin Court Homes",
    sector: "Adult care",
    aim: "To prepare experienced care workers to lead a shift, without leaving the work they are good at.",
    background:
      "Hollin Court Homes promotes its best care workers and then loses them. Saltersbrook Training teaches team leading, mostly to people from offices. Neither was content.",
    intendedImpact: "Shift leaders who stay, and residents who are woken by somebody they know.",
    region: "Invented county of Fellmarch",
    contactLabel: "Team of the provider’s leader",
    startsOn: "2026-05-01",
    endsOn: null,
    state: "active",
    sourceText: "Illustrative content: every organisation, person and text here is invented.",
    organisations: [
      { name: provider, kind: "provider", side: "provider" },
      { name: employer, kind: "employer", side: "employer" },
      { name: forum, kind: "association", side: "intermediary", roleText: "Convenes the exchanges" },
    ],
  },
  people: {
    priya: {
      name: "Priya Nandakumar",
      jobTitle: "Director of Programmes",
      organisation: provider,
      side: "provider",
      role: "leader",
    },
    joel: {
      name: "Joel Strand",
      jobTitle: "Tutor, leadership in care",
      organisation: provider,
      side: "provider",
      role: "editor",
    },
    maureen: {
      name: "Maureen Tully",
      jobTitle: "Operations Director",
      organisation: employer,
      side: "employer",
      role: "leader",
    },
    femi: {
      name: "Femi Adeyinka",
      jobTitle: "Registered Manager, Hollin Court North",
      organisation: employer,
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
  },
  exchanges: [
    {
      title: "Why good carers leave when we promote them",
      startsAt: "2026-05-14T12:30",
      endsAt: "2026-05-14T14:30",
      venue: "Hollin Court North, day room",
      summary: "Three former shift leaders told both sides why they had stepped down.",
    },
    {
      title: "A shift, hour by hour",
      startsAt: "2026-07-16T12:30",
      endsAt: "2026-07-16T14:30",
      venue: "Saltersbrook Training",
      summary: "The plan now follows the clock of a shift instead of a list of topics.",
    },
  ],
  nextExchange: { title: "The first sixteen weeks", venue: "Hollin Court North, day room" },
  documents: [
    {
      kind: "curriculum_plan",
      title: "Leading a shift in care",
      createdBy: "priya",
      createdAt: "2026-05-18T09:00",
      story: [
        sitting(
          "priya",
          "2026-05-18T09:05",
          under(
            "Why this plan",
            p(
              "Our usual course for team leaders takes people out of work for eleven days and gives them a folder. At exchange 1 three people who had finished it, and stepped down within a year, told us what the folder had not held: how to tell a friend that she was late again, how to ring a daughter at midnight, and how to go home afterwards.",
            ),
          ),
        ),
        sitting(
          "femi",
          "2026-05-19T20:15",
          under(
            "Why this plan",
            p(
              "In my home nine shift leaders have left the role in three years. Two left care. The other seven went back to being carers, for less money, and told me they slept better. That is the number I would like this plan to change.",
            ),
          ),
        ),
        sitting(
          "joel",
          "2026-06-02T13:00",
          under(
            "Intent",
            p(
              "For twelve experienced carers from three homes, chosen by their colleagues and not only by their managers. At the end each leads a whole shift: takes the handover, sets out who does what, keeps it fair, deals with what nobody expected, and hands over in a way that lets them go home.",
            ),
          ),
          under(
            "Structure",
            h(3, "Unit 1: The first quarter of an hour"),
            p(
              "Three mornings. Taking a handover, asking the one question that was not answered, and sharing out the work aloud.",
            ),
            ul(
              "**LO1.1** Take a handover and restate it in two minutes so that the team can act on it.",
              "**LO1.2** Share out a shift’s work and say why it is shared so.",
            ),
          ),
        ),
        sitting(
          "maureen",
          "2026-06-04T07:30",
          rewrite(
            "chosen by their colleagues and not only by their managers",
            "chosen by their colleagues, with a manager’s agreement",
          ),
          under(
            "Work placement",
            p(
              "Nobody will be asked to study on a day off. Each learner has one paid morning a week for sixteen weeks, and the home is sent a relief carer whom the residents have met. We have costed it: it is less than we spent on advertising last year.",
            ),
          ),
        ),
        sitting(
          "femi",
          "2026-07-17T19:40",
          below(
            "Share out a shift’s work and say why",
            h(3, "Unit 2: The middle of the night"),
            p(
              "Four mornings, two of them nights. What to do when somebody falls, when somebody dies, and when two people need you at once. Taught by those who have been there, with the tutor beside them.",
            ),
            ul(
              "**LO2.1** Decide, with what is known at the time, whom to help first, and record why.",
              "**LO2.2** Tell a family by telephone what has happened, plainly and kindly.",
            ),
          ),
          under(
            "Line of sight",
            quote(
              "The first time you lead a night, somebody will ask you something you do not know. Say so, and say when you will know. That is most of it.",
            ),
          ),
        ),
        sitting(
          "joel",
          "2026-07-20T10:10",
          goOn("with the tutor beside them.", " Actors, and never residents, for the difficult calls."),
          under(
            "Assessment",
            p(
              "One whole shift, watched by a registered manager of another home and by the tutor, and talked through within a day. A learner may ask for it to be another shift, once, without giving a reason.",
            ),
            table(
              ["Unit", "Seen how", "By whom"],
              ["1", "Two handovers taken on the learner’s own floor", "Manager of the home"],
              ["2", "A telephone call with an actor; a night recorded in writing", "Tutor and manager"],
              ["Whole", "One shift", "Manager of another home, and tutor"],
            ),
          ),
        ),
        sitting(
          "priya",
          "2026-07-21T09:00",
          nameVersion("After exchange 2", "Follows the clock of a shift."),
        ),
        sitting(
          "maureen",
          "2026-09-03T08:10",
          under(
            "Risks",
            p(
              "That we fill the paid mornings with rota gaps as soon as winter comes. I have told the three managers that a cancelled morning is reported to me, with a date on which it is made good.",
            ),
          ),
          under(
            "Review",
            tasks(
              [false, "Relief carers named for each home (Maureen Tully)"],
              [false, "Actors booked for unit 2 (Joel Strand)"],
            ),
          ),
        ),
        sitting(
          "joel",
          "2026-09-24T15:30",
          tick("Actors booked for unit 2"),
          rewrite("Three mornings.", "Three mornings, on the floor and not in the office."),
        ),
      ],
    },
    {
      kind: "exchange_notes",
      title: "Exchange 2: A shift, hour by hour",
      createdBy: "joel",
      createdAt: "2026-07-14T09:00",
      exchange: 2,
      story: [
        sitting(
          "joel",
          "2026-07-16T12:40",
          under(
            "Who is here",
            ul("Provider: Priya Nandakumar, Joel Strand", "Employer: Maureen Tully, Femi Adeyinka"),
          ),
          under(
            "Agenda",
            p(
              "One wall, one roll of paper, twenty-four hours drawn along it. Each side wrote what it thought a shift leader does at each hour; then we read the other’s.",
            ),
          ),
        ),
        sitting(
          "femi",
          "2026-07-16T13:50",
          under(
            "Agenda",
            h(3, "What we decided"),
            ul("The plan follows the clock of a shift.", "Difficult calls are practised with actors."),
          ),
          under(
            "How it went",
            ul(
              "Provider: our list of topics did not survive ten minutes.",
              "Employer: I had forgotten how much happens at five in the morning.",
            ),
          ),
        ),
      ],
    },
  ],
};
