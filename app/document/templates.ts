/**
 * What a new document of each kind begins with (domain guide §4): the headings of its
 * trade, each with one sentence of help that a busy leader may delete. Ordinary text,
 * nothing locked. Only nodes that exist; the last block is a paragraph, so that an
 * editor never has to add one (rulings 15).
 */
import type { DocumentKind } from "../domain/documents.ts";
import type { DocumentJson } from "./schema.ts";

type Block = { type: string; attrs?: Record<string, unknown>; content?: readonly unknown[] };

const paragraph = (text = ""): Block =>
  text === "" ? { type: "paragraph" } : { type: "paragraph", content: [{ type: "text", text }] };

/** A sentence of help: in italics, so that people see it is not yet theirs. */
const help = (text: string): Block => ({
  type: "paragraph",
  content: [{ type: "text", text, marks: [{ type: "italic" }] }],
});

const heading = (level: 2 | 3, text: string): Block => ({
  type: "heading",
  attrs: { level },
  content: [{ type: "text", text }],
});

const section = (title: string, sentence: string): Block[] => [
  heading(2, title),
  help(sentence),
  paragraph(),
];

const bullets = (...items: string[]): Block => ({
  type: "bulletList",
  content: items.map((item) => ({ type: "listItem", content: [paragraph(item)] })),
});

const tasks = (...items: string[]): Block => ({
  type: "taskList",
  content: items.map((item) => ({
    type: "taskItem",
    attrs: { checked: false },
    content: [paragraph(item)],
  })),
});

const cells = (type: "tableHeader" | "tableCell", texts: readonly string[]): Block => ({
  type: "tableRow",
  content: texts.map((text) => ({ type, content: [paragraph(text)] })),
});

const table = (header: readonly string[], ...rows: (readonly string[])[]): Block => ({
  type: "table",
  content: [cells("tableHeader", header), ...rows.map((row) => cells("tableCell", row))],
});

const curriculumPlan: readonly Block[] = [
  ...section(
    "Why this plan",
    "Say in a few sentences what the employer needs and how you know: vacancies, a local skills plan, what you saw at work.",
  ),
  heading(2, "Intent"),
  help(
    "Describe who the learners are and what they should be able to do at the end, in words both sides would use.",
  ),
  heading(3, "Aims"),
  paragraph(),
  heading(3, "Learners and target groups"),
  help(
    "Name the groups you want to reach, what stands in their way, and what you will change because of it.",
  ),
  paragraph(),
  ...section(
    "Work it leads to",
    "List the duties and business processes that this learning leads to, and the career steps that follow.",
  ),
  heading(2, "Structure and sequence"),
  help(
    "Give each module a title, its weeks and hours, where it happens, and what learners can do afterwards.",
  ),
  heading(3, "Module 1"),
  table(["Weeks", "Guided hours", "Where", "Who teaches and hosts"], ["", "", "", ""]),
  help(
    "Begin each learning outcome with a verb one can observe: “grade”, “schedule”, “explain to a customer”.",
  ),
  bullets(""),
  ...section(
    "Line of sight to work",
    "For each outcome, say where a learner sees it used: which site, which role, and why it matters there.",
  ),
  heading(2, "Co-delivery"),
  help(
    "Write down what each side gives: teaching, hosting, equipment, briefs, assessment, and teachers’ time in industry.",
  ),
  table(["What", "Who", "Hours", "When"], ["", "", "", ""]),
  paragraph(),
  ...section(
    "Work placement and flexible patterns",
    "Say how long placements last, which working patterns are open to learners, and how people with caring duties take part.",
  ),
  ...section(
    "Entry and prior learning",
    "Say what learners need to begin, and how what they already know and can do is recognised (RPL) and shortens the programme.",
  ),
  ...section(
    "Assessment and quality",
    "Say how each outcome is assessed, by whom, and who signs that the standard was met.",
  ),
  ...section("Risks and dependencies", "Name what could stop this plan, and who would act first."),
  heading(2, "Objectives"),
  help(
    "Keep objectives few. For each one write the measure, where you start, where you want to be, and by when.",
  ),
  table(["Objective", "Measure", "Now", "Target", "By"], ["", "", "", "", ""]),
  ...section(
    "Review and sign-off",
    "Set the date on which both sides look at this plan again. A version counts as agreed when a leader of each side has agreed to it.",
  ),
];

const exchangeNotes: readonly Block[] = [
  heading(2, "Who is here"),
  help("Write the people present by side, those who join from elsewhere, and those who sent apologies."),
  bullets("Provider: ", "Employer: ", "Apologies: "),
  ...section(
    "Welcome and interests",
    "Note any interest that others should know of before you decide things together.",
  ),
  ...section(
    "Minutes of the last exchange",
    "Say whether they are a true record, and what had to be put right.",
  ),
  heading(2, "Matters arising"),
  help("Go through the actions of last time: done, carried over, or no longer needed."),
  tasks(""),
  heading(2, "Agenda"),
  help("For each item write who leads it, how long it may take, and whether you inform, discuss or decide."),
  heading(3, "Item 1"),
  paragraph(),
  heading(3, "What we decided"),
  help("Write each decision as one sentence that somebody who was not here would understand."),
  bullets(""),
  heading(3, "Who does what by when"),
  tasks(""),
  ...section("Line-of-sight walk", "Note what you saw at work today that the curriculum should know about."),
  ...section("Changes to the plan agreed today", "Name the sections of the plan that change, and how."),
  ...section("Any other business", "Leave this empty if there was none."),
  ...section("Next exchange", "Date, place, who hosts, and what should be ready by then."),
  heading(2, "How it went"),
  help("One line from each side: what was useful, and what to do differently."),
  bullets("Provider: ", "Employer: "),
  paragraph(),
];

const caseStudy: readonly Block[] = [
  help("Say in at most 40 words what changed, for whom, and why others should read on."),
  paragraph(),
  heading(2, "Key facts"),
  help("Only facts that both sides have checked; they stand first on the printed page."),
  table(
    ["Fact", "In this partnership"],
    ["Partners", ""],
    ["Sector", ""],
    ["Dates", ""],
    ["Funded by", ""],
    ["Contact", ""],
  ),
  ...section("Background", "Say who the partners are and how they came to work together."),
  ...section("Challenge", "Describe what did not work before, for the employer and for learners."),
  heading(2, "Solution"),
  help("Tell how both sides worked on it, and who brought which expertise."),
  bullets(
    "Occupational expertise: ",
    "Business-process expertise: ",
    "Curriculum expertise: ",
    "Teaching expertise: ",
  ),
  ...section("What we co-designed", "Name the plan or material you made together and what is new about it."),
  ...section(
    "Results and impact",
    "Give numbers with their source and date, and quotations only from people who have agreed to them.",
  ),
  ...section("What we would do differently", "This is what other partnerships read first."),
  ...section(
    "Sustainability and mainstreaming",
    "Say what goes on after the funding ends, and who has taken it up.",
  ),
  ...section("Resources", "List what others may use, with a caption and a description of each picture."),
  ...section(
    "Consent and anonymity",
    "Say who agreed to be named, who is shown under another name, and who checked the facts on each side.",
  ),
];

const page: readonly Block[] = [paragraph()];

const templates: Readonly<Record<DocumentKind, readonly Block[]>> = {
  curriculum_plan: curriculumPlan,
  exchange_notes: exchangeNotes,
  case_study: caseStudy,
  page,
};

/** The content a new document of this kind begins with. Each call gives a copy of its own. */
export function templateFor(kind: DocumentKind): DocumentJson {
  return { type: "doc", content: structuredClone(templates[kind]) as unknown[] };
}
