/**
 * Reads a Yjs document as ProseMirror JSON without asking any schema: what an older
 * server does not know comes out as it went in, and nothing is ever dropped for being
 * unknown (promise D14). Every walk is a loop: 20,000 nested elements are 243 kB and
 * would overflow the stack of a recursive one (M9, rulings 5). Attributes are as peers
 * wrote them; whoever shows them asks `attributes.ts` or `app/export` (rulings 22).
 * Whether the schema knows a node is asked afterwards, with `unknownTypes`.
 */

import * as Y from "yjs";
import { pushAll } from "./push-all.ts";
import { textFragment } from "./seed.ts";

export type JsonNode = {
  type: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: JsonNode[];
};
export type JsonDocument = JsonNode & { type: "doc" };

/** What a document holds: its text, and the shared maps beside it by the name of their root. */
export type DocumentContent = {
  readonly json: JsonDocument;
  readonly maps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

type SharedType = Y.AbstractType<unknown>;

/** As deep as the wire lets one message nest. */
const nestedLevelsMax = 64;

/** The text in one root. Writes nothing; a root nobody wrote into is an empty document. */
export function readFragment(document: Y.Doc, name: string = textFragment): JsonDocument {
  const root = document.share.get(name);
  return root ? readType(root as SharedType) : { type: "doc" };
}

/** Text and shared maps of a whole document, as its roots stand. */
export function readDocument(document: Y.Doc): DocumentContent {
  const maps: Record<string, Record<string, unknown>> = {};
  for (const [name, root] of document.share) {
    const entries: Record<string, unknown> = {};
    for (const [key, item] of root._map) if (!item.deleted) entries[key] = plainValue(item.content);
    if (Object.keys(entries).length > 0) maps[name] = entries;
  }
  return { json: readFragment(document), maps };
}

/** How deep the deepest element stands; 1 for a block of the document. */
export function depthOf(document: Y.Doc, name: string = textFragment): number {
  let deepest = 0;
  const root = document.share.get(name);
  const waiting: { type: SharedType; depth: number }[] = root ? [{ type: root as SharedType, depth: 0 }] : [];
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    deepest = Math.max(deepest, job.depth);
    for (let item = job.type._start; item !== null; item = item.right) {
      const child = item.deleted ? null : childOf(item.content);
      if (child instanceof Y.XmlElement)
        waiting.push({ type: child as unknown as SharedType, depth: job.depth + 1 });
    }
  }
  return deepest;
}

/** Names of nodes and marks that a schema does not know, each once, in order of appearance. */
export function unknownTypes(
  json: JsonNode,
  schema: { readonly nodes: object; readonly marks: object },
): readonly string[] {
  const unknown = new Set<string>();
  const waiting: JsonNode[] = [json];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!Object.hasOwn(schema.nodes, node.type)) unknown.add(node.type);
    for (const mark of node.marks ?? []) if (!Object.hasOwn(schema.marks, mark.type)) unknown.add(mark.type);
    for (const child of (node.content ?? []).toReversed()) waiting.push(child);
  }
  return [...unknown];
}

function readType(root: SharedType, level = 0): JsonDocument {
  const top: JsonDocument = { type: "doc" };
  const waiting: { from: SharedType; into: JsonNode }[] = [{ from: root, into: top }];
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    const content: JsonNode[] = [];
    for (let item = job.from._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      const child = childOf(item.content);
      if (child instanceof Y.XmlText) pushAll(content, textNodes(child, level));
      else if (child instanceof Y.XmlElement) {
        const attrs = attributesOf(child, level);
        const node: JsonNode = { type: child.nodeName, ...(attrs ? { attrs } : {}) };
        content.push(node);
        waiting.push({ from: child as unknown as SharedType, into: node });
      } else content.push({ type: "unknown", attrs: { value: plainValue(item.content, level) } });
    }
    if (content.length > 0) job.into.content = content;
  }
  return top;
}

function childOf(content: unknown): unknown {
  return content instanceof Y.ContentType ? content.type : null;
}

