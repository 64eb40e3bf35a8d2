/**
 * What a person can do to the text, once: toolbar, slash menu and shortcut sheet read
 * from here. A command knows its words, its key, when it is on, and how it is done.
 */
import type { ChainedCommands, Editor } from "@tiptap/core";
import { TextSelection, type Transaction } from "@tiptap/pm/state";
import type { IconName } from "./editor-icon.tsx";

export type EditorCommand = {
  readonly id: string;
  readonly label: string;
  /** One line of help in the slash menu. */
  readonly hint?: string;
  readonly icon: IconName;
  /** Tiptap's notation, e.g. `Mod-b`; for the sheet and for tool tips. */
  readonly keys?: string;
  /** More words under which the slash menu finds it. */
  readonly also?: string;
  readonly isOn?: (editor: Editor) => boolean;
  readonly run: (chain: ChainedCommands) => ChainedCommands;
};

const heading = (level: 2 | 3 | 4, label: string, hint: string): EditorCommand => ({
  id: `heading-${level}`,
  label,
  hint,
  icon: level === 2 ? "heading" : level === 3 ? "subheading" : "small-heading",
  keys: `Mod-Alt-${level - 1}`,
  also: `h${level - 1} title section`,
  isOn: (editor) => editor.isActive("heading", { level }),
  run: (chain) => chain.toggleNode("heading", "paragraph", { level }),
});

/**
 * A table asked for inside a table goes behind it: one in a cell is too narrow to write in,
 * and Markdown has none.
 */
function leaveTable(transaction: Transaction): boolean {
  const { $from } = transaction.selection;
  const depth = [...Array($from.depth + 1).keys()].find((level) => $from.node(level).type.name === "table");
  const paragraph = transaction.doc.type.schema.nodes["paragraph"];
  if (depth === undefined || paragraph === undefined) return true;
  const behind = $from.after(depth);
  transaction.insert(behind, paragraph.create());
  transaction.setSelection(TextSelection.create(transaction.doc, behind + 1));
  return true;
}

/**
 * Gives the header cells of the table around the cursor a word each, and selects the
 * first: a header without a word tells a screen reader nothing. Typing replaces it.
 */
function nameColumns(transaction: Transaction): boolean {
  const { $from } = transaction.selection;
  const depth = [...Array($from.depth + 1).keys()].findLast(
    (level) => $from.node(level).type.name === "table",
  );
  if (depth === undefined) return true;
  const places: number[] = [];
  const start = $from.start(depth);
  $from.node(depth).descendants((node, position) => {
    // Two steps in: the cell, then its paragraph.
    if (node.type.name === "tableHeader") places.push(start + position + 2);
    return !node.isTextblock;
  });
  const words = places.map((_place, index) => `Column ${index + 1}`);
  for (const [index, place] of [...places.entries()].reverse()) {
    transaction.insertText(words[index] ?? "", place);
  }
  const [first] = places;
  if (first !== undefined) {
    transaction.setSelection(TextSelection.create(transaction.doc, first, first + (words[0]?.length ?? 0)));
  }
  return true;
}

/** Marks: the toolbar's first group and the bubble bar. */
export const markCommands: readonly EditorCommand[] = [
  {
    id: "bold",
    label: "Bold",
    icon: "bold",
    keys: "Mod-b",
    isOn: (editor) => editor.isActive("bold"),
    run: (chain) => chain.toggleBold(),
  },
  {
    id: "italic",
    label: "Italic",
    icon: "italic",
    keys: "Mod-i",
    isOn: (editor) => editor.isActive("italic"),
    run: (chain) => chain.toggleItalic(),
  },
  {
    id: "underline",
    label: "Underline",
    icon: "underline",
    keys: "Mod-u",
    isOn: (editor) => editor.isActive("underline"),
    run: (chain) => chain.toggleUnderline(),
  },
  {
    id: "strike",
    label: "Strike through",
    icon: "strike",
    keys: "Mod-Shift-s",
    isOn: (editor) => editor.isActive("strike"),
    run: (chain) => chain.toggleStrike(),
  },
  {
    id: "code",
    label: "Code",
    icon: "code",
    keys: "Mod-e",
    isOn: (editor) => editor.isActive("code"),
    run: (chain) => chain.toggleCode(),
  },
];

