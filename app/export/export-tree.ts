/**
 * The one tree every file is made from: document JSON in, plain typed blocks out. Here
 * the content is made harmless (rulings 22): only known kinds of nodes, only safe
 * links, only our own pictures, no control characters, headings without gaps. No
 * renderer reads ProseMirror's JSON.
 */

import { type CalloutTone, calloutTones } from "../document/attributes.ts";
import { pushAll, pushReversed } from "../document/push-all.ts";
import { safeHref } from "../document/safe-link.ts";
import { isId } from "../domain/ids.ts";

/** Document JSON as it comes from a log: nothing about it is trusted. */
export type UntrustedJson = { readonly type: string; readonly content?: readonly unknown[] };

export type InlineMarks = {
  readonly isStrong?: true;
  readonly isEmphasised?: true;
  readonly isStruck?: true;
  readonly isUnderlined?: true;
  readonly isCode?: true;
};
export type ExportInline =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly marks: InlineMarks;
      readonly href: string | null;
    }
  | { readonly kind: "break" };

export type ExportListItem = {
  /** Null: an ordinary item. Otherwise a task, done or not. */
  readonly isDone: boolean | null;
  readonly blocks: readonly ExportBlock[];
};
export type ExportCell = {
  readonly isHeader: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly blocks: readonly ExportBlock[];
};
export type ExportBlock =
  | { readonly kind: "paragraph"; readonly inline: readonly ExportInline[] }
  | { readonly kind: "heading"; readonly level: number; readonly inline: readonly ExportInline[] }
  | {
      readonly kind: "list";
      readonly isOrdered: boolean;
      readonly start: number;
      readonly items: readonly ExportListItem[];
    }
  | { readonly kind: "quote"; readonly blocks: readonly ExportBlock[] }
  | { readonly kind: "callout"; readonly tone: CalloutTone; readonly blocks: readonly ExportBlock[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "rule" }
  | { readonly kind: "table"; readonly rows: readonly (readonly ExportCell[])[] }
  | { readonly kind: "image"; readonly imageId: string; readonly alt: string };

/** Deeper nesting is flattened to its text; the editor cannot make it (wire limits). */
export const depthMax = 64;

/** Without control characters, byte-order marks, non-characters and halves of surrogate pairs. */
export function cleanText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFEFF\uFFFD\uFFFE\uFFFF]/gu, (found) =>
    found === "\n" || found === "\t" ? found : "",
  );
}

type Node = {
  readonly type: string;
  readonly text?: unknown;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly content: readonly unknown[];
  readonly marks: readonly unknown[];
};

function nodeOf(value: unknown): Node | null {
  if (typeof value !== "object" || value === null) return null;
  const { type, text, attrs, content, marks } = value as Record<string, unknown>;
  if (typeof type !== "string") return null;
  return {
    type,
    text,
    attrs: typeof attrs === "object" && attrs !== null ? (attrs as Record<string, unknown>) : {},
    content: Array.isArray(content) ? content : [],
    marks: Array.isArray(marks) ? marks : [],
  };
}

/** A whole number within bounds; `otherwise` for anything else. */
function whole(value: unknown, least: number, most: number, otherwise: number): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= least && number <= most
    ? number
    : otherwise;
}

/** All text below a node, in order, without recursion. */
function textBelow(value: unknown, between = " "): string {
  const texts: string[] = [];
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const node = nodeOf(waiting.pop());
    if (node === null) continue;
    if (typeof node.text === "string") texts.push(node.text);
    pushReversed(waiting, node.content);
  }
  return cleanText(texts.join(between));
}

function inlineOf(content: readonly unknown[]): readonly ExportInline[] {
  const inline: ExportInline[] = [];
  for (const value of content) {
    const node = nodeOf(value);
    if (node === null) continue;
    if (node.type === "hardBreak") {
      inline.push({ kind: "break" });
      continue;
    }
    if (node.type === "mention") {
      const label = typeof node.attrs.label === "string" ? node.attrs.label : "someone";
      inline.push({ kind: "text", text: `@${cleanText(label)}`, marks: {}, href: null });
      continue;
    }
    const text =
      node.type === "text" && typeof node.text === "string" ? cleanText(node.text) : textBelow(value);
    if (text === "") continue;
    const marks = node.marks.map(nodeOf).filter((mark) => mark !== null);
    const has = (name: string) => marks.some((mark) => mark.type === name);
    inline.push({
      kind: "text",
      text,
      marks: {
        ...(has("bold") ? { isStrong: true as const } : {}),
        ...(has("italic") ? { isEmphasised: true as const } : {}),
        ...(has("strike") ? { isStruck: true as const } : {}),
        ...(has("underline") ? { isUnderlined: true as const } : {}),
        ...(has("code") ? { isCode: true as const } : {}),
      },
      href: safeHref(marks.find((mark) => mark.type === "link")?.attrs.href),
    });
  }
  return inline;
}

function toneOf(value: unknown): CalloutTone {
  return (calloutTones as readonly unknown[]).includes(value) ? (value as CalloutTone) : "note";
}

const inlineTypes = new Set(["text", "hardBreak", "mention"]);

function blocksOf(content: readonly unknown[], depth: number): readonly ExportBlock[] {
  const blocks: ExportBlock[] = [];
  let loose: unknown[] = [];
  const flush = () => {
    const inline = inlineOf(loose);
    if (inline.length > 0) blocks.push({ kind: "paragraph", inline });
    loose = [];
  };
  for (const value of content) {
    const node = nodeOf(value);
    if (node === null) continue;
    if (inlineTypes.has(node.type)) {
      loose.push(value);
      continue;
    }
    flush();
    pushAll(blocks, blockOf(node, depth));
  }
  flush();
  return blocks;
}

