/**
 * The first text of a new document, as everything the server keeps of it: the update of
 * its log, what that update reaches, the words for search. It takes a Y.Doc to write one,
 * so it is made where histories are computed, never on the loop that serves people; on
 * their side only this type is known.
 */
import * as Y from "yjs";
import { countWords, plainText } from "./plain-text.ts";
import { pushAll } from "./push-all.ts";
import { seedUpdate } from "./seed.ts";

type LooseDocument = { readonly type: string; readonly content?: readonly unknown[] };

export type FirstText = {
  /** The one client id it is written under, fresh for every server edit (rulings 9). */
  readonly clientId: number;
  /** Yjs update v1. It deletes nothing. */
  readonly update: Uint8Array;
  readonly stateVector: Uint8Array;
  /** The words without their form, and how many. */
  readonly body: string;
  readonly words: number;
};

/** Writes a template (or a record's page) as a first text. The same arguments give the same bytes. */
export function firstText(json: LooseDocument, clientId: number): FirstText {
  const update = seedUpdate(json, clientId);
  const body = plainText(json);
  return {
    clientId,
    update,
    stateVector: Y.encodeStateVectorFromUpdate(update),
    body,
    words: countWords(body),
  };
}

/**
 * Writes the text of another document as a first text: no history comes along (rulings
 * 20), and every block gets an id of its own, so that a reference always means one place.
 */
export function firstTextOfCopy(json: LooseDocument, clientId: number): FirstText {
  return firstText(withoutBlockIds(json), clientId);
}

/** Walks without recursion: depth is not ours to trust. */
function withoutBlockIds(json: LooseDocument): LooseDocument {
  const copy = structuredClone(json) as LooseDocument;
  const waiting: unknown[] = [copy];
  while (waiting.length > 0) {
    const node = waiting.pop() as { attrs?: Record<string, unknown>; content?: unknown };
    if (typeof node !== "object" || node === null) continue;
    if (typeof node.attrs === "object" && node.attrs !== null) delete node.attrs["blockId"];
    if (Array.isArray(node.content)) pushAll(waiting, node.content);
  }
  return copy;
}
