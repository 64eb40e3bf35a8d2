/**
 * A document as one HTML file: title block with both sides, the text, a line of
 * provenance, pictures inside the file. It holds no script and loads nothing; its own
 * policy forbids both.
 */
import { createHash, randomUUID } from "node:crypto";
import { formatDateTime } from "../domain/dates.ts";
import { cleanText, exportTree, type UntrustedJson } from "./export-tree.ts";
import { blocksHtml, escapeHtml } from "./html-fragment.ts";
import { printStyle } from "./print-style.ts";
import { type Provenance, provenanceLine, sideLine, versionLabel } from "./provenance.ts";

const styleHash = createHash("sha256").update(printStyle).digest("base64");
const policy = `default-src 'none'; img-src data:; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** Words of a file, or the place in it where the base64 of a picture goes. */
export type HtmlPiece = string | { readonly imageId: string };

/** A stored picture of the text: its kind, and how many bytes it has. */
export type ExportImage = { readonly mediaType: string; readonly size: number };

const imageTypes = new Set(["image/png", "image/jpeg", "image/webp"]);

/**
 * The whole file, in order. `images` are the pictures that there are; others are left out,
 * their words stay. Their bytes never come here: a file may hold hundreds of megabytes.
 */
export function exportHtml(
  json: UntrustedJson,
  from: Provenance,
  images: ReadonlyMap<string, ExportImage> = new Map(),
): readonly HtmlPiece[] {
  // Drawn for this file alone, so that nothing written in the document can look like one.
  const mark = randomUUID();
  const source = (imageId: string) => {
    const image = images.get(imageId);
    if (image === undefined || !imageTypes.has(image.mediaType)) return null;
    return `data:${image.mediaType};base64,${mark}${imageId}${mark}`;
  };
  const words = (text: string) => escapeHtml(cleanText(text));
  const sides = from.sides
    .map((side) => `<li data-side="${side.side}">${words(sideLine(side))}</li>`)
    .join("");
  const html = `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${words(from.title)}</title>
<style>${printStyle}</style>
</head>
<body>
<main>
<header>
<p class="kind">${words(from.kindName)} · ${words(from.partnershipTitle)}</p>
<h1>${words(from.title)}</h1>
<ul class="sides">${sides}</ul>
<p class="facts">${words(from.programmeTitle)} · ${words(versionLabel(from.version))}, as at ${words(formatDateTime(from.asAt))}</p>
${from.isIllustrative ? '<p class="label">Illustrative content</p>' : ""}
</header>
${blocksHtml(exportTree(json), source)}
<footer><p>${words(provenanceLine(from))}</p></footer>
</main>
</body>
</html>
`;
  // Words stand at even places, ids between them.
  return html.split(mark).map((piece, index) => (index % 2 === 0 ? piece : { imageId: piece }));
}
