/** Illustrative content: a second, smaller plan, a draft case study and a free page of the same partnership. */
import { h, p, table, ul } from "../blocks.ts";
import type { InventedDocument } from "./record.ts";
import { below, nameVersion, rewrite, sitting, under } from "./script.ts";

export const dairyOthers: readonly InventedDocument[] = [
  {
    kind: "curriculum_plan",
    title: "Operators who maintain: a short course",
    createdBy: "callum",
    createdAt: "2026-05-05T07:15",
    story: [
      sitting(
        "callum",
        "2026-05-05T07:20",
        under(
          "Why this plan",
          p(
            "Half of our stops need no technician. They need an operator who may clean a sensor, clear a jam the right way round and decide whether to call. Today the rules forbid most of it, for good reasons that training could remove.",
          ),
          p("Twelve operators, one evening a week for ten weeks, taught where they work."),
        ),
      ),
      sitting(
        "gareth",
        "2026-05-12T16:00",
        under(
          "Intent",
          p(
            "At the end an operator will carry out five first-line tasks on their own line, safely and within a written limit, and will know the sixth when they see it: the one they must leave alone.",
          ),
        ),
        under(
          "Structure",
          h(3, "Evenings 1 to 3: what the line is telling you"),
          p(
            "Sounds, smells, screens. Operators teach the lecturer first: each brings one sign they have learned to trust, and we find out together what it means.",
          ),
          h(3, "Evenings 4 to 7: five tasks"),
          ul(
            "Clean and test a sensor.",
            "Clear a jam without making the next one.",
            "Check and adjust a guide rail.",
            "Top up a lubricator with the right oil for the zone.",
            "Reset a drive once, and only once.",
          ),
          h(3, "Evenings 8 to 10: on the line"),
          p("Each task twice, beside a technician, during a planned stop."),
        ),
      ),
      sitting(
        "agnieszka",
        "2026-05-28T21:40",
        below(
          "Reset a drive once, and only once.",
          p(
            "Please keep the “only once”. A drive that trips twice is asking for somebody. I have seen a motor burn because five people each reset it once.",
          ),
        ),
        rewrite(
          "Twelve operators, one evening a week for ten weeks",
          "Twelve operators, four from each hall, one evening a week for ten weeks",
        ),
      ),
      sitting(
        "sian",
        "2026-06-18T10:05",
        under(
          "Assessment",
          p(
            "A technician watches each task twice and signs a card the operator keeps. There is no test paper. Operators who want to go on can bring the card to the entry meeting of the two-year programme, where three of the five tasks count towards module 1.",
          ),
        ),
        under(
          "Co-delivery",
          table(
            ["What", "Who", "Hours", "When"],
            ["Teaching on site", "College lecturer", "30", "Thursday evenings"],
            ["Technician beside the operator", "Dairy", "24", "Evenings 8 to 10"],
            ["Room, machines, supper", "Dairy", "–", "Each evening"],
          ),
        ),
        nameVersion("For the works council", "Sent to the dairy’s works council for their view."),
      ),
      sitting(
        "helen",
        "2026-07-14T18:00",
        under(
          "Risks",
          p(
            "The works council asked a fair question: is this more work for the same pay? It is not. Whoever holds the card is paid the first-line supplement from the day it is signed. We have written it into the plan so that nobody has to remember it.",
          ),
        ),
      ),
    ],
  },
  {
    kind: "case_study",
    title: "Writing one plan (draft case study)",
    createdBy: "ruth",
    createdAt: "2026-10-19T09:00",
    story: [
      sitting(
        "ruth",
        "2026-10-19T09:10",
        under(
          "Background",
          p(
            "A college and a dairy six miles apart had worked with each other for eleven years without ever having written a page together. In February they decided to plan two years of a technician’s learning in one document, with both sides typing.",
          ),
        ),
        under(
          "Challenge",
          p(
            "New technicians needed eight months before they could be left alone on a shift. The college had the hours and the workshop; the dairy had the machines and the reasons. Each had a plan of its own and had never read the other’s.",
          ),
        ),
      ),
      sitting(
        "nadia",
        "2026-10-21T08:30",
        under(
          "Solution",
          ul(
            "Occupational: shift leads described six duties, in the order in which a new person meets them.",
            "Business process: hygiene zones and the Monday loss tree became part of the teaching.",
            "Curriculum: the college turned both into six modules with outcomes one can observe.",
            "Pedagogic: lecturers worked shifts; shift leads learned to mark.",
          ),
        ),
      ),
      sitting(
        "helen",
        "2026-10-22T17:10",
        under(
          "What we would do differently",
          p(
            "We would invite learners to the first exchange and not to the fourth. And we would count our stops before we quoted them: our first figure was a guess, and it survived two months because it sounded right.",
          ),
        ),
        rewrite("without ever having written a page together", "without ever writing a page together"),
      ),
      sitting(
        "callum",
        "2026-10-23T06:40",
        under(
          "Results and impact",
          p(
            "It is too early for results: the first cohort has been here for six weeks. What we can say is what changed on our side. Twelve technicians now have teaching time in the rota, and the Monday meeting answers proposals in two weeks.",
          ),
        ),
      ),
    ],
  },
  {
    kind: "page",
    title: "Words we use",
    createdBy: "tom",
    createdAt: "2026-03-10T12:30",
    story: [
      sitting(
        "tom",
        "2026-03-10T12:35",
        under(
          "From the college",
          ul(
            "**Guided hours**: time with a teacher, in the workshop or the classroom. Time at the dairy is counted apart.",
            "**Outcome**: something a learner can be seen to do. If one cannot see it, it is a hope.",
          ),
        ),
      ),
      sitting(
        "agnieszka",
        "2026-03-11T22:05",
        under(
          "From the dairy",
          ul(
            "**Lock, tag, try**: three words, three acts. The third is the one people forget.",
            "**The board**: the white wall by the shift office on which every stop is written. A photograph of it is taken at six.",
            "**Release**: the signature after which a line may run product.",
            "**Loss tree**: stops sorted by cause, Mondays at half past nine.",
          ),
        ),
      ),
    ],
  },
];
