/**
 * Illustrative content: the curriculum plan of an invented college and an invented
 * dairy, written over nine months by invented people of both. No real organisation,
 * product, standard or person is meant.
 */
import { h, ol, p, quote, table, tasks, ul } from "../blocks.ts";
import { below, goOn, nameVersion, rewrite, type Sitting, sitting, strike, tick, under } from "./script.ts";

const why = "Why this plan";
const intent = "Intent";
const work = "Work it leads to";
const structure = "Structure and sequence";
const sight = "Line of sight";
const together = "Co-delivery";
const placement = "Work placement";
const prior = "prior learning";
const assessing = "Assessment and quality";
const risks = "Risks";
const objectives = "Objectives";
const review = "Review";

export const dairyPlan: readonly Sitting[] = [
  sitting(
    "nadia",
    "2026-02-13T09:30",
    under(
      why,
      p(
        "Wendlemoor College has taught maintenance engineering for thirty years, and for most of them the workshop looked like the workplaces around it. That is no longer so. Our learners still leave able to strip a gearbox, but the lines they will keep running are sealed, washed down twice a day and watched by software. Four employers told us last year that a new technician needs eight months before they can be left alone on a night shift. We want that to be three.",
      ),
      p(
        "This plan is our attempt to write the first two years of that technician’s learning together with the people who will work beside them. It is a plan for one cohort of sixteen, starting in the autumn. Where a paragraph describes work, Brindlewick Dairies wrote it; where it describes teaching, the college did; and each side has questioned the other’s.",
      ),
    ),
  ),
  sitting(
    "helen",
    "2026-02-13T10:12",
    under(
      why,
      p(
        "From our side the need is easy to state. We run three filling halls around the clock. In a normal week the lines stop forty times, and two stops in three are put right by whoever is nearest rather than by whoever is best placed to find the cause. The same fault comes back on the next shift. We do not need people who are quick with a spanner as much as we need people who ask why it failed, write down what they found and hand it over properly.",
      ),
      p(
        "When we asked our shift leads what a good second-year technician does that a poor one does not, they gave us four things:",
      ),
      ul(
        "makes the line safe before touching it, every time, including at ten to six in the morning",
        "can say what the machine should be doing before saying what is wrong with it",
        "knows when a repair becomes a food safety matter and stops",
        "leaves a handover that the next shift can act on without a telephone call",
      ),
    ),
  ),
  sitting(
    "tom",
    "2026-02-19T14:05",
    under(
      intent,
      h(3, "What learners will be able to do"),
      p(
        "By the end of the second year a learner will keep an automated filling line running safely under the supervision of a shift lead: isolate it, find faults in its mechanical, electrical and pneumatic parts, repair or replace within their competence, prove that it is clean and safe to restart, and hand over in writing. They will understand enough of the process to know what their repair does to the product.",
      ),
      h(3, "Who they are"),
      p(
        "The cohort will be sixteen learners, most of them aged sixteen to nineteen, and four places kept for adults who already work in the dairy as operators. We expect a wide spread in mathematics. We do not expect anyone to arrive knowing what a programmable controller is, and we will not pretend that the school leavers and the adults need the same first term.",
      ),
    ),
  ),
  sitting(
    "callum",
    "2026-02-24T07:40",
    under(
      work,
      p(
        "These are the duties of a shift maintenance technician as we actually run them, in the order a new person meets them. The words in brackets are what we call them on site.",
      ),
      ol(
        "Make equipment safe to work on and safe to return to production (lock, tag, try).",
        "Carry out planned inspections and lubrication, and report what you see rather than what the sheet expects (the walk).",
        "Respond to a stop: talk to the operator, read the panel, form an idea, test it (the first five minutes).",
        "Repair or replace mechanical, pneumatic and electrical parts within a permit.",
        "Prove the line clean and correct before it runs product (release).",
        "Record the work and hand it over, with the cause and not only the cure (the board).",
      ),
      p(
        "Two business processes sit across all six. The first is hygiene zoning: which tools, clothes and people may cross which line on the floor. The second is the loss tree, the way we sort stops by cause every Monday. A technician who does not understand the loss tree will always feel that production is shouting at them for no reason.",
      ),
    ),
  ),
  sitting(
    "tom",
    "2026-03-04T13:10",
    under(
      structure,
      p(
        "Six modules over two years. Each begins with something the learners have seen at work and ends with something they do there. Hours are guided hours; time at the dairy is counted separately.",
      ),
      h(3, "Module 1: Safe to touch"),
      p(
        "Eight weeks, 60 hours. Risk, isolation, permits and the law behind them, taught in the workshop on two donated conveyors and then on a standing line at the dairy on a Sunday.",
      ),
      ul(
        "**LO1.1** Isolate a powered machine from every source of energy, including stored pressure, and prove it dead.",
        "**LO1.2** Write a risk assessment for a routine job and change it when the job changes.",
        "**LO1.3** Explain to a colleague why a permit may be refused.",
      ),
      h(3, "Module 2: How a line works"),
      p(
        "Ten weeks, 80 hours. Drives, bearings, belts, valves and seals; pneumatics; reading drawings. Learners take one filling head apart and put it together again until it passes a leak test.",
      ),
      ul(
        "**LO2.1** Describe what each part of a filling line should be doing at each step of its cycle.",
        "**LO2.2** Remove, inspect and refit mechanical and pneumatic parts to the maker’s tolerances.",
        "**LO2.3** Read a pneumatic and an electrical drawing and find the same part on the machine.",
      ),
    ),
  ),
  sitting(
    "agnieszka",
    "2026-03-05T22:25",
    rewrite(
      "and then on a standing line at the dairy on a Sunday",
      "and then on line 3 at the dairy on its cleaning day, with a shift lead beside each pair",
    ),
    goOn(
      "change it when the job changes.",
      " On nights the job changes three times before the tea break; that is the part they must practise.",
    ),
    below(
      "Explain to a colleague why a permit may be refused",
      p(
        "From the floor: please teach the _trying_ and not only the locking. Everybody remembers the padlock. The accidents I have seen came from the second supply that nobody tried.",
      ),
    ),
    rewrite(
      "until it passes a leak test",
      "until it passes a leak test twice running, because once can be luck",
    ),
  ),
  sitting(
    "nadia",
    "2026-03-09T15:10",
    under(
      intent,
      h(3, "What we mean by a good teacher here"),
      p(
        "Somebody who knows why, can show how, and is not afraid to be seen looking something up. Half of what a technician needs will have changed by the time these learners are thirty. The habit of finding out, in a manual, from a colleague, from the machine itself, is the one thing we can be sure they will still use. So the college will not hand out worked answers in the second year, and the dairy will not shout across the hall for the person who happens to know.",
      ),
    ),
  ),
  sitting(
    "sian",
    "2026-03-12T10:30",
    under(
      assessing,
      p(
        "We will assess little and often, and always on evidence that would count at work. Each module has one practical task, one short piece of writing that a shift lead would recognise as useful, and a conversation. There is no written examination before the end of the first year.",
      ),
      table(
        ["Module", "What is assessed", "Where", "Who judges"],
        [
          "1",
          "Isolation of an unfamiliar machine, observed",
          "Dairy, line 3",
          "Shift lead, with college assessor",
        ],
        ["2", "Strip and rebuild of a filling head; leak test", "College workshop", "College"],
        ["3", "Three fault logs from real stops", "Dairy", "Both, moderated together"],
      ),
      p(
        "Every employer judgement is made against the same short grid the lecturers use. Before the first assessment the college will train six shift leads in a half day, with recorded examples to mark, and we will only begin when two people marking alone agree on four examples in five.",
      ),
    ),
  ),
  sitting(
    "tom",
    "2026-03-26T13:00",
    under(
      structure,
      h(3, "Module 3: The first five minutes"),
      p(
        "Twelve weeks, 90 hours. A method for finding faults: observe, ask, form an idea, test it, and write it down. The college has built a rig of twelve faults that can be switched in from a tablet. Learners begin on the rig, move to recorded stops from the dairy, and end beside a technician on a live shift.",
      ),
      ul(
        "**LO3.1** Question an operator so that the answer narrows the search.",
        "**LO3.2** Test one idea at a time and record the result before the next.",
        "**LO3.3** Find a seeded fault on an automated rig within twenty minutes and name its cause.",
        "**LO3.4** Decide when to stop and call for help, and say why.",
      ),
    ),
  ),
  sitting(
    "callum",
    "2026-03-26T13:04",
    under(
      together,
      p(
        "What we can offer without pulling people off the line at the wrong hour. I have been careful to promise only what the rota can carry.",
      ),
      table(
        ["What", "Who", "How often", "Hours a year"],
        ["Guest session: a stop that taught us something", "Engineering manager", "Once a half term", "12"],
        ["Line 3 on cleaning day", "Two shift leads", "Eight Wednesdays", "64"],
        ["Beside a technician on shift", "Technicians, paired", "Three weeks from spring", "105"],
        ["Marking fault logs together", "Shift lead and lecturer", "Monthly", "20"],
      ),
    ),
  ),
  sitting(
    "gareth",
    "2026-03-27T15:20",
    below(
      "Marking fault logs together",
      p(
        "And in the other direction: each of our three lecturers spends a week of the summer working shifts at the dairy, in overalls and not with a clipboard. I went this month for two days and have already thrown away a third of my slides.",
      ),
    ),
    goOn(
      "end beside a technician on a live shift.",
      " The recorded stops are anonymous: we want to discuss the fault and never the person.",
    ),
  ),
  sitting(
    "callum",
    "2026-04-01T06:20",
    under(
      work,
      h(3, "The loss tree, in plain words"),
      p(
        "Every stop of more than two minutes is written on the board with a time, a place and a cause. On Monday we put the week’s stops into five piles: breakdown, changeover, waiting for something, cleaning that took too long, and small stops that nobody remembers. The last pile is always the biggest and always the one we know least about. A technician who can turn three small stops into one understood fault has saved more than one who repaired a gearbox overnight, and will hear less thanks for it. I would like the learners to know this before they choose what to be proud of.",
      ),
      p(
        "Hygiene zones work the other way round: nobody notices when they are kept. Blue floor, no outside tools. White floor, no open product without a hairnet and a reason. The red line in front of the fillers is crossed after washing and never with a phone. Learners will find it fussy for a week. After the first photograph of what grew on a forgotten rag they find it fussy no longer.",
      ),
    ),
  ),
  sitting(
    "sian",
    "2026-04-09T09:15",
    under(
      prior,
      p(
        "Adults from the filling halls will often be able to do more than their certificates say. Before they start, each meets a lecturer and a shift lead for an hour with the outcomes of modules 1 and 2 on the table. What they can show, they do not sit through again; the hours saved go into mathematics and drawing, which is where operators tell us they feel least sure.",
      ),
      p(
        "Entry for school leavers asks for a grade 4 in mathematics, or a grade 3 with a bridging course in the first eight weeks. We do not ask for a qualification in engineering. We do ask every applicant to spend a morning on site, because the cold, the noise and the hours put some people off, and it is kinder to learn that in spring than in November.",
      ),
    ),
  ),
  sitting(
    "nadia",
    "2026-04-14T16:00",
    under(
      risks,
      table(
        ["Risk", "What we will do", "Owner"],
        [
          "Rota pressure cancels time on the line",
          "Two reserve Wednesdays each term; cancelled hours are listed at every exchange",
          "Helen Mistry",
        ],
        [
          "A lecturer leaves and the knowledge goes too",
          "Every session is taught by two people at least once",
          "Tom Ellwood",
        ],
        ["Too few applicants for the autumn", "Open mornings at the dairy in May and June", "Siân Prosser"],
      ),
    ),
  ),
  sitting(
    "nadia",
    "2026-04-15T08:50",
    rewrite(
      "We want that to be three.",
      "We want that to be four at most, and we want to be able to show it.",
    ),
    nameVersion("First full draft", "For both leaders to read before exchange 2."),
  ),
  sitting(
    "helen",
    "2026-04-17T08:05",
    rewrite(
      "In a normal week the lines stop forty times, and two stops in three are put right by whoever is nearest rather than by whoever is best placed to find the cause.",
      "In a normal week the lines stop about forty times. We looked at six weeks of records before exchange 2: in twenty-six stops of forty, whoever was nearest put it right and no cause was written down.",
    ),
    below(
      "leaves a handover that the next shift can act on",
      p(
        "I would add what we do _not_ need. We do not need people trained on our machines alone. A technician who only understands Brindlewick’s line 3 is of no use to us when we replace line 3, and is trapped if they ever want to leave. Teach the principle, and let us supply the example.",
      ),
    ),
  ),
  sitting(
    "callum",
    "2026-04-21T06:55",
    rewrite(
      "within twenty minutes and name its cause",
      "and name its cause, working to a method that an observer can follow",
    ),
    below(
      "Decide when to stop and call for help",
      p(
        "We talked about the twenty minutes at exchange 2 and I would rather lose it. If we reward speed in the first year we will get what we already have: people who swap parts until it runs. Time comes with practice.",
      ),
    ),
    below(
      "Record the work and hand it over",
      p(
        "Where it leads next: after two years a technician may become a shift lead, a controls technician or a reliability engineer. The first two are open to people on part-time and fixed-night patterns today. The third is not yet, and we have said at exchange 2 that it should be.",
      ),
    ),
    nameVersion("After exchange 2", "Stops counted instead of guessed; next steps of the work added."),
  ),
  sitting(
    "tom",
    "2026-04-23T15:30",
    strike("We talked about the twenty minutes at exchange 2"),
    under(
      structure,
      h(3, "Module 4: Electrical and control"),
      p(
        "Fourteen weeks, 100 hours, across the turn of the year. Safe electrical work, sensors, motors and drives, and enough of programmable control to follow a sequence, find the input that is missing and know what not to change. We teach reading before writing: nobody alters a program in the first year.",
      ),
      ul(
        "**LO4.1** Test and replace a sensor, a contactor and a motor within a permit.",
        "**LO4.2** Follow a control sequence on screen and say which condition is holding it.",
        "**LO4.3** Set up a variable-speed drive from its manual and prove that its stop works.",
      ),
    ),
  ),
  sitting(
    "gareth",
    "2026-05-07T10:10",
    under(
      structure,
      h(3, "Module 5: Clean enough to run"),
      p(
        "Eight weeks, 50 hours. The part of the work that no ordinary engineering course teaches. Why a perfect repair can still stop a hall: hygiene zones, materials that may touch food, lubricants, the difference between clean and sterile, and what a technician signs when they release a line.",
      ),
      ul(
        "**LO5.1** Plan a repair so that tools, parts and people cross hygiene zones only where they may.",
        "**LO5.2** Choose parts and lubricants that are fit for contact with food, and show the evidence.",
        "**LO5.3** Carry out a release check and refuse release when it fails.",
      ),
      p(
        "A refusal is practised, not only described. In week six a shift lead will press each learner to release a line that is not ready. The learner passes by refusing politely and writing down why.",
      ),
    ),
  ),
  sitting(
    "tom",
    "2026-05-13T14:30",
    below(
      "Decide when to stop and call for help",
      p(
        "A session of module 3 looks like this. A pair is called to the rig as they would be called to a line: a light, a time, an operator who is a little annoyed. One of them speaks and the other writes. They may touch nothing until they have said aloud what the rig should be doing, what it is doing instead, and which single thing they will test. The rest of the group watches a screen with the same signals and writes down what they would have tested. Then all of it is compared. We have tried this with the present second year; the arguments afterwards are better than any lecture we give.",
      ),
      p(
        "The order of faults matters. The first four have one cause and one symptom. The next four have one cause and three symptoms, of which the loudest is misleading. The last four are combinations, and in one of them nothing is wrong with the machine at all: the product is too warm. Very few people find that one, and everyone remembers it.",
      ),
    ),
  ),
  sitting(
    "agnieszka",
    "2026-05-20T21:50",
    under(
      sight,
      p(
        "For each module, where a learner will see the same thing at work, and why we care. I have written what I would say to a new starter on their first night.",
      ),
      table(
        ["Module", "Where you will see it", "Why it matters here"],
        [
          "1",
          "Line 3, cleaning day",
          "The lock is yours. Nobody removes it but you, and nobody will hurry you.",
        ],
        ["2", "Filling heads, hall 1", "A worn seal is a leak in four hours and a recall in four days."],
        ["3", "Any stop, any hall", "The operator heard it before you came. Ask first."],
        ["4", "Panels, hall 2", "If the screen says it is waiting, find out for what."],
        ["5", "Release desk", "Your signature is the last one before the milk."],
      ),
    ),
  ),
  sitting(
    "helen",
    "2026-06-04T17:25",
    rewrite(
      "We do not need people who are quick with a spanner as much as we need people who ask why it failed",
      "We value people who are quick with a spanner. We need more of those who ask why it failed",
    ),
    under(
      placement,
      p(
        "Learners are with us one day a week from November and for three full weeks in spring. Each has a named technician, and each technician has the time for it written into the rota, not added to it.",
      ),
      p(
        "We can offer three patterns: days, earlies, and a fixed twilight shift from two until eight that fits around school runs and buses. Nobody under eighteen works nights. Anyone who cannot manage earlies, for whatever reason, will not be asked twice; the twilight shift sees just as many stops.",
      ),
    ),
  ),
  sitting(
    "tom",
    "2026-06-12T09:00",
    rewrite(
      "The college has built a rig of twelve faults that can be switched in from a tablet.",
      "The college and the dairy have built a rig of twelve faults together: the frame is ours, the faults are taken from the dairy’s own records of last winter.",
    ),
    rewrite(
      "Six modules over two years.",
      "Six modules over two years, in an order that both sides agreed at exchange 3.",
    ),
  ),
  sitting(
    "callum",
    "2026-06-12T09:06",
    rewrite("Three weeks from spring", "Three full weeks in spring"),
    under(
      together,
      p(
        "Counted over the two years this is about 400 hours from the dairy against 380 guided hours at the college. At exchange 3 we agreed that the share is not the point: what matters is that no module is without us, and none is without them.",
      ),
    ),
  ),
  sitting(
    "nadia",
    "2026-06-12T11:30",
    goOn("and each side has questioned the other’s.", " Where we could not agree, the plan says so."),
    nameVersion(
      "After exchange 3",
      "Order of modules settled; speed taken out of LO3.3; hours of both sides counted.",
    ),
  ),
  sitting(
    "sian",
    "2026-07-02T13:40",
    under(
      assessing,
      h(3, "How we know it is working"),
      p("Three measures, looked at together at each exchange, none of them used to rank a person:"),
      ul(
        "weeks until a new technician is signed off for lone response, against eight months today",
        "the share of stops with a cause written down, from the dairy’s own board",
        "what learners say in a ten-minute conversation each term, held by the other side’s staff",
      ),
      p(
        "If the second measure does not move within a year, we will have taught fault-finding as a school subject and will say so.",
      ),
    ),
    rewrite(
      "There is no written examination before the end of the first year.",
      "There is no written examination in the first year; the one at its end is set and marked by both sides.",
    ),
  ),
  sitting("agnieszka", "2026-07-09T22:10", goOn("Ask first.", " Then look. Then touch.")),
  sitting(
    "sian",
    "2026-07-14T09:40",
    under(
      assessing,
      h(3, "When it does not go well"),
      p(
        "A learner who does not pass a practical task is shown, within a week, what was seen and what would have been enough, by the two people who judged it, together. They try again when they say they are ready, and no later than the end of the next module. A second attempt is marked by people who did not see the first. If a learner is unsafe, in the workshop or at the dairy, the task stops at once and the rest of the day is spent on why; nobody is sent home to think about it alone.",
      ),
      p(
        "We expect to disagree about borderline work. When college and dairy differ by more than one step of the grid, a third person from each side looks at the evidence without the names. The reasons, and not only the result, are kept and used to train the next markers.",
      ),
    ),
  ),
  sitting(
    "helen",
    "2026-07-16T08:20",
    under(
      risks,
      p(
        "Two risks the table does not show, because they are ours. The first is that we come to see learners as spare hands in a bad week. If a learner is ever counted in the minimum crew, I want to hear of it the same day. The second is that line 3 is due to be replaced within two years, and the drawings the college teaches from will be wrong on that morning. We will hand over the new ones before the machine arrives, not after.",
      ),
    ),
    under(
      intent,
      h(3, "Who might be left out"),
      p(
        "We looked at who applied for our last ten vacancies and who did not. Nobody under thirty lived more than four miles away, since the first bus arrives at twenty past six and earlies begin at six. Only one applicant was a woman. Neither is a law of nature.",
      ),
      ul(
        "Travel: the twilight shift as an equal choice, and a shared van from the bus station in the spring weeks (owner: Helen Mistry).",
        "Confidence: a taster morning led by women technicians of both organisations (owner: Siân Prosser).",
        "Language: panel messages and safety words practised in plain English in the first four weeks, for everyone (owner: Gareth Okoye).",
      ),
    ),
  ),
  sitting(
    "sian",
    "2026-07-23T11:00",
    under(
      objectives,
      table(
        ["Objective", "Measure", "Now", "Target", "By"],
        [
          "New technicians respond alone sooner",
          "Weeks to sign-off for lone response",
          "35",
          "18",
          "End of year 2",
        ],
        [
          "Causes are written down",
          "Stops with a cause on the board",
          "14 in 40",
          "30 in 40",
          "End of year 1",
        ],
        [
          "Places reach people who did not apply before",
          "Applicants from beyond four miles",
          "0 in 10",
          "4 in 10",
          "Second cohort",
        ],
        [
          "Nobody leaves because of the hours",
          "Learners who change pattern and stay",
          "Not known",
          "All who ask",
          "Each term",
        ],
      ),
      p(
        "The figures under “Now” come from the dairy’s own records of the past two years and were checked by both sides on the same afternoon. They are the baseline and nobody’s fault.",
      ),
    ),
  ),
  sitting(
    "gareth",
    "2026-08-21T10:00",
    under(
      structure,
      h(3, "Module 6: One stop, taken apart"),
      p(
        "Ten weeks, 60 hours, at the end of the second year. In threes, learners take one stop that has come back at least five times, work out why, propose a change and present it to the Monday meeting. The dairy has promised an answer to every proposal within two weeks: yes, no with a reason, or a trial.",
      ),
      ul(
        "**LO6.1** Use records of at least three months to show how often a fault returns and what it costs.",
        "**LO6.2** Propose a change with its cost, its risk and a way to tell whether it worked.",
        "**LO6.3** Present to people who know more than you do, and answer what they ask.",
      ),
    ),
  ),
  sitting(
    "helen",
    "2026-08-20T17:40",
    under(
      placement,
      h(3, "The first night"),
      p(
        "Learners over eighteen who want to may spend one night with us in the second spring, from ten until six, beside the same technician as always. It is offered and never required. They go home by taxi, the dairy pays, and nobody expects them at college the next day. I ask for it to be in the plan because the night shift is where our technicians are most alone and where a good handover matters most. If a learner decides after that night that they would rather work days, we will have saved both of us a year.",
      ),
    ),
    under(
      together,
      p(
        "Who pays for what, in one sentence each. The college pays its lecturers, also in their week at the dairy. The dairy pays its people, also in the workshop, and gives the parts for the rig. Neither side charges the other for rooms, milk or time spent at exchanges. What is bought for the learners belongs to the learners: boots, padlock, notebook.",
      ),
    ),
  ),
  sitting(
    "callum",
    "2026-08-21T10:07",
    below(
      "Every employer judgement is made",
      p(
        "For module 6 the mark comes from the Monday meeting, using the grid. I have asked the production managers to be as hard on learners as they are on me, and as fair as they would like to be.",
      ),
    ),
    rewrite("Once a half term", "Once each half term"),
    rewrite("380 guided hours", "440 guided hours"),
  ),
  sitting(
    "nadia",
    "2026-08-21T12:15",
    nameVersion(
      "After exchange 4",
      "Module 6 added; the dairy’s own risks written down; who might be left out.",
    ),
  ),
  sitting(
    "tom",
    "2026-09-10T14:20",
    rewrite(
      "Learners take one filling head apart and put it together again",
      "Learners take a filling head apart, draw what they find and put it together again",
    ),
    below(
      "Read a pneumatic and an electrical drawing",
      p(
        "Mathematics is taught inside this module and not beside it: ratios from gear trains, areas from cylinders, graphs from pressure logs. Siân’s team will teach it in the workshop, with the machines in reach.",
      ),
    ),
  ),
  sitting(
    "agnieszka",
    "2026-09-17T21:30",
    under(
      sight,
      quote(
        "You will not remember all of this. You will remember the night you refused to release a line and were thanked for it in the morning. We will try to arrange one.",
      ),
    ),
    rewrite(
      "The accidents I have seen came from the second supply that nobody tried.",
      "The near misses I have seen came from the second supply that nobody tried.",
    ),
  ),
  sitting(
    "gareth",
    "2026-09-24T16:20",
    under(
      why,
      p(
        "One thing we did not know in February. Four of the sixteen have already worked in the filling halls for years, and in the first fortnight they taught the others more about listening to a machine than we had planned for the term. We now pair each of them with three school leavers for module 1, and we have asked them what they would like in return. Two want help with algebra. One wants to learn to drive a lathe. One said she would like, for once, to be asked.",
      ),
    ),
  ),
  sitting(
    "helen",
    "2026-10-08T09:10",
    under(
      review,
      p(
        "Both sides read the whole plan again each June, with the shift leads in the room, and change what the year has shown to be wrong. Small corrections may be made at any exchange by a named person of either side; anything that changes an outcome waits for both.",
      ),
      tasks(
        [
          false,
          "Hand over the drawings of the new line 3 as soon as the order is placed (Callum Braithwaite)",
        ],
        [false, "Train six shift leads in marking, with recorded examples (Siân Prosser)"],
        [false, "Publish the open mornings for next spring (Nadia Rahmani)"],
      ),
    ),
  ),
  sitting(
    "nadia",
    "2026-10-16T09:20",
    tick("Train six shift leads in marking"),
    goOn("against eight months today", " (our aim is four)"),
    rewrite(
      "It is a plan for one cohort of sixteen, starting in the autumn.",
      "It is a plan for one cohort of sixteen, which has now started, and for the next.",
    ),
    nameVersion("For the first cohort", "Read aloud at exchange 5 by a leader of each side."),
  ),
];