function itemsOf(node: Node, depth: number): readonly ExportListItem[] {
  return node.content.map(nodeOf).flatMap((item): ExportListItem[] => {
    if (item === null) return [];
    const isDone =
      item.type === "taskItem" ? item.attrs.checked === true || item.attrs.checked === "true" : null;
    return [{ isDone, blocks: blocksOf(item.content, depth + 1) }];
  });
}

/** Rows of a table. An empty one stays where merged cells from above cover it. */
function rowsOf(node: Node, depth: number): readonly (readonly ExportCell[])[] {
  let coveredUpTo = 0;
  return node.content
    .map(nodeOf)
    .filter((row) => row !== null)
    .map((row) =>
      row.content
        .map(nodeOf)
        .filter((cell) => cell !== null)
        .map((cell) => ({
          isHeader: cell.type === "tableHeader",
          columns: whole(cell.attrs.colspan, 1, 100, 1),
          rows: whole(cell.attrs.rowspan, 1, 100, 1),
          blocks: blocksOf(cell.content, depth + 1),
        })),
    )
    .filter((row, index) => {
      for (const cell of row) coveredUpTo = Math.max(coveredUpTo, index + cell.rows);
      return row.length > 0 || index < coveredUpTo;
    });
}

function blockOf(node: Node, depth: number): readonly ExportBlock[] {
  if (depth > depthMax) {
    const text = textBelow(node);
    return text === ""
      ? []
      : [{ kind: "paragraph", inline: [{ kind: "text", text, marks: {}, href: null }] }];
  }
  switch (node.type) {
    case "paragraph":
      return [{ kind: "paragraph", inline: inlineOf(node.content) }];
    case "heading": {
      const inline = inlineOf(node.content);
      return inline.length === 0
        ? []
        : [{ kind: "heading", level: whole(node.attrs.level, 1, 6, 2), inline }];
    }
    case "bulletList":
    case "orderedList":
    case "taskList": {
      const items = itemsOf(node, depth);
      const isOrdered = node.type === "orderedList";
      const start = whole(node.attrs.start, 0, 100_000, 1);
      return items.length === 0 ? [] : [{ kind: "list", isOrdered, start, items }];
    }
    case "blockquote":
      return [{ kind: "quote", blocks: blocksOf(node.content, depth + 1) }];
    case "callout":
      return [
        {
          kind: "callout",
          tone: toneOf(node.attrs.tone ?? node.attrs.kind),
          blocks: blocksOf(node.content, depth + 1),
        },
      ];
    case "codeBlock":
      return [{ kind: "code", text: textBelow(node, "") }];
    case "horizontalRule":
      return [{ kind: "rule" }];
    case "table": {
      const rows = rowsOf(node, depth);
      return rows.length === 0 ? [] : [{ kind: "table", rows }];
    }
    case "image": {
      // By its id alone: an address in a document could be anybody's (promise S5).
      const { imageId } = node.attrs;
      const alt = typeof node.attrs.alt === "string" ? cleanText(node.attrs.alt) : "";
      if (isId(imageId)) return [{ kind: "image", imageId, alt }];
      return alt === ""
        ? []
        : [{ kind: "paragraph", inline: [{ kind: "text", text: `[${alt}]`, marks: {}, href: null }] }];
    }
    default:
      // A kind this release does not know: its content is shown, its frame is not.
      return blocksOf(node.content, depth + 1);
  }
}

/** Headings that begin at `first` and never skip a level, so that a reader can jump along them. */
function withoutGaps(blocks: readonly ExportBlock[], first: number): readonly ExportBlock[] {
  const open: { from: number; to: number }[] = [];
  return blocks.map((block) => {
    if (block.kind !== "heading") return block;
    while (open.length > 0 && (open.at(-1)?.from ?? 0) >= block.level) open.pop();
    const level = Math.min(6, (open.at(-1)?.to ?? first - 1) + 1);
    open.push({ from: block.level, to: level });
    return { ...block, level };
  });
}

/**
 * The tree of a document. Headings begin at level 2 because the title is the first;
 * empty paragraphs at the end are left out.
 */
export function exportTree(json: UntrustedJson, firstHeading = 2): readonly ExportBlock[] {
  const blocks = [...blocksOf(json.content ?? [], 1)];
  const isEmpty = (block: ExportBlock | undefined) =>
    block?.kind === "paragraph" && block.inline.length === 0;
  while (isEmpty(blocks.at(-1))) blocks.pop();
  return withoutGaps(blocks, firstHeading);
}

/** Ids of all pictures in a tree, each once. */
export function imageIdsOf(blocks: readonly ExportBlock[]): readonly string[] {
  const found = new Set<string>();
  const waiting: ExportBlock[] = [...blocks];
  while (waiting.length > 0) {
    const block = waiting.pop();
    if (block === undefined) break;
    if (block.kind === "image") found.add(block.imageId);
    else if (block.kind === "quote" || block.kind === "callout") pushAll(waiting, block.blocks);
    else if (block.kind === "list")
      pushAll(
        waiting,
        block.items.flatMap((item) => item.blocks),
      );
    else if (block.kind === "table")
      pushAll(
        waiting,
        block.rows.flat().flatMap((cell) => cell.blocks),
      );
  }
  return [...found];
}
