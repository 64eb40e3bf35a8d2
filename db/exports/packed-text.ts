/**
 * A document's text on its way from the histories' thread to the one that draws files.
 * The loop that serves people passes it on as bytes and never looks inside: reading 3 MB
 * of text into a tree takes as long as many keystrokes. What the loop has to know of it,
 * which pictures stand in it, travels beside.
 */
import { deserialize, serialize } from "node:v8";
import { exportTree, imageIdsOf, type UntrustedJson } from "../../app/export/export-tree.ts";
import type { RenderOrder } from "../../app/export/render.ts";

export type PackedText = {
  /** The tree as the structured clone of Node writes it: every value comes out as it went in. */
  readonly bytes: Uint8Array;
  /** Ids of the pictures in the text, each once. */
  readonly imageIds: readonly string[];
};

/** A file to draw, its text still packed. */
export type FileOrder = Omit<RenderOrder, "json"> & Pick<PackedText, "bytes">;

/** Packs a text. Not for the loop that serves people. */
export function packText(json: UntrustedJson): PackedText {
  return { bytes: serialize(json), imageIds: imageIdsOf(exportTree(json)) };
}

/** The tree again. Not for the loop that serves people. */
export function unpackText({ bytes }: Pick<PackedText, "bytes">): UntrustedJson {
  return deserialize(bytes) as UntrustedJson;
}
