/**
 * What a copy of an earlier history still says, and whether that is more than the server's
 * new history holds. Reads copies; keeping and deleting them is `local-copies.ts`.
 */
import * as Y from "yjs";
import { plainText } from "../document/plain-text.ts";
import { readFragment } from "../document/read-fragment.ts";

/** The words of a copy, for a person to take along. */
export function wordsOf(copy: Uint8Array): string {
  const past = new Y.Doc();
  Y.applyUpdate(past, copy);
  const words = plainText(readFragment(past));
  past.destroy();
  return words;
}

/** Does the copy hold anything that was written and is not in the document? Deletions alone are nothing. */
export function holdsMoreThan(copy: Uint8Array, document: Y.Doc): boolean {
  const known = Y.decodeStateVector(Y.encodeStateVector(document));
  const held = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(copy));
  return [...held].some(([clientId, clock]) => clock > (known.get(clientId) ?? 0));
}