function attributesOf(element: Y.XmlElement, level: number): Record<string, unknown> | null {
  const attrs: Record<string, unknown> = {};
  for (const [name, item] of element._map) {
    const value = item.deleted ? null : plainValue(item.content, level);
    // ProseMirror's null means "not there"; y-tiptap never stores it, other writers may.
    if (value !== null && value !== undefined) attrs[name] = value;
  }
  return Object.keys(attrs).length > 0 ? attrs : null;
}

/** y-tiptap may add `--` and a hash to the name of a mark that may overlap itself. */
function markName(key: string): string {
  return /^(.*)--[A-Za-z0-9+/=]{8}$/.exec(key)?.[1] ?? key;
}

/** By code units: the same on every machine. */
function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function textNodes(text: Y.XmlText, level: number): JsonNode[] {
  const nodes: JsonNode[] = [];
  for (const piece of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (piece.insert === "") continue;
    const marks = Object.entries(piece.attributes ?? {})
      .filter(([key, value]) => key !== "ychange" && value !== null)
      .map(([key, value]) => ({ key, type: markName(key), value }))
      // Yjs keeps the order in which marks were set, which differs between replicas; of two
      // that overlap, and so have one name, the whole key decides.
      .sort((one, other) => inOrder(one.type, other.type) || inOrder(one.key, other.key))
      .map(({ type, value }) => {
        const attrs = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
        return { type, ...(Object.keys(attrs).length > 0 ? { attrs } : {}) };
      });
    const node: JsonNode =
      typeof piece.insert === "string"
        ? { type: "text", text: piece.insert }
        : {
            type: "unknown",
            attrs: {
              value:
                piece.insert instanceof Y.AbstractType ? plainType(piece.insert, level + 1) : piece.insert,
            },
          };
    nodes.push(marks.length > 0 ? { ...node, marks } : node);
  }
  return nodes;
}

/**
 * A shared type that stands where text or an attribute is expected, as plain JSON. Below
 * 64 levels nothing is shown: nobody honest nests so deep, and whoever writes the value
 * out would overflow the stack.
 */
function plainType(type: SharedType, level: number): unknown {
  if (level > nestedLevelsMax) return null;
  if (type instanceof Y.XmlFragment) return readType(type as unknown as SharedType, level);
  let top: unknown = null;
  const waiting: { type: SharedType; depth: number; put: (value: unknown) => void }[] = [
    {
      type,
      depth: level,
      put: (value) => {
        top = value;
      },
    },
  ];
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    const { depth, put } = job;
    const place = (content: Y.Item["content"], putValue: (value: unknown) => void) => {
      const child = childOf(content);
      if (!(child instanceof Y.AbstractType) || child instanceof Y.XmlFragment)
        putValue(plainValue(content, depth));
      else if (depth < nestedLevelsMax) waiting.push({ type: child, depth: depth + 1, put: putValue });
      else putValue(null);
    };
    if (job.type instanceof Y.Map) {
      const entries: Record<string, unknown> = {};
      put(entries);
      for (const [key, item] of job.type._map)
        if (!item.deleted)
          place(item.content, (value) => {
            entries[key] = value;
          });
    } else if (job.type instanceof Y.Array) {
      const values: unknown[] = [];
      put(values);
      for (let item = job.type._start; item !== null; item = item.right) {
        if (item.deleted || !item.countable) continue;
        if (childOf(item.content) === null) {
          pushAll(values, item.content.getContent());
          continue;
        }
        const at = values.push(null) - 1;
        place(item.content, (value) => {
          values[at] = value;
        });
      }
    } else if (job.type instanceof Y.Text) {
      // Its letters alone: the `toString` of an XmlText makes words of what is embedded in it,
      // which a hand-made value can make impossible.
      put(Y.Text.prototype.toString.call(job.type));
    } else put(null);
  }
  return top;
}

/** The newest value an item holds, as plain JSON. */
function plainValue(content: Y.Item["content"], level = 0): unknown {
  if (content instanceof Y.ContentType) return plainType(content.type as SharedType, level + 1);
  if (content instanceof Y.ContentBinary)
    return { base64: btoa(Array.from(content.content, (byte) => String.fromCharCode(byte)).join("")) };
  if (content instanceof Y.ContentDoc) return { subdocument: content.doc.guid };
  const values = content.getContent();
  return values[values.length - 1];
}
