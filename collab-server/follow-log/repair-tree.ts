/**
 * Repairs what only a merge can break: two people's edits, each right by itself, may
 * leave a list without items or an item without its paragraph, and many small edits may
 * nest deeper than any one message is allowed to (rulings 5, promise D15). The rule is
 * the same for the same document: what is too deep goes, what must not be empty and is
 * goes, a missing first or last part is added. Nothing that holds text or that this
 * release does not know is ever removed for being invalid; all of it stays in history.
 */
import type { NodeType } from "@tiptap/pm/model";
import * as Y from "yjs";
import { editorSchema } from "../../app/document/schema.ts";
import { textFragment } from "../../app/document/seed.ts";
import { limits } from "../../app/document/wire.ts";
import { historyDocument } from "./yjs-history.ts";

type Parent = Y.XmlFragment;
type Place = { readonly element: Y.XmlElement; readonly parent: Parent; readonly depth: number };

/**
 * The edit that repairs a document, written under `clientId`, or null where it is sound.
 * `clientIds` is empty where the edit only removes.
 */
export function repairOf(
  doc: Y.Doc,
  clientId: number,
): { readonly update: Uint8Array; readonly clientIds: readonly number[] } | null {
  if (!doc.share.has(textFragment)) return null;
  if (!mend(doc, false)) return null;
  const copy = historyDocument();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  copy.clientID = clientId;
  let update: Uint8Array | null = null;
  copy.on("update", (bytes: Uint8Array) => {
    update = bytes;
  });
  copy.transact(() => mend(copy, true));
  const isNew = copy.store.clients.has(clientId);
  copy.destroy();
  return update === null ? null : { update, clientIds: isNew ? [clientId] : [] };
}

/** With `isWriting` false: would anything be done? */
function mend(doc: Y.Doc, isWriting: boolean): boolean {
  let isDone = false;
  // Deepest first: a list that loses its last item is then empty itself.
  for (const { element, parent, depth } of places(doc).reverse()) {
    if (element._item?.deleted) continue;
    const step = depth > limits.depth ? (depth === limits.depth + 1 ? "remove" : null) : stepFor(element);
    if (step === null) continue;
    if (!isWriting) return true;
    isDone = true;
    if (step === "remove") parent.delete(parent.toArray().indexOf(element), 1);
    else element.insert(step.at === "start" ? 0 : element.length, [filler(step.type)]);
  }
  return isDone;
}

function places(doc: Y.Doc): Place[] {
  const found: Place[] = [];
  const waiting: { parent: Parent; depth: number }[] = [
    { parent: doc.getXmlFragment(textFragment), depth: 0 },
  ];
  for (let job = waiting.pop(); job !== undefined; job = waiting.pop())
    for (let item = job.parent._start; item !== null; item = item.right) {
      const child = item.deleted || !(item.content instanceof Y.ContentType) ? null : item.content.type;
      if (!((child as unknown) instanceof Y.XmlElement)) continue;
      const element = child as unknown as Y.XmlElement;
      found.push({ element, parent: job.parent, depth: job.depth + 1 });
      waiting.push({ parent: element, depth: job.depth + 1 });
    }
  // By depth, so that reversed order is deepest first whatever the walk did.
  return found.sort((a, b) => a.depth - b.depth);
}

function stepFor(element: Y.XmlElement): "remove" | { at: "start" | "end"; type: NodeType } | null {
  const type = typeNamed(element.nodeName);
  if (type === null) return null;
  const children: NodeType[] = [];
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) {
      if (child.length > 0) children.push(editorSchema.nodes["text"] as NodeType);
      continue;
    }
    const its = child instanceof Y.XmlElement ? typeNamed(child.nodeName) : null;
    // What this release does not know it does not judge.
    if (its === null) return null;
    children.push(its);
  }
  if (isValid(type, children)) return null;
  if (children.length === 0) return "remove";
  const first = type.contentMatch.defaultType;
  if (first && isValid(type, [first, ...children])) return { at: "start", type: first };
  const last = matchAll(type, children)?.defaultType;
  return last && isValid(type, [...children, last]) ? { at: "end", type: last } : null;
}

function matchAll(type: NodeType, children: readonly NodeType[]) {
  let match: NodeType["contentMatch"] | null = type.contentMatch;
  for (const child of children) match = match?.matchType(child) ?? null;
  return match;
}

function isValid(type: NodeType, children: readonly NodeType[]): boolean {
  return matchAll(type, children)?.validEnd ?? false;
}

/** The smallest element of a type that the schema accepts. */
function filler(type: NodeType): Y.XmlElement {
  const element = new Y.XmlElement(type.name);
  const needed = type.contentMatch.validEnd ? null : type.contentMatch.defaultType;
  if (needed) element.insert(0, [filler(needed)]);
  return element;
}

function typeNamed(name: string): NodeType | null {
  return Object.hasOwn(editorSchema.nodes, name) ? (editorSchema.nodes[name] ?? null) : null;
}
