/**
 * A document's content as the first Yjs update of its log, written once by the server
 * (promise D4). Built from JSON alone, without a schema and without an editor, so that
 * content this release does not know is carried over and never dropped.
 */

import * as Y from "yjs";
import { pushReversed } from "./push-all.ts";

/** Name of the shared fragment that holds the text (domain guide §2.4). */
export const textFragment = "default";

type Loose = {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly attrs?: unknown;
  readonly marks?: unknown;
  readonly content?: unknown;
};
type Run = { insert: string; attributes?: Record<string, unknown> };

const asNode = (value: unknown): Loose => (typeof value === "object" && value !== null ? value : {});
const childrenOf = (node: Loose): readonly unknown[] => (Array.isArray(node.content) ? node.content : []);
const isText = (value: unknown): boolean => asNode(value).type === "text";

function present(attributes: unknown): [string, unknown][] {
  return Object.entries(asNode(attributes)).filter(([, value]) => value !== null && value !== undefined);
}

/** Marks as y-tiptap reads them: the mark's name holds its attributes. */
function runOf(value: unknown): Run {
  const node = asNode(value);
  const insert = typeof node.text === "string" ? node.text : "";
  const marks = (Array.isArray(node.marks) ? node.marks : []).map(asNode);
  if (marks.length === 0) return { insert };
  return {
    insert,
    attributes: Object.fromEntries(
      marks.map((mark) => [String(mark.type), Object.fromEntries(present(mark.attrs))]),
    ),
  };
}

/**
 * Block ids in the order of the document, drawn from the client id: the same call gives
 * the same bytes. Client ids are fresh for every server edit, so ids do not repeat.
 */
function blockIdsFrom(clientId: number): () => string {
  let state = clientId >>> 0;
  const next = () => {
    // splitmix32
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const hex = () => next().toString(16).padStart(8, "0");
  return () => {
    const all = hex() + hex() + hex() + hex();
    const variant = ((Number.parseInt(all[16] ?? "0", 16) & 3) | 8).toString(16);
    return `${all.slice(0, 8)}-${all.slice(8, 12)}-4${all.slice(13, 16)}-${variant}${all.slice(17, 20)}-${all.slice(20)}`;
  };
}

const inlineNodes: ReadonlySet<unknown> = new Set(["hardBreak", "mention"]);

/**
 * Writes children of a JSON node into a Yjs parent that is already in the document.
 * Iterative: depth comes from outside.
 */
function writeInto(root: Y.XmlFragment, content: readonly unknown[], nextBlockId: () => string): void {
  const waiting: { parent: Y.XmlFragment; content: readonly unknown[] }[] = [{ parent: root, content }];
  while (waiting.length > 0) {
    const job = waiting.pop();
    if (job === undefined) break;
    const made: (Y.XmlElement | Y.XmlText)[] = [];
    const deeper: { parent: Y.XmlElement; content: readonly unknown[] }[] = [];
    let runs: Run[] = [];
    const flush = () => {
      const filled = runs.filter((run) => run.insert !== "");
      if (filled.length > 0) {
        const text = new Y.XmlText();
        text.applyDelta(filled);
        made.push(text);
      }
      runs = [];
    };
    for (const value of job.content) {
      if (isText(value)) {
        runs.push(runOf(value));
        continue;
      }
      flush();
      const node = asNode(value);
      if (typeof node.type !== "string") continue;
      const element = new Y.XmlElement(node.type);
      const attributes = present(node.attrs);
      // Yjs types attributes as text; y-tiptap stores numbers and booleans as they are.
      for (const [key, attribute] of attributes) element.setAttribute(key, attribute as string);
      if (!inlineNodes.has(node.type) && !attributes.some(([key]) => key === "blockId")) {
        element.setAttribute("blockId", nextBlockId());
      }
      made.push(element);
      if (childrenOf(node).length > 0) deeper.push({ parent: element, content: childrenOf(node) });
    }
    flush();
    job.parent.insert(0, made);
    // Depth first and in order, so that ids and clocks follow the text.
    pushReversed(waiting, deeper);
  }
}

/**
 * The Yjs update v1 of a new document with this content in the fragment `default`, all of
 * it written under `clientId` (fresh for every server edit, rulings 9). Blocks without a
 * `blockId` get one. The same arguments give the same bytes.
 */
export function seedUpdate(
  json: { readonly type: string; readonly content?: readonly unknown[] },
  clientId: number,
): Uint8Array {
  const document = new Y.Doc({ gc: false });
  document.clientID = clientId;
  try {
    document.transact(() => {
      writeInto(document.getXmlFragment(textFragment), json.content ?? [], blockIdsFrom(clientId));
    });
    return Y.encodeStateAsUpdate(document);
  } finally {
    document.destroy();
  }
}
