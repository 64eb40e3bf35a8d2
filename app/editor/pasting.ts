/**
 * How much one paste may bring. The editor takes a paste in at once, in the browser's one
 * thread: beyond this a tab stands still for longer than people wait, and a text larger
 * than a document may be could not be stored anyway. What is refused stays in the
 * clipboard, and can be pasted in parts.
 */

/** Blocks weigh more than letters: each is drawn, and looked through for links (decision 0015). */
export const pasteLimits = { lines: 3_000, characters: 1_500_000 } as const;

/** What makes a block, or a line of its own, in pasted HTML. */
const blocks = /<(?:p|li|h[1-6]|div|br|tr|pre)\b/gi;

const number = (count: number) => count.toLocaleString("en-GB");

/** A sentence for whoever pastes more than is taken in at once; null where it may come. */
export function tooMuchToPaste(text: string, html: string): string | null {
  const isPlain = html === "";
  const lines = isPlain ? text.trim().split(/[\r\n]+/).length : (html.match(blocks)?.length ?? 0);
  // HTML that came without its text is all there is to go by.
  const characters = text === "" ? html.length : text.length;
  const what =
    lines > pasteLimits.lines
      ? `${number(lines)} lines, and ${number(pasteLimits.lines)}`
      : characters > pasteLimits.characters
        ? `${number(characters)} letters, and ${number(pasteLimits.characters)}`
        : null;
  return what === null
    ? null
    : `That is too much to paste at once: ${what} are taken in one go. Nothing was pasted. Copy it in parts, and paste one after the other.`;
}
