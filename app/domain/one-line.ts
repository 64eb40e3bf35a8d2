/**
 * Text that is one line wherever it stands: titles, names, what people do. What could
 * break a line, turn the writing direction of its surroundings round or hide in it goes;
 * the zero-width joiner and non-joiner stay, because Persian words and many emoji are
 * written with them. One rule for all, so that no form lets through what another refuses.
 */

/** Controls and line ends; they part words, so a space takes their place. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** Bidirectional controls, and signs that nobody sees and no script needs within a line. */
const unseen = /[\p{Bidi_Control}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb]+/gu;

/** The text without controls, bidirectional ones included; spaces stay as they are. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replace(unseen, "").replace(breaks, " ");
}

/** One tidy line; empty when nothing in it can be seen. Composed, so that equal texts are equal. */
export function oneLine(text: string): string {
  return withoutControls(text)
    .normalize("NFC")
    .replace(/\s+/g, " ")
    .replace(/^[\s\u200c\u200d]+|[\s\u200c\u200d]+$/g, "");
}