/** Blocks: the toolbar's middle group and the slash menu. */
export const blockCommands: readonly EditorCommand[] = [
  {
    id: "paragraph",
    label: "Text",
    hint: "Plain paragraph",
    icon: "text",
    keys: "Mod-Alt-0",
    isOn: (editor) => editor.isActive("paragraph"),
    run: (chain) => chain.setParagraph(),
  },
  heading(2, "Heading", "Begins a section; appears in the outline"),
  heading(3, "Subheading", "A part of a section"),
  heading(4, "Small heading", "A part of a part"),
  {
    id: "bullet-list",
    label: "List",
    hint: "Points in no particular order",
    icon: "list",
    keys: "Mod-Shift-8",
    also: "bullet points ul",
    isOn: (editor) => editor.isActive("bulletList"),
    run: (chain) => chain.toggleBulletList(),
  },
  {
    id: "ordered-list",
    label: "Numbered list",
    hint: "Steps in order",
    icon: "numbers",
    keys: "Mod-Shift-7",
    also: "ordered ol steps",
    isOn: (editor) => editor.isActive("orderedList"),
    run: (chain) => chain.toggleOrderedList(),
  },
  {
    id: "task-list",
    label: "Task list",
    hint: "Things to do, with a box to tick",
    icon: "action",
    keys: "Mod-Shift-9",
    also: "todo check action",
    isOn: (editor) => editor.isActive("taskList"),
    run: (chain) => chain.toggleTaskList(),
  },
  {
    id: "table",
    label: "Table",
    hint: "Three columns with a header row",
    icon: "grid",
    also: "grid columns rows",
    isOn: (editor) => editor.isActive("table"),
    run: (chain) =>
      chain
        .command(({ tr }) => leaveTable(tr))
        .insertTable({ rows: 3, cols: 3, withHeaderRow: true })
        .command(({ tr }) => nameColumns(tr)),
  },
  {
    id: "quote",
    label: "Quotation",
    hint: "Somebody’s words",
    icon: "quote",
    keys: "Mod-Shift-b",
    also: "quote blockquote citation",
    isOn: (editor) => editor.isActive("blockquote"),
    run: (chain) => chain.toggleBlockquote(),
  },
  {
    id: "callout-note",
    label: "Note",
    hint: "Set apart from the text",
    icon: "info",
    also: "callout box info",
    isOn: (editor) => editor.isActive("callout", { tone: "note" }),
    run: (chain) => chain.toggleCallout("note"),
  },
  {
    id: "callout-important",
    label: "Important",
    hint: "What nobody should miss",
    icon: "agreed",
    also: "callout box",
    isOn: (editor) => editor.isActive("callout", { tone: "important" }),
    run: (chain) => chain.toggleCallout("important"),
  },
  {
    id: "callout-warning",
    label: "Warning",
    hint: "What could go wrong",
    icon: "warning",
    also: "callout box risk",
    isOn: (editor) => editor.isActive("callout", { tone: "warning" }),
    run: (chain) => chain.toggleCallout("warning"),
  },
  {
    id: "rule",
    label: "Divider",
    hint: "A line between two parts",
    icon: "rule",
    also: "rule hr line separator",
    run: (chain) => chain.setHorizontalRule(),
  },
  {
    id: "code-block",
    label: "Code block",
    hint: "Text as it was typed",
    icon: "code-block",
    keys: "Mod-Alt-c",
    isOn: (editor) => editor.isActive("codeBlock"),
    run: (chain) => chain.toggleCodeBlock(),
  },
];

/** Shown while the cursor is in a table. */
export const tableCommands: readonly EditorCommand[] = [
  {
    id: "row-above",
    label: "Row above",
    icon: "row-above",
    keys: "Alt-Shift-ArrowUp",
    run: (chain) => chain.addRowBefore(),
  },
  {
    id: "row-below",
    label: "Row below",
    icon: "row-below",
    keys: "Alt-Shift-ArrowDown",
    run: (chain) => chain.addRowAfter(),
  },
  {
    id: "column-left",
    label: "Column left",
    icon: "column-left",
    keys: "Alt-Shift-ArrowLeft",
    run: (chain) => chain.addColumnBefore(),
  },
  {
    id: "column-right",
    label: "Column right",
    icon: "column-right",
    keys: "Alt-Shift-ArrowRight",
    run: (chain) => chain.addColumnAfter(),
  },
  {
    id: "header-row",
    label: "Header row",
    icon: "header-row",
    keys: "Alt-Shift-h",
    isOn: (editor) => editor.isActive("tableHeader"),
    run: (chain) => chain.toggleHeaderRow(),
  },
  {
    id: "delete-row",
    label: "Delete row",
    icon: "delete-row",
    keys: "Alt-Shift-Backspace",
    run: (chain) => chain.deleteRow(),
  },
  {
    id: "delete-column",
    label: "Delete column",
    icon: "delete-column",
    run: (chain) => chain.deleteColumn(),
  },
  { id: "delete-table", label: "Delete table", icon: "close", run: (chain) => chain.deleteTable() },
];

/** Keys as people read them, e.g. `Ctrl+Alt+1`, or with ⌘ on a Mac. */
export function keysInWords(keys: string, isMac: boolean): string {
  const names: Readonly<Record<string, string>> = isMac
    ? { Mod: "⌘", Alt: "⌥", Shift: "⇧" }
    : { Mod: "Ctrl", Alt: "Alt", Shift: "Shift" };
  const arrows: Readonly<Record<string, string>> = {
    ArrowUp: "↑",
    ArrowDown: "↓",
    ArrowLeft: "←",
    ArrowRight: "→",
    Backspace: "Backspace",
    Enter: "Enter",
  };
  return keys
    .split("-")
    .map((key) => names[key] ?? arrows[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isMac ? "" : "+");
}
