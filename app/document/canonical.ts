/**
 * Canonical content: one text for one meaning, so that two people who read the same
 * plan sign the same hash (versions guide §5, rulings 16).
 *
 * Counted: node types, attributes that are set, in order of their names; text, with
 * neighbours of equal marks joined; marks in order; entries of shared maps in order.
 * Not counted: what an editor renumbers or a screen decides (`blockId`, column widths),
 * and marks of comments and pending suggestions. `canonVersion` is part of the hash, so
 * that a later rule can never break an agreement made under this one.
 */
import { createHash } from "node:crypto";

export const canonVersion = 1;

const volatileAttributes: ReadonlySet<string> = new Set(["blockId", "colwidth", "width"]);
const uncountedMarks: ReadonlySet<string> = new Set([
  "comment",
  "suggestion",
  "insertion",
  "deletion",
  "modification",
]);

type Node = {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly content?: readonly unknown[];
  readonly text?: string;
  readonly marks?: readonly { readonly type: string; readonly attrs?: Readonly<Record<string, unknown>> }[];
};
type Maps = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Canonical JSON of a document and the shared maps beside it. */
export function canonicalJson(
  json: { readonly type: string; readonly content?: readonly unknown[] },
  maps: Maps = {},
): string {
  const out: string[] = [`{"canon":${canonVersion},"doc":`];
  writeNodes(json as Node, out);
  out.push(`,"maps":${sorted(maps)}}`);
  return out.join("");
}

/** SHA-256 of the canonical JSON, hex. */
export function contentHash(
  json: { readonly type: string; readonly content?: readonly unknown[] },
  maps: Maps = {},
): string {
  return createHash("sha256").update(canonicalJson(json, maps)).digest("hex");
}

/** Writes the tree with a stack of its own: depth is not ours to trust (M9). */
function writeNodes(root: Node, out: string[]): void {
  const waiting: (Node | string)[] = [root];
  while (waiting.length > 0) {
    const next = waiting.pop() as Node | string;
    if (typeof next === "string") {
      out.push(next);
      continue;
    }
    out.push(`{"t":${JSON.stringify(next.type)}`);
    const attrs = attributes(next.attrs, volatileAttributes);
    if (attrs !== "{}") out.push(`,"a":${attrs}`);
    if (next.text !== undefined) out.push(`,"x":${JSON.stringify(next.text)}`);
    const marks = marksOf(next);
    if (marks !== "[]") out.push(`,"m":${marks}`);
    const children = joined(next.content ?? []);
    if (children.length === 0) {
      out.push("}");
      continue;
    }
    out.push(`,"c":[`);
    waiting.push("]}");
    for (let index = children.length - 1; index >= 0; index--) {
      waiting.push(children[index] as Node);
      if (index > 0) waiting.push(",");
    }
  }
}

/** Neighbouring texts with equal marks become one: where a node was cut is nobody's wording. */
function joined(content: readonly unknown[]): readonly Node[] {
  const out: Node[] = [];
  for (const child of content as readonly Node[]) {
    const last = out[out.length - 1];
    if (child.type === "text" && child.text === "") continue;
    if (last?.type === "text" && child.type === "text" && marksOf(last) === marksOf(child))
      out[out.length - 1] = { ...last, text: (last.text ?? "") + (child.text ?? "") };
    else out.push(child);
  }
  return out;
}

function marksOf(node: Node): string {
  if (!node.marks || node.marks.length === 0) return "[]";
  const marks = node.marks
    .filter((mark) => !uncountedMarks.has(mark.type))
    .map((mark) => {
      const attrs = attributes(mark.attrs, new Set());
      return `{"t":${JSON.stringify(mark.type)}${attrs === "{}" ? "" : `,"a":${attrs}`}}`;
    })
    .sort();
  return `[${marks.join(",")}]`;
}

function attributes(attrs: Node["attrs"], without: ReadonlySet<string>): string {
  if (!attrs) return "{}";
  return sorted(
    Object.fromEntries(
      Object.entries(attrs).filter(
        ([name, value]) => value !== null && value !== undefined && !without.has(name),
      ),
    ),
  );
}

/** JSON with the keys of every object in order. Attribute values are small and bounded by the frame. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );
}
