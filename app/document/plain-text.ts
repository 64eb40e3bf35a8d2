/**
 * The words of a document without their form: for search, word counts and the copy a
 * person takes away. Reads JSON that nobody has checked, without recursion, because
 * depth comes over the wire.
 */

import { pushReversed } from "./push-all.ts";

type Loose = { type?: unknown; text?: unknown; attrs?: unknown; content?: unknown };

const inlineTypes: ReadonlySet<unknown> = new Set(["text", "hardBreak", "mention"]);

function labelOf(attributes: unknown, name: string): string {
  const value = (attributes as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === "string" ? value : "";
}

/**
 * Text with one line per block; pieces of a table row are parted by tabs only in so far
 * as each cell is a line of its own. Unknown nodes give their text, mentions `@name`,
 * pictures their alternative text.
 */
export function plainText(json: { readonly type: string; readonly content?: readonly unknown[] }): string {
  const lines: string[] = [];
  let current = "";
  const endLine = () => {
    const line = current.trimEnd();
    if (line.trim() !== "") lines.push(line);
    current = "";
  };
  const waiting: unknown[] = [json];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    const node = value as Loose;
    if (node.type === "text") {
      if (typeof node.text === "string") current += node.text;
      continue;
    }
    if (node.type === "hardBreak") current += "\n";
    else if (node.type === "mention") current += `@${labelOf(node.attrs, "label")}`;
    if (inlineTypes.has(node.type)) continue;
    endLine();
    if (node.type === "image") current += labelOf(node.attrs, "alt");
    if (Array.isArray(node.content)) pushReversed(waiting, node.content);
  }
  endLine();
  return lines.join("\n");
}

/** Words between spaces that hold a letter or a digit: "Level 3 – plan" has three. */
export function countWords(text: string): number {
  let words = 0;
  for (const piece of text.split(/\s+/u)) if (/[\p{L}\p{N}]/u.test(piece)) words += 1;
  return words;
}
