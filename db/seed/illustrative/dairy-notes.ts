/** Illustrative content: notes of the five exchanges of the invented college and dairy. */
import { h, ol, p, tasks, ul } from "../blocks.ts";
import type { InventedDocument } from "./record.ts";
import { goOn, nameVersion, rewrite, sitting, tick, under } from "./script.ts";

const here = "Who is here";
const arising = "Matters arising";
const agenda = "Agenda";
const walk = "Line-of-sight walk";
const changes = "Changes to the plan";
const next = "Next exchange";
const how = "How it went";

export const dairyNotes: readonly InventedDocument[] = [
  {
    kind: "exchange_notes",
    title: "Exchange 1: What a good technician does",
    createdBy: "ruth",
    createdAt: "2026-02-06T10:00",
    exchange: 1,
    story: [
      sitting(
        "ruth",
        "2026-02-06T10:05",
        under(
          agenda,
          ol(
            "What each side hopes for, five minutes each, no replies (Ruth Abara, to inform)",
            "What a good technician does: shift leads first (Helen Mistry, to discuss)",
            "One plan or two: how we will write (Nadia Rahmani, to decide)",
          ),
        ),
      ),
      sitting(
        "ruth",
        "2026-02-12T10:05",
        under(
          here,
          ul(
            "Provider: Nadia Rahmani, Tom Ellwood, Siân Prosser",
            "Employer: Helen Mistry, Callum Braithwaite, Agnieszka Lis",
            "Apologies: Gareth Okoye, who was teaching",
          ),
        ),
      ),
      sitting(
        "agnieszka",
        "2026-02-12T11:20",
        under(
          walk,
          p(
            "We stood at line 3 for twenty minutes at shift change. The college saw what I wanted them to see: two technicians swapped a sensor that was not broken, because nobody had asked the operator, and the line ran again for reasons nobody could name.",
          ),
        ),
      ),
      sitting(
        "nadia",
        "2026-02-12T12:10",
        under(
          agenda,
          h(3, "What we decided"),
          ul(
            "One plan, one document, written by both sides from the first line.",
            "Shift leads describe the work; lecturers describe the teaching; either may question the other in the text.",
          ),
          h(3, "Who does what by when"),
          tasks(
            [
              false,
              "First paragraphs of “Why this plan”, from both sides, within a week (Nadia Rahmani, Helen Mistry)",
            ],
            [false, "Duties as they are run on site (Callum Braithwaite)"],
            [false, "Two days on shift for a lecturer (Gareth Okoye)"],
          ),
        ),
      ),
      sitting(
        "helen",
        "2026-02-12T12:25",
        under(
          how,
          ul(
            "Provider: we talked less than we usually do, which helped.",
            "Employer: the walk should come first next time, not last.",
          ),
        ),
        under(next, p("Thursday 16 April at the college, in the workshop rather than the boardroom.")),
      ),
    ],
  },
  {
    kind: "exchange_notes",
    title: "Exchange 2: The first draft, read aloud",
    createdBy: "ruth",
    createdAt: "2026-04-09T09:00",
    exchange: 2,
    story: [
      sitting(
        "ruth",
        "2026-04-09T09:10",
        under(
          arising,
          tasks(
            [true, "First paragraphs of “Why this plan”, from both sides"],
            [true, "Duties as they are run on site"],
            [false, "Two days on shift for a lecturer"],
          ),
        ),
        under(
          agenda,
          ol(
            "The first full draft, read aloud in turns (all, to discuss)",
            "Twenty minutes to find a fault: right or wrong? (Callum Braithwaite, to decide)",
            "How many hours each side can promise (Helen Mistry, to decide)",
          ),
        ),
      ),
      sitting(
        "gareth",
        "2026-04-16T09:35",
        under(
          here,
          ul(
            "Provider: Nadia Rahmani, Tom Ellwood, Siân Prosser, Gareth Okoye",
            "Employer: Helen Mistry, Callum Braithwaite",
            "Joining from site: Agnieszka Lis, until eleven",
          ),
        ),
        tick("Two days on shift for a lecturer"),
      ),
      sitting(
        "callum",
        "2026-04-16T10:50",
        under(
          walk,
          p(
            "In the workshop we watched four learners find a fault on the old rig. All four found it. Three could not say afterwards why that part had failed. We think the rig taught them to win and not to look.",
          ),
        ),
      ),
      sitting(
        "tom",
        "2026-04-16T11:40",
        under(
          agenda,
          h(3, "What we decided"),
          ul(
            "Outcome 3.3 loses its twenty minutes; a method that an observer can follow takes their place.",
            "Every claim about stops in the plan is checked against records before exchange 3.",
            "The route to reliability engineer is to be open to part-time staff; the dairy comes back with what would have to change.",
          ),
          h(3, "Who does what by when"),
          tasks(
            [false, "Six weeks of stop records, counted together (Helen Mistry, Tom Ellwood)"],
            [false, "Build the new fault rig with faults from the dairy (Gareth Okoye, Callum Braithwaite)"],
          ),
        ),
      ),
      sitting(
        "nadia",
        "2026-04-16T12:05",
        under(
          changes,
          ul(
            "Why this plan: figures to be replaced by counted ones.",
            "Module 3: LO3.3.",
            "Work it leads to: next steps added.",
          ),
        ),
        under(
          how,
          ul(
            "Provider: being disagreed with in one’s own workshop is useful.",
            "Employer: reading aloud found what reading alone had not.",
          ),
        ),
        under(next, p("Thursday 11 June at the dairy, hall 2 canteen, walk first.")),
      ),
    ],
  },
  {
    kind: "exchange_notes",
    title: "Exchange 3: Order, hours and what counts",
    createdBy: "ruth",
    createdAt: "2026-06-03T08:30",
    exchange: 3,
    story: [
      sitting(
        "ruth",
        "2026-06-03T08:40",
        under(
          arising,
          tasks(
            [true, "Six weeks of stop records, counted together"],
            [false, "Build the new fault rig with faults from the dairy"],
          ),
        ),
        under(
          agenda,
          ol(
            "The order of the modules (Tom Ellwood, to decide)",
            "Counting hours of both sides: what for? (Nadia Rahmani, to discuss)",
            "Three measures we would believe (Siân Prosser, to decide)",
          ),
        ),
      ),
      sitting(
        "agnieszka",
        "2026-06-11T09:40",
        under(
          walk,
          p(
            "We followed one release from the last bolt to the first bottle. Eleven steps; the college had taught four of them. Nobody had told them about the swab. It is now the first page of module 5.",
          ),
        ),
      ),
      sitting(
        "sian",
        "2026-06-11T11:15",
        under(
          here,
          ul(
            "Provider: Nadia Rahmani, Tom Ellwood, Siân Prosser, Gareth Okoye",
            "Employer: Helen Mistry, Callum Braithwaite, Agnieszka Lis",
            "Observing: Owen Farrant",
          ),
        ),
        under(
          agenda,
          h(3, "What we decided"),
          ul(
            "Safe to touch stays first, clean enough to run comes before the second summer.",
            "Hours of both sides are counted and shown, and are not a target.",
            "The three measures in the plan are looked at at each exchange and never used to rank a person.",
          ),
        ),
      ),
      sitting(
        "callum",
        "2026-06-11T11:45",
        under(
          agenda,
          h(3, "Who does what by when"),
          tasks(
            [false, "Three working patterns for learners, agreed with the rota office (Helen Mistry)"],
            [false, "Assessment of adults’ prior learning written down (Siân Prosser)"],
          ),
        ),
        tick("Build the new fault rig"),
        under(changes, ul("Structure: order of modules.", "Co-delivery: hours of a year, both directions.")),
      ),
      sitting(
        "ruth",
        "2026-06-11T12:20",
        under(
          how,
          ul(
            "Provider: the swab alone was worth the morning.",
            "Employer: we argued about hours for too long and about learners too little.",
          ),
        ),
        under(
          next,
          p(
            "Thursday 20 August at the college, with two learners of the present second year for the first hour.",
          ),
        ),
        nameVersion("As minuted", "Read and left unchanged by both sides."),
      ),
    ],
  },
  {
    kind: "exchange_notes",
    title: "Exchange 4: Who might be left out",
    createdBy: "ruth",
    createdAt: "2026-08-12T09:00",
    exchange: 4,
    story: [
      sitting(
        "ruth",
        "2026-08-12T09:05",
        under(
          arising,
          tasks(
            [true, "Three working patterns for learners, agreed with the rota office"],
            [true, "Assessment of adults’ prior learning written down"],
          ),
        ),
        under(
          agenda,
          ol(
            "Two learners tell us what we have forgotten (to inform)",
            "Who applied and who did not (Helen Mistry, to discuss)",
            "A last module that ends with a real decision (Gareth Okoye, to decide)",
          ),
        ),
      ),
      sitting(
        "gareth",
        "2026-08-20T09:20",
        under(
          here,
          ul(
            "Provider: Nadia Rahmani, Siân Prosser, Gareth Okoye, and two second-year learners for the first hour",
            "Employer: Helen Mistry, Callum Braithwaite",
            "Apologies: Tom Ellwood, Agnieszka Lis",
          ),
        ),
        under(
          agenda,
          h(3, "What the learners said"),
          p(
            "That nobody had ever told them whether a fault they found stayed fixed. That earlies are impossible without a car. That the best day of the year was the one on which a shift lead asked for their opinion and wrote it on the board.",
          ),
        ),
      ),
      sitting(
        "helen",
        "2026-08-20T10:45",
        under(
          agenda,
          h(3, "What we decided"),
          ul(
            "Module 6: one stop, taken apart, with an answer from the Monday meeting within two weeks.",
            "The twilight shift counts as an equal choice in everything we print.",
            "A learner is never part of the minimum crew; if it happens, Helen hears of it that day.",
          ),
          h(3, "Who does what by when"),
          tasks(
            [false, "Van from the bus station for the spring weeks: cost and who pays (Helen Mistry)"],
            [false, "Taster morning led by women technicians of both sides (Siân Prosser)"],
          ),
        ),
      ),
      sitting(
        "nadia",
        "2026-08-20T11:20",
        under(
          changes,
          ul("Structure: module 6.", "Intent: who might be left out.", "Risks: two of the dairy’s own."),
        ),
        under(
          how,
          ul(
            "Provider: learners in the room changed the tone; we should have asked them in February.",
            "Employer: uncomfortable and right.",
          ),
        ),
        under(
          next,
          p("Thursday 15 October at the dairy, when the first cohort has been with us for five weeks."),
        ),
      ),
    ],
  },
  {
    kind: "exchange_notes",
    title: "Exchange 5: Five weeks in",
    createdBy: "ruth",
    createdAt: "2026-10-07T09:00",
    exchange: 5,
    story: [
      sitting(
        "ruth",
        "2026-10-07T09:10",
        under(
          arising,
          tasks(
            [false, "Van from the bus station for the spring weeks: cost and who pays"],
            [true, "Taster morning led by women technicians of both sides"],
          ),
        ),
        under(
          agenda,
          ol(
            "What the first five weeks have shown (Gareth Okoye, Agnieszka Lis, to inform)",
            "The plan, read aloud by a leader of each side (to discuss)",
            "What we owe each other until June (to decide)",
          ),
        ),
      ),
      sitting(
        "agnieszka",
        "2026-10-15T09:30",
        under(
          walk,
          p(
            "Two learners locked off line 3 while we watched. One tried the second supply without being told. I have waited some years to see that.",
          ),
        ),
        under(
          here,
          ul(
            "Provider: Nadia Rahmani, Tom Ellwood, Siân Prosser, Gareth Okoye",
            "Employer: Helen Mistry, Callum Braithwaite, Agnieszka Lis",
            "Observing: Owen Farrant",
          ),
        ),
      ),
      sitting(
        "tom",
        "2026-10-15T10:50",
        under(
          agenda,
          h(3, "What we decided"),
          ul(
            "Fourteen of sixteen passed the first isolation; the two who did not are shown again on a Wednesday of their choice.",
            "The four adults skip six weeks of module 1 and use them for drawing.",
            "The plan is read again as a whole each June.",
          ),
          h(3, "Who does what by when"),
          tasks(
            [
              false,
              "Drawings of the new line 3 to the college as soon as it is ordered (Callum Braithwaite)",
            ],
            [false, "Open mornings for next spring (Nadia Rahmani)"],
          ),
        ),
      ),
      sitting(
        "helen",
        "2026-10-15T11:30",
        rewrite("as soon as it is ordered", "on the day it is ordered"),
        goOn("cost and who pays", ": the dairy pays this year, both sides share it after that"),
        tick("Van from the bus station"),
        under(changes, ul("Why this plan: the cohort has started.", "Review: three actions.")),
        under(
          how,
          ul(
            "Provider: the plan has become shorter in the right places.",
            "Employer: I would show this to my own board.",
          ),
        ),
      ),
    ],
  },
];
