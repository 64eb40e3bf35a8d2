/**
 * The icon set: 20 by 20, a 1.5 px line with round ends, in the colour of the text
 * beside it. An icon stands beside a word and is hidden from screen readers; where it
 * stands alone, the button or link around it carries the name.
 */

/** Each icon as path data; circles are written as arcs so that one path draws each. */
const paths = {
  action: "M16.75 10v6.75H3.25V3.25H12M7 9.5l3 3 7-8",
  agreed: "M2.75 10a7.25 7.25 0 1 0 14.5 0a7.25 7.25 0 1 0 -14.5 0Z M6.5 10.3l2.4 2.4 4.6-5",
  arrow: "M3.5 10h13M11.5 5l5 5-5 5",
  bold: "M6.5 4h4.25a2.9 2.9 0 0 1 0 5.8H6.5V4ZM6.5 9.8h5a3.1 3.1 0 0 1 0 6.2h-5V9.8Z",
  calendar: "M3.25 5h13.5v11.75H3.25V5ZM3.25 8.75h13.5M6.75 3v3.5M13.25 3v3.5",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  clock: "M2.75 10a7.25 7.25 0 1 0 14.5 0a7.25 7.25 0 1 0 -14.5 0Z M10 5.75V10l3 2",
  close: "m5 5 10 10M15 5 5 15",
  cloud: "M6 15.25h8.25a3 3 0 0 0 .4-5.97A4.75 4.75 0 0 0 5.5 8.5 3.4 3.4 0 0 0 6 15.25Z",
  comment: "M3 4.25h14v9.5H9.5L6 16.75v-3H3v-9.5Z",
  document: "M5 2.75h6.5L15.25 6.5v10.75H5V2.75ZM11.25 2.75v4h4M7.5 10.5h5M7.5 13.5h5",
  down: "M10 3.5v13M5 11.5l5 5 5-5",
  download: "M10 3v9.5M6 8.75l4 4 4-4M3.5 16.75h13",
  filter: "M3 5h14M6 10h8M8.5 15h3",
  grid: "M3.25 3.25h13.5v13.5H3.25V3.25ZM3.25 7.75h13.5M7.75 3.25v13.5M12.25 7.75v9",
  help: "M2.75 10a7.25 7.25 0 1 0 14.5 0a7.25 7.25 0 1 0 -14.5 0Z M7.9 8a2.15 2.15 0 1 1 3.2 1.9c-.7.4-1.1.8-1.1 1.6M10 14v.1",
  history: "M3.25 10a6.75 6.75 0 1 0 2-4.8L3.25 7.2M3.25 3.5v3.7h3.7M10 6.5V10l2.5 1.75",
  info: "M2.75 10a7.25 7.25 0 1 0 14.5 0a7.25 7.25 0 1 0 -14.5 0Z M10 9.25v4.25M10 6.4v.1",
  italic: "M8.5 4h6M5.5 16h6M12 4 8 16",
  left: "M12 5.5 7.5 10l4.5 4.5",
  link: "M8.5 11.5a3 3 0 0 0 4.25 0l2.5-2.5A3 3 0 0 0 11 4.75l-1 1M11.5 8.5a3 3 0 0 0-4.25 0l-2.5 2.5A3 3 0 0 0 9 15.25l1-1",
  list: "M7 5h10M7 10h10M7 15h10M3.25 5h.1M3.25 10h.1M3.25 15h.1",
  lock: "M4.5 9h11v7.75h-11V9ZM6.75 9V6.5a3.25 3.25 0 0 1 6.5 0V9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  more: "M4.5 10h.1M10 10h.1M15.5 10h.1",
  move: "M6.5 16V4.5M3.5 7.5l3-3 3 3M13.5 4v11.5M10.5 12.5l3 3 3-3",
  "not-yet": "M2.75 10a7.25 7.25 0 1 0 14.5 0a7.25 7.25 0 1 0 -14.5 0Z M6.5 10h7",
  offline:
    "M3 3l14 14M5.5 8.75a8.5 8.5 0 0 1 2.25-1.25M10.5 6.8c1.7.1 3.1.8 4.3 1.9M8 11.75a4 4 0 0 1 2.25-.75M10 14.75h.1",
  people:
    "M4.75 7a2.75 2.75 0 1 0 5.5 0a2.75 2.75 0 1 0 -5.5 0Z M2.5 16c.3-3 2.2-4.75 5-4.75s4.7 1.75 5 4.75M12.75 4.5a2.75 2.75 0 0 1 0 5M14.25 11.6c1.9.6 3 2.1 3.25 4.4",
  photo: "M3 4.25h14v11.5H3V4.25ZM3 13l4-3.75 3.25 3 2.5-2 4.25 3.5 M11.75 7.5a1 1 0 1 0 2 0a1 1 0 1 0 -2 0Z",
  plus: "M10 4v12M4 10h12",
  print: "M5.75 7.5V3.25h8.5V7.5M5.75 13.5H3.25v-6h13.5v6h-2.5M5.75 11.5h8.5v5.25h-8.5V11.5Z",
  right: "m8 5.5 4.5 4.5L8 14.5",
  search: "M3.75 9a5.25 5.25 0 1 0 10.5 0a5.25 5.25 0 1 0 -10.5 0Z M13 13l4 4",
  stop: "M6.7 2.75h6.6l3.95 3.95v6.6l-3.95 3.95H6.7L2.75 13.3V6.7L6.7 2.75ZM10 6.25v4.5M10 13.6v.1",
  street: "M2.5 8h15M2.5 12h15M5 8V4.5M8 8V3M12 12v4M15 12v2.5",
  suggest: "m12.5 4 3.5 3.5L7 16.5l-4 .5.5-4L12.5 4ZM10.5 6l3.5 3.5",
  text: "M4 5.25V4h12v1.25M10 4v12M8 16h4",
  tick: "m4 10.5 4 4 8-9",
  undo: "M4 7.5h8a4.25 4.25 0 0 1 0 8.5H8M7.5 4 4 7.5 7.5 11",
  up: "M10 16.5v-13M5 8.5l5-5 5 5",
  upload: "M10 13V3.5M6 7.25l4-4 4 4M3.5 16.75h13",
  warning: "M10 3 17.5 16.5h-15L10 3ZM10 8.25v3.5M10 14.1v.1",
} as const;

export type IconName = keyof typeof paths;

/** One icon. `small` is 16 px, for buttons and lines of small text. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? "i i-s" : "i"} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
