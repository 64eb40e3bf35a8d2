/**
 * The text of a Yjs document as JSON, read as it is: no schema, so nothing is dropped
 * that this release does not know, and no recursion, because depth comes over the wire.
 * Attributes are as peers wrote them; whoever shows them asks `attributes.ts` or
 * `app/export` (rulings 22).
 */
import * as Y from "yjs";
import { textFragment } from "./seed.ts";

export type JsonNode = {
  type: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: JsonNode[];
};

/** y-tiptap may add `--` and a hash to the name of a mark that may overlap itself. */
function markName(key: string): string {
  return /(.*)--[A-Za-z0-9+/=]{8}$/.exec(key)?.[1] ?? key;
}

function textNodes(text: Y.XmlText): JsonNode[] {
  const nodes: JsonNode[] = [];
  for (const piece of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof piece.insert !== "string" || piece.insert === "") continue;
    const marks = Object.entries(piece.attributes ?? {})
      .filter(([key, value]) => key !== "ychange" && value !== null)
      .map(([key, value]) => {
        const attrs = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
        return { type: markName(key), ...(Object.keys(attrs).length > 0 ? { attrs } : {}) };
      })
      // Yjs keeps the order in which marks were set, which differs between replicas.
      .sort((one, other) => (one.type < other.type ? -1 : one.type > other.type ? 1 : 0));
    nodes.push({ type: "text", text: piece.insert, ...(marks.length > 0 ? { marks } : {}) });
  }
  return nodes;
}

/** The document in the fragment `default`. Writes nothing into it. */
export function readFragment(document: Y.Doc, name: string = textFragment): JsonNode & { type: "doc" } {
  const root: JsonNode & { type: "doc" } = { type: "doc" };
  const waiting: { from: Y.XmlFragment; into: JsonNode }[] = [
    { from: document.getXmlFragment(name), into: root },
  ];
  while (waiting.length > 0) {
    const job = waiting.pop();
    if (job === undefined) break;
    const content: JsonNode[] = [];
    for (const child of job.from.toArray()) {
      if (child instanceof Y.XmlText) {
        content.push(...textNodes(child));
      } else if (child instanceof Y.XmlElement) {
        const attrs = child.getAttributes() as Record<string, unknown>;
        const node: JsonNode = {
          type: child.nodeName,
          ...(Object.keys(attrs).length > 0 ? { attrs: { ...attrs } } : {}),
        };
        content.push(node);
        waiting.push({ from: child, into: node });
      }
    }
    if (content.length > 0) job.into.content = content;
  }
  return root;
}
