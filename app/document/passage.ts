/**
 * Where searched words stand in a text: the whole text with them marked, or the passage
 * around the first of them. Reads a text once from its start and stops at the end of the
 * passage; SQLite's own snippets take the square of the hits, half a minute for a long
 * document that repeats itself.
 *
 * A word is what SQLite's `unicode61 remove_diacritics 2` takes for one: letters and
 * digits, without regard to case and accents.
 */

/** A piece of a passage; found words are marked, so that no HTML travels. */
export type PassagePart = { readonly text: string; readonly isFound: boolean };

/** Most words of a search that are looked for; the rest adds nothing a person could tell. */
export const searchWordsMax = 12;
const wordLengthMax = 64;
/** Words shown before the first found one, and in all. */
const wordsBefore = 10;
const wordsShown = 28;
const aWord = /[\p{L}\p{N}\p{M}]+/gu;
const isAscii = /^[\x20-\x7e]*$/;

/** The words of a search, at most twelve; empty when there is no letter and no digit. */
export function searchWords(typed: string): readonly string[] {
  return [...typed.normalize("NFC").matchAll(aWord)]
    .map((match) => match[0])
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, searchWordsMax)
    .map((word) => word.slice(0, wordLengthMax));
}

/** All of `text`, with `words` marked; the last of them may be a beginning. */
export function markedText(text: string, words: readonly string[]): readonly PassagePart[] {
  return parts(text, foundWords(text, words, text.length));
}

/**
 * The passage of `text` around the first of `words`; its beginning where none of them
 * stands in it. Begins and ends with an ellipsis where there is more.
 */
export function passage(text: string, words: readonly string[]): readonly PassagePart[] {
  const isMeant = matcher(words);
  /** Where the latest words begin: the passage starts some words before the first found. */
  const before: number[] = [];
  let from = 0;
  let shown = 0;
  let isFound = false;
  aWord.lastIndex = 0;
  for (let match = aWord.exec(text); match !== null; match = aWord.exec(text)) {
    if (isFound) {
      if (++shown > wordsShown) return cut(text, from, match.index, words);
      continue;
    }
    before.push(match.index);
    if (before.length > wordsBefore + 1) before.shift();
    if (!isMeant(match[0])) continue;
    isFound = true;
    from = before.length > wordsBefore ? (before[0] ?? 0) : 0;
    shown = before.length;
  }
  return isFound ? cut(text, from, text.length, words) : cut(text, 0, startOf(text, wordsShown), words);
}

/** Where word number `count`, counted from 0, begins; the end of the text where there is none. */
function startOf(text: string, count: number): number {
  aWord.lastIndex = 0;
  for (let left = count; left >= 0; left--) {
    const match = aWord.exec(text);
    if (match === null) return text.length;
    if (left === 0) return match.index;
  }
  return text.length;
}

function cut(text: string, from: number, to: number, words: readonly string[]): readonly PassagePart[] {
  const piece = text.slice(from, to);
  const found = parts(piece, foundWords(piece, words, piece.length));
  return [
    ...(from > 0 ? [{ text: " … ", isFound: false }] : []),
    ...found,
    ...(to < text.length ? [{ text: " … ", isFound: false }] : []),
  ];
}

/** Start and end of each found word that begins before `to`, in pairs. */
export function foundWords(text: string, words: readonly string[], to: number): readonly number[] {
  const isMeant = matcher(words);
  const found: number[] = [];
  aWord.lastIndex = 0;
  for (let match = aWord.exec(text); match !== null && match.index < to; match = aWord.exec(text))
    if (isMeant(match[0])) found.push(match.index, match.index + match[0].length);
  return found;
}

function parts(text: string, found: readonly number[]): readonly PassagePart[] {
  const list: PassagePart[] = [];
  let at = 0;
  for (let i = 0; i < found.length; i += 2) {
    const from = found[i] ?? 0;
    const to = found[i + 1] ?? 0;
    list.push({ text: text.slice(at, from), isFound: false }, { text: text.slice(from, to), isFound: true });
    at = to;
  }
  list.push({ text: text.slice(at), isFound: false });
  return list.filter((part) => part.text !== "");
}

function matcher(words: readonly string[]): (word: string) => boolean {
  const folded = words.map(fold);
  const whole = new Set(folded);
  const begun = folded.at(-1) ?? "";
  return (word) => {
    const plain = fold(word);
    return whole.has(plain) || (begun !== "" && plain.startsWith(begun));
  };
}

function fold(word: string): string {
  if (isAscii.test(word)) return word.toLowerCase();
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
