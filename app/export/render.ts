/** One call for every kind of file: what the renderer's worker runs. */
import { contentHash } from "../document/canonical.ts";
import { type ExportImage, exportHtml } from "./export-html.ts";
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
  readonly images: ReadonlyMap<string, ExportImage>;
  /** Pictures stay behind in Markdown: their address is this followed by the id. */
  readonly imageBase: string;
};

/** The file as text. */
export function renderFile(order: RenderOrder): string {
  const from = { ...order.from, contentHash: order.from.contentHash ?? contentHash(order.json) };
  return order.format === "html"
    ? exportHtml(order.json, from, order.images)
    : exportMarkdown(order.json, from, (imageId) => `${order.imageBase}${imageId}`);
}
