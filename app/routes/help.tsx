/** Help: how it works in six sentences, the keyboard, the trade's words, accessibility. Open to everybody. */
import type { MetaFunction } from "@remix-run/node";
import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { PlainPage } from "../components/shell.tsx";
import { SideMark } from "../components/side.tsx";

export const meta: MetaFunction = () => [{ title: "Help · Two-Way" }];

type Key = readonly [keys: readonly string[], does: string];

const everywhere: readonly Key[] = [
  [["/"], "Go to the search"],
  [["Tab"], "Go to the next link, button or field"],
  [["Esc"], "Close what is open"],
];
const writing: readonly Key[] = [
  [["Ctrl", "B"], "Bold"],
  [["Ctrl", "I"], "Italic"],
  [["Ctrl", "K"], "Link"],
  [["Ctrl", "Z"], "Undo your own last change, never somebody else’s"],
  [["Ctrl", "Shift", "Z"], "Do it again"],
  [["/"], "At the start of a line: choose a block"],
  [["#", "Space"], "Heading; ## and ### for smaller ones"],
  [["-", "Space"], "List; 1. for a numbered one"],
  [["@"], "Mention a person"],
  [["Tab"], "In a table: the next cell"],
];

const words: readonly (readonly [string, string])[] = [
  [
    "Side",
    "Every member acts for the provider or the employer; conveners stand between them. Each side has a shape, a line and a colour.",
  ],
  ["Provider", "A college, independent training provider or university that trains."],
  ["Exchange", "A meeting in which leaders of both sides decide together."],
  ["Curriculum plan", "What is taught, when and why. Not a lesson plan."],
  ["Line of sight to work", "A learner can see how what is learnt leads to real work."],
  [
    "Occupational standard",
    "What an occupation demands, written by employers: duties, knowledge, skills and behaviours.",
  ],
  ["KSB", "Knowledge, skills and behaviours: the parts of an occupational standard that learners show."],
  ["GLH", "Guided learning hours: time in which learners are taught or directly supervised."],
  ["RPL", "Recognition of prior learning: what somebody already knows and can do is counted."],
  ["Co-delivery", "Both sides teach, host or assess."],
  [
    "Version",
    "The text exactly as it stood at one moment. Versions are never changed; an old one can be brought back, which is a new change and loses nothing.",
  ],
  ["Leader", "Somebody with the authority to agree for their side."],
  ["Facilitator", "A neutral person who runs exchanges and agrees for nobody."],
];

function Keys({ title, keys }: { title: string; keys: readonly Key[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <dl className="keys">
        {keys.map(([combination, does]) => (
          <div key={does}>
            <dt>
              {combination.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="help-section">
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

export default function Help() {
  return (
    <PlainPage
      title="Help"
      lead="Two-Way is the table at which a college and an employer write a curriculum together."
    >
      <nav aria-label="On this page" className="on-page">
        <ul className="plain cluster">
          <li>
            <Link to="#how">How it works</Link>
          </li>
          <li>
            <Link to="#keyboard">Keyboard</Link>
          </li>
          <li>
            <Link to="#words">Words</Link>
          </li>
          <li>
            <Link to="#accessibility">Accessibility</Link>
          </li>
        </ul>
      </nav>
      <Section id="how" title="How it works">
        <ul className="help-list">
          <li>
            Both sides write in the same text at the same time. You see who is there, and where they write.
          </li>
          <li>
            “Saved” means that the server has stored your words on its disk. Until then the page says so and
            keeps them.
          </li>
          <li>
            Without a connection you go on writing. What you wrote is kept on this device and joins the
            others’ text when the connection is back. On a shared computer nothing is kept.
          </li>
          <li>Undo takes back your own changes only.</li>
          <li>
            The text is kept as versions by itself. Name the ones that matter, such as “After exchange 3”, so
            that both sides can find them.
          </li>
          <li>
            “Bring this back” makes an earlier version the present text again. It is a change like any other:
            the text as it was before stays among the versions.
          </li>
        </ul>
        <p className="cluster side-key">
          <span className="by by-provider">
            <SideMark side="provider" />
            provider, round and solid
          </span>
          <span className="by by-employer">
            <SideMark side="employer" />
            employer, square and dashed
          </span>
          <span className="by by-intermediary">
            <SideMark side="intermediary" />
            convener or no side, dotted
          </span>
        </p>
      </Section>
      <Section id="keyboard" title="Keyboard">
        <p className="muted">On a Mac, use ⌘ where Ctrl is written.</p>
        <div className="keys-columns">
          <Keys title="Everywhere" keys={everywhere} />
          <Keys title="While writing" keys={writing} />
        </div>
      </Section>
      <Section id="words" title="Words of the trade">
        <dl className="words">
          {words.map(([word, meaning]) => (
            <div key={word}>
              <dt>{word}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section id="accessibility" title="Accessibility statement">
        <div className="stack prose">
          <p>
            We build Two-Way to meet the Web Content Accessibility Guidelines 2.2 at level AA, in light and
            dark, at 320 pixels’ width and at 200 % zoom. Every page is checked with axe by our tests, in its
            empty, full and refused states.
          </p>
          <p>
            Everything can be done with the keyboard alone, and nothing needs dragging: what can be moved has
            buttons. Sides and states are told by shape and word as well as by colour. Motion is short, and
            there is none when your device asks for less of it. Lists, forms, menus and versions work without
            JavaScript; writing together needs it.
          </p>
          <p>
            What we know to be weaker: the picture of the street is drawn for the eye, so the lists beside it
            say the same; and in a long text with many people writing, some screen readers announce changes
            late.
          </p>
          <p>
            Something stands in your way? Tell the facilitator of your partnership or the administrator of
            your programme; they can reach those who run this server.
          </p>
        </div>
      </Section>
    </PlainPage>
  );
}
