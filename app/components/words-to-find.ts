/**
 * The words a search result was found by, on their way to the document's page, which opens
 * at them. They travel behind the `#` of the address, which no server is sent; on a shared
 * computer in memory alone, because an address stays in the browser's history (promise W12).
 */
import { searchWords } from "../document/passage.ts";

const name = "find";
let remembered: { readonly documentId: string; readonly words: readonly string[] } | null = null;
let takenAt: string | null = null;

/** The part of an address from `#` on that carries the words of a search; empty for none. */
export function hashForWords(typed: string): string {
  const words = searchWords(typed);
  return words.length === 0 ? "" : `#${new URLSearchParams({ [name]: words.join(" ") })}`;
}

/** The words such an address carries; anything at all may stand there. */
export function wordsInHash(hash: string): readonly string[] {
  return searchWords(new URLSearchParams(hash.slice(1)).get(name) ?? "");
}

/** For the next opening of this document on this page, without a trace of the words in the browser. */
export function rememberWords(documentId: string, typed: string): void {
  remembered = { documentId, words: searchWords(typed) };
}

/** The words a document is opened for; none where this opening was shown its passage before. */
export function wordsToFind(documentId: string): readonly string[] {
  if (remembered?.documentId === documentId) return remembered.words;
  return takenAt === placeInHistory() ? [] : wordsInHash(window.location.hash);
}

/** A document stands open: should its editor be made anew, nobody is led away from where they are. */
export function wordsTaken(): void {
  remembered = null;
  takenAt = placeInHistory();
}

/** The router's key for this step of the browser's history; the page's first step has none. */
function placeInHistory(): string {
  return (window.history.state as { readonly key?: string } | null)?.key ?? "first";
}
