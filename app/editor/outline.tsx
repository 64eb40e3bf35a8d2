/**
 * The outline: the headings of the document, the current one marked, the number of
 * words below. The same list stands in the left column and in the sheet of a phone.
 */
import { memo } from "react";
import { Icon } from "../components/icon.tsx";

export type OutlineEntry = {
  /** Where the heading is: its place among headings, from 0. */
  readonly index: number;
  /** 2, 3 or 4. */
  readonly level: number;
  readonly text: string;
};

type OutlineProps = {
  readonly entries: readonly OutlineEntry[];
  readonly current: number | null;
  readonly words: number;
  /** Null before the editor stands: headings are links into the page then. */
  readonly onChoose: ((index: number) => void) | null;
};

/** Address of a heading in the page drawn by the server. */
export function headingAnchor(index: number): string {
  return `heading-${index + 1}`;
}

function Entries({ entries, current, onChoose }: Omit<OutlineProps, "words">) {
  let section = 0;
  return (
    <ul className="plain">
      {entries.map((entry) => {
        const isSection = entry.level <= 2;
        if (isSection) section += 1;
        return (
          <li key={entry.index} className={isSection ? undefined : `sub sub-${entry.level}`}>
            <a
              href={`#${headingAnchor(entry.index)}`}
              aria-current={current === entry.index ? "true" : undefined}
              onClick={(event) => {
                if (onChoose === null) return;
                event.preventDefault();
                onChoose(entry.index);
              }}
            >
              {isSection ? <span className="n">{section}</span> : null}
              <span>{entry.text}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Body(props: OutlineProps) {
  return (
    <>
      {props.entries.length === 0 ? (
        <p className="small muted outline-empty">Headings of the text appear here.</p>
      ) : (
        <Entries {...props} />
      )}
      <p className="small muted outline-foot num">
        {props.words.toLocaleString("en-GB")} {props.words === 1 ? "word" : "words"}
      </p>
    </>
  );
}

/** The left column. Drawn anew only when it changes: the page around it does with every key. */
export const Outline = memo(function Outline(props: OutlineProps) {
  return (
    <nav className="outline" aria-label="Outline">
      <h2>Outline</h2>
      <Body {...props} />
    </nav>
  );
});

/** On a phone: a bar at the bottom that opens the outline as a sheet. */
export const OutlineSheet = memo(function OutlineSheet(props: OutlineProps) {
  return (
    <details className="pocket" name="pocket">
      <summary>
        <Icon name="menu" />
        Outline
      </summary>
      <nav className="outline pocket-sheet" aria-label="Outline, small screen">
        <Body {...props} />
      </nav>
    </details>
  );
});
