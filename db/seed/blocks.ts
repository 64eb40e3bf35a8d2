/** Small words for writing document JSON by hand: demonstration pages and scripts use them. */

export type Inline = {
  readonly type: "text";
  readonly text: string;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> }[];
};
export type Block = {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly (Block | Inline)[];
};

/** Text with `**strong**` and `_emphasised_` pieces. */
export function inline(text: string): readonly Inline[] {
  return text
    .split(/(\*\*[^*]+\*\*|(?<![\p{L}\p{N}])_[^_]+_(?![\p{L}\p{N}]))/u)
    .filter((piece) => piece !== "")
    .map((piece): Inline => {
      if (piece.startsWith("**"))
        return { type: "text", text: piece.slice(2, -2), marks: [{ type: "bold" }] };
      if (piece.length > 2 && piece.startsWith("_") && piece.endsWith("_")) {
        return { type: "text", text: piece.slice(1, -1), marks: [{ type: "italic" }] };
      }
      return { type: "text", text: piece };
    });
}

export const p = (text: string): Block => ({
  type: "paragraph",
  ...(text === "" ? {} : { content: inline(text) }),
});
export const h = (level: 1 | 2 | 3, text: string): Block => ({
  type: "heading",
  attrs: { level },
  content: inline(text),
});
export const ul = (...items: readonly string[]): Block => ({
  type: "bulletList",
  content: items.map((item) => ({ type: "listItem", content: [p(item)] })),
});
export const ol = (...items: readonly string[]): Block => ({
  type: "orderedList",
  content: items.map((item) => ({ type: "listItem", content: [p(item)] })),
});
export const tasks = (...items: readonly (readonly [isDone: boolean, text: string])[]): Block => ({
  type: "taskList",
  content: items.map(([checked, text]) => ({ type: "taskItem", attrs: { checked }, content: [p(text)] })),
});
export const quote = (...texts: readonly string[]): Block => ({ type: "blockquote", content: texts.map(p) });

/** A table with a header row. */
export const table = (header: readonly string[], ...rows: readonly (readonly string[])[]): Block => ({
  type: "table",
  content: [
    { type: "tableRow", content: header.map((text) => ({ type: "tableHeader", content: [p(text)] })) },
    ...rows.map((row) => ({
      type: "tableRow",
      content: row.map((text) => ({ type: "tableCell", content: [p(text)] })),
    })),
  ],
});
