/**
 * The words of one block with their marks as a Markdown tree. An editor keeps marks as a set
 * on each piece; Markdown nests them. A mark that several pieces share is written once around
 * them all, because `**a****b**` is not read back as two bold words; and spaces stand outside
 * of marks, because `**a **` is not bold at all (CommonMark 0.31, §6.2).
 */
import type { Delete, Emphasis, Link, PhrasingContent, Strong } from "mdast";
import type { ExportInline } from "./export-tree.ts";

type TextPiece = Extract<ExportInline, { kind: "text" }>;
type Mark = "link" | "strong" | "emphasis" | "delete";
type Marked = Link | Strong | Emphasis | Delete;

/** Outermost first where two reach equally far. Underlining has no sign in Markdown; its words stay. */
const marks: readonly Mark[] = ["link", "strong", "emphasis", "delete"];

function has(piece: ExportInline | undefined, mark: Mark, like: TextPiece): boolean {
  if (piece?.kind !== "text") return false;
  switch (mark) {
    case "link":
      return piece.href !== null && piece.href === like.href;
    case "strong":
      return piece.marks.isStrong === true;
    case "emphasis":
      return piece.marks.isEmphasised === true;
    case "delete":
      return piece.marks.isStruck === true;
  }
}

/** Pieces of a block as Markdown, each mark around the longest run that shares it. */
export function inlineMarkdown(inline: readonly ExportInline[]): PhrasingContent[] {
  return joined(outsideOfMarks(nested(inline, marks)));
}

function nested(inline: readonly ExportInline[], open: readonly Mark[]): PhrasingContent[] {
  const content: PhrasingContent[] = [];
  for (let at = 0; at < inline.length; ) {
    const piece = inline[at] as ExportInline;
    if (piece.kind === "break") {
      content.push({ type: "break" });
      at++;
      continue;
    }
    let outer: Mark | null = null;
    let end = at;
    for (const mark of open) {
      let reach = at;
      while (has(inline[reach], mark, piece)) reach++;
      if (reach > end) [outer, end] = [mark, reach];
    }
    if (outer === null) {
      content.push(bare(piece));
      at++;
      continue;
    }
    const children = nested(
      inline.slice(at, end),
      open.filter((mark) => mark !== outer),
    );
    content.push(
      outer === "link" ? { type: "link", url: piece.href ?? "", children } : { type: outer, children },
    );
    at = end;
  }
  return content;
}

function bare({ text, marks }: TextPiece): PhrasingContent {
  return { type: marks.isCode ? "inlineCode" : "text", value: text.replace(/\n/g, " ") };
}

const isMarked = (node: PhrasingContent): node is Marked =>
  node.type === "link" || node.type === "strong" || node.type === "emphasis" || node.type === "delete";

/** Moves spaces at the edges of marks out of them; a mark around nothing else goes. */
function outsideOfMarks(content: readonly PhrasingContent[]): PhrasingContent[] {
  return content.flatMap((node): PhrasingContent[] => {
    if (!isMarked(node)) return [node];
    const children = joined(outsideOfMarks(node.children));
    const before = takeSpace(children, "start");
    const after = takeSpace(children, "end");
    const inside = children.length === 0 ? [] : [{ ...node, children } as Marked];
    return [...before, ...inside, ...after];
  });
}

/** Takes the spaces at one end out of `children`, and gives them back as a text of their own. */
function takeSpace(children: PhrasingContent[], end: "start" | "end"): PhrasingContent[] {
  const index = end === "start" ? 0 : children.length - 1;
  const node = children[index];
  if (node?.type !== "text") return [];
  const { value } = node;
  const words = end === "start" ? value.trimStart() : value.trimEnd();
  if (words === value) return [];
  if (words === "") children.splice(index, 1);
  else children[index] = { type: "text", value: words };
  const length = value.length - words.length;
  return [{ type: "text", value: end === "start" ? value.slice(0, length) : value.slice(-length) }];
}

/** Texts beside each other become one. */
function joined(content: readonly PhrasingContent[]): PhrasingContent[] {
  const whole: PhrasingContent[] = [];
  for (const node of content) {
    const last = whole.at(-1);
    if (node.type === "text" && last?.type === "text")
      whole.splice(-1, 1, { type: "text", value: last.value + node.value });
    else whole.push(node);
  }
  return whole;
}
