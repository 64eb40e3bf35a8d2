/**
 * The page of a document: what `openDocument` gives, with the durable text drawn as safe
 * HTML for the first paint, for readers without JavaScript and for editors that are too
 * old to be mounted.
 */
import { countWords, plainText } from "../document/plain-text.ts";
import type { Result } from "../domain/result.ts";
import { ok } from "../domain/result.ts";
import { fragmentHtml } from "../export/html-fragment.ts";
import { type OpenedDocument, openDocument } from "./open-document.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

export type DrawnHeading = { readonly index: number; readonly level: number; readonly text: string };

export type DocumentPage = Omit<OpenedDocument, "present"> & {
  /** Null when the text cannot be read now; `whyNoText` says why. */
  readonly text: {
    readonly html: string;
    readonly headings: readonly DrawnHeading[];
    readonly words: number;
  } | null;
};

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

/**
 * Gives every heading of rendered HTML an anchor (`heading-1`, `heading-2`, …) and lists
 * them. Our renderer escapes all text, so `<h2>` in its output is always a heading.
 */
export function withAnchors(html: string): { html: string; headings: readonly DrawnHeading[] } {
  const headings: DrawnHeading[] = [];
  const anchored = html.replace(/<h([2-6])>([\s\S]*?)<\/h\1>/g, (_whole, level: string, inner: string) => {
    const text = inner
      .replace(/<[^>]*>/g, "")
      .replace(/&(?:amp|lt|gt|quot|#39);/g, (found) => entities[found] ?? found);
    headings.push({ index: headings.length, level: Number(level), text });
    return `<h${level} id="heading-${headings.length}">${inner}</h${level}>`;
  });
  return { html: anchored, headings };
}

/** Refuses `not-found` and `observer-waits`. */
export async function readDocumentPage(
  services: Pick<Services, "db" | "now" | "histories">,
  asker: Asker,
  input: { readonly documentId: string },
): Promise<Result<DocumentPage>> {
  const opened = await openDocument(services, asker, input);
  if (!opened.ok) return opened;
  const { present, ...rest } = opened.value;
  const text =
    present === null
      ? null
      : { ...withAnchors(fragmentHtml(present.json)), words: countWords(plainText(present.json)) };
  return ok({ ...rest, text });
}
