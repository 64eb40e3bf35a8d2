/** Icons only the editor needs, drawn like the house's own (20 by 20, a line of 1.5 px). */
import { type IconName as HouseIcon, Icon } from "../components/icon.tsx";

const own = {
  underline: "M6 3.5v6a4 4 0 0 0 8 0v-6M5 16.5h10",
  strike:
    "M13.5 6.2c-.5-1.5-1.8-2.4-3.6-2.4-2.1 0-3.6 1.1-3.6 2.8 0 1.4 1 2.2 2.6 2.7M3.5 10h13M6.2 13.3c.4 1.8 1.8 2.9 3.9 2.9 2.2 0 3.7-1.1 3.7-2.9 0-.6-.2-1.1-.5-1.6",
  code: "m7 6-4 4 4 4M13 6l4 4-4 4",
  "code-block": "M3.25 4.25h13.5v11.5H3.25V4.25ZM8 8l-2 2 2 2M12 8l2 2-2 2",
  numbers:
    "M8 5h9M8 10h9M8 15h9M3.2 4l1.1-.6v3M3 9.3a1 1 0 1 1 1.7.7L3 11.6h2M3 13.6h1.8l-1 1.2a.9.9 0 1 1-.9 1.4",
  quote: "M8.5 6.5c-2 .6-3.5 2-3.5 4.5v2.5h3.5V10H6.7M15.5 6.5c-2 .6-3.5 2-3.5 4.5v2.5h3.5V10h-1.8",
  rule: "M3 10h14",
  redo: "M16 7.5H8A4.25 4.25 0 0 0 8 16h4M12.5 4 16 7.5 12.5 11",
  keyboard: "M2.75 5.25h14.5v9.5H2.75v-9.5ZM5.5 8.25h.1M8.5 8.25h.1M11.5 8.25h.1M14.5 8.25h.1M6.5 11.75h7",
  "row-above": "M3.25 10.5h13.5v6H3.25v-6ZM10 3v5M7.5 5.5h5",
  "row-below": "M3.25 3.5h13.5v6H3.25v-6ZM10 12v5M7.5 14.5h5",
  "column-left": "M10.5 3.25v13.5h6V3.25h-6ZM3 10h5M5.5 7.5v5",
  "column-right": "M3.5 3.25v13.5h6V3.25h-6ZM12 10h5M14.5 7.5v5",
  "header-row": "M3.25 3.75h13.5v12.5H3.25V3.75ZM3.25 8h13.5M5.5 6h3",
  "delete-row": "M3.25 3.5h13.5v6H3.25v-6ZM7.5 14.5h5",
  "delete-column": "M3.5 3.25v13.5h6V3.25h-6ZM12 10h5",
} as const;

/** Headings are told apart by their number better than by a drawing. */
const letters = { heading: "H1", subheading: "H2", "small-heading": "H3" } as const;

export type IconName = HouseIcon | keyof typeof own | keyof typeof letters;

function isLetters(name: IconName): name is keyof typeof letters {
  return Object.hasOwn(letters, name);
}

function isOwn(name: IconName): name is keyof typeof own {
  return Object.hasOwn(own, name);
}

/** One icon, hidden from screen readers: the button around it carries the name. */
export function EditorIcon({ name }: { name: IconName }) {
  if (isLetters(name)) {
    // Drawn by the style sheet: letters in the page would be read beside the button's name.
    return <span className="tool-word" data-word={letters[name]} aria-hidden="true" />;
  }
  if (!isOwn(name)) return <Icon name={name} />;
  return (
    <svg className="i" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={own[name]} />
    </svg>
  );
}
