/**
 * Which addresses a link of a document may lead to. One rule for the schema, the
 * editor and the views: whoever reads a link asks here, because a peer may write
 * anything into the shared document (rulings 22, promise S5).
 */

const safeProtocols: ReadonlySet<string> = new Set(["http:", "https:", "mailto:", "tel:"]);

/** Longer addresses are no links; browsers and mail programs cut them anyway. */
export const linkLengthMax = 2000;

/**
 * The address as it may be followed, or null. Only http, https, mailto and tel, and only
 * absolute: a relative address would mean another place in every exported file. What a
 * browser would ignore (tabs, line ends, other control characters) is refused and never
 * repaired, and so is a user name before the host, which only serves to deceive.
 */
export function safeHref(value: unknown): string | null {
  if (typeof value !== "string" || value.length > linkLengthMax) return null;
  const text = value.trim();
  // Control, format and separator characters, and halves of surrogate pairs.
  if (text === "" || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\\]/u.test(text)) return null;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!safeProtocols.has(url.protocol)) return null;
  const isWeb = url.protocol === "http:" || url.protocol === "https:";
  // "https:example.org" means a path beside the page to some readers and a host to others.
  if (isWeb && !/^https?:\/\/[^/?#]/i.test(text)) return null;
  if (url.username !== "" || url.password !== "") return null;
  return url.href;
}

/**
 * The address somebody typed into the link field: "example.org/x" gets https, an e-mail
 * address gets mailto. Null where nothing safe can be made of it.
 */
export function hrefFromTyped(typed: string): string | null {
  const text = typed.trim();
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(text)) return safeHref(`mailto:${text}`);
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text)) return safeHref(text);
  return /^[^\s/@]+\.[^\s/@]{2,}/.test(text) ? safeHref(`https://${text}`) : null;
}

/** An address at the end of what was typed. */
export type TypedAddress = {
  readonly text: string;
  readonly href: string;
  /** From its first character to the end of what was typed, stops behind it included. */
  readonly fromEnd: number;
};

/**
 * The address of a web page or a mailbox that the last word of a text is, or null. What
 * ends a sentence is no part of it, nor is a bracket that opened before it.
 */
export function addressAtEnd(typed: string): TypedAddress | null {
  const word = /(?:^|[\s(<"'\u2018\u201c])((?:https?:\/\/|www\.)\S+|[^\s@:/(<"'\u2018\u201c]+@\S+)$/i.exec(
    typed,
  )?.[1];
  if (word === undefined) return null;
  let text = word;
  const count = (bracket: string) => text.split(bracket).length - 1;
  while (/[.,;:!?>"'\]\u2019\u201d]$/.test(text) || (text.endsWith(")") && count(")") > count("("))) {
    text = text.slice(0, -1);
  }
  const href = hrefFromTyped(text);
  return href === null ? null : { text, href, fromEnd: word.length };
}
