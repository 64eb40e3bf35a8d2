/**
 * Does the schema accept what stands in a Yjs fragment? Asked before an editor is bound
 * to it: y-tiptap answers a node it cannot build by deleting it for everyone (promises
 * D14, D15). Walks without recursion, reads only, and after a change looks at what
 * changed and at what is new, never at the whole. What is found here is repaired
 * elsewhere (`collab-server/follow-log/repair-tree.ts`).
 */
import type { ContentMatch, NodeType, Schema } from "@tiptap/pm/model";
import * as Y from "yjs";
import { limits } from "./wire.ts";

/** "unknown": something this release does not know. "invalid": known parts in a wrong place. */
export type Fault = "unknown" | "invalid";

type Parent = Y.XmlFragment | Y.XmlElement;
type Job = { readonly type: Parent; readonly depth: number; readonly isDeep: boolean };
/** What a transaction tells of itself: the types it changed, and what was there before. */
export type Change = {
  readonly targets: readonly unknown[];
  readonly before: ReadonlyMap<number, number>;
};

/** The worst fault in a fragment; null where an editor can be bound to it. */
export function faultIn(root: Y.XmlFragment, schema: Schema): Fault | null {
  return walk([{ type: root, depth: 0, isDeep: true }], root, schema, null);
}

/** The same of the parts that a change of a sound fragment touched. */
export function faultInChange(root: Y.XmlFragment, schema: Schema, change: Change): Fault | null {
  const waiting: Job[] = [];
  const seen = new Set<unknown>();
  for (const target of change.targets) {
    const type = target instanceof Y.XmlText ? target.parent : target;
    if (!(type instanceof Y.XmlFragment) || seen.has(type)) continue;
    seen.add(type);
    const depth = depthBelow(root, type);
    if (depth !== null) waiting.push({ type, depth, isDeep: false });
  }
  return walk(waiting, root, schema, change.before);
}

function walk(
  waiting: Job[],
  root: Y.XmlFragment,
  schema: Schema,
  before: ReadonlyMap<number, number> | null,
): Fault | null {
  let worst: Fault | null = null;
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
    const fault = faultAt(job, job.type === root, schema, before, waiting);
    if (fault === "unknown") return fault;
    worst ??= fault;
  }
  return worst;
}

/** How deep an element stands below the root; null where it, or what holds it, is deleted. */
function depthBelow(root: Y.XmlFragment, type: Y.XmlFragment): number | null {
  let depth = 0;
  for (let at: unknown = type; at !== root; depth += 1) {
    const item: Y.Item | null = at instanceof Y.AbstractType ? at._item : null;
    if (item === null || item.deleted) return null;
    at = item.parent;
  }
  return depth;
}

/** Judges one element by itself and puts the children worth a look on the list. */
function faultAt(
  { type, depth, isDeep }: Job,
  isRoot: boolean,
  schema: Schema,
  before: ReadonlyMap<number, number> | null,
  waiting: Job[],
): Fault | null {
  const nodeType = isRoot ? schema.topNodeType : nodeNamed(schema, type);
  if (nodeType === null || !knowsAttributes(nodeType, type)) return "unknown";
  let match: ContentMatch | null = nodeType.contentMatch;
  let isEmpty = true;
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const child: unknown = item.content instanceof Y.ContentType ? item.content.type : null;
    if (child instanceof Y.XmlText) {
      // A text directly in the root is something the binding cannot show at all.
      if (isRoot) return "unknown";
      const text = faultOfText(child, nodeType, schema);
      if (text === "empty") continue;
      if (text !== null) return text;
      match = match?.matchType(schema.nodes["text"] as NodeType) ?? null;
    } else if (child instanceof Y.XmlElement) {
      const childType = nodeNamed(schema, child);
      if (childType === null) return "unknown";
      match = match?.matchType(childType) ?? null;
      const isNew = isDeep || before === null || item.id.clock >= (before.get(item.id.client) ?? 0);
      if (isNew) waiting.push({ type: child, depth: depth + 1, isDeep: true });
    } else return "unknown";
    isEmpty = false;
  }
  if (depth > limits.depth) return "invalid";
  // An empty document is drawn as an empty paragraph, which nobody has written yet.
  if (isRoot && isEmpty) return null;
  return match?.validEnd ? null : "invalid";
}

function nodeNamed(schema: Schema, type: Parent): NodeType | null {
  const name = type instanceof Y.XmlElement ? type.nodeName : "";
  return Object.hasOwn(schema.nodes, name) ? (schema.nodes[name] ?? null) : null;
}

/** An attribute without a place in the schema would be taken away by the next edit beside it. */
function knowsAttributes(nodeType: NodeType, type: Parent): boolean {
  const known = nodeType.spec.attrs ?? {};
  for (const [name, item] of type._map) if (!item.deleted && !Object.hasOwn(known, name)) return false;
  return (
    !nodeType.hasRequiredAttrs() ||
    Object.entries(known).every(([name, { default: value }]) => value !== undefined || type._map.has(name))
  );
}

function faultOfText(text: Y.XmlText, parent: NodeType, schema: Schema): Fault | "empty" | null {
  let isEmpty = true;
  let worst: Fault | null = null;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentString) isEmpty &&= item.length === 0;
    else if (item.content instanceof Y.ContentFormat) {
      const { key, value } = item.content as unknown as { key: string; value: unknown };
      if (value === null) continue;
      // y-tiptap adds `--` and a hash to the name of a mark that may overlap itself.
      const name = /^(.*)--[A-Za-z0-9+/=]{8}$/.exec(key)?.[1] ?? key;
      const mark = Object.hasOwn(schema.marks, name) ? schema.marks[name] : undefined;
      if (mark === undefined) return "unknown";
      if (!parent.allowsMarkType(mark)) worst = "invalid";
    } else return "unknown";
  }
  return worst ?? (isEmpty ? "empty" : null);
}
