/** One call for every kind of file: what the renderer's worker runs. */
import { contentHash } from "../document/canonical.ts";
import { type ExportImage, exportHtml, type HtmlPiece } from "./export-html.ts";
import { exportMarkdown } from "./export-markdown.ts";
import type { UntrustedJson } from "./export-tree.ts";
import type { Provenance } from "./provenance.ts";

export const exportFormats = ["html", "md"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type RenderOrder = {
  readonly format: ExportFormat;
  readonly json: UntrustedJson;
  /** A draft's hash is null; it is computed here, from the same text that is drawn. */
  readonly from: Provenance;
  /** The pictures that there are, by their ids. */
  readonly images: ReadonlyMap<string, ExportImage>;
  /** Pictures stay behind in Markdown: their address is this followed by the id. */
  readonly imageBase: string;
};

/** Bytes of a file, or the place in it where the base64 of a picture goes. */
export type FilePiece = Uint8Array<ArrayBuffer> | { readonly imageId: string };

/** The file, in order, without its pictures: they join it on its way (`file-bytes.ts`). */
export function renderFile(order: RenderOrder): readonly FilePiece[] {
  const from = { ...order.from, contentHash: order.from.contentHash ?? contentHash(order.json) };
  const pieces: readonly HtmlPiece[] =
    order.format === "html"
      ? exportHtml(order.json, from, order.images)
      : [exportMarkdown(order.json, from, (imageId) => `${order.imageBase}${imageId}`)];
  const encoder = new TextEncoder();
  return pieces.map((piece) => (typeof piece === "string" ? encoder.encode(piece) : piece));
}
