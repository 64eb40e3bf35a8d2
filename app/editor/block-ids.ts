/**
 * Gives ids to blocks the person makes: new ones, and copies of blocks that have one.
 * Only for the person's own edits and never on opening: whoever merely looks, or merely
 * receives, writes nothing (promise D6, rulings 15).
 */
import { UniqueID } from "@tiptap/extension-unique-id";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { identifiedNodes } from "../document/nodes/block-ids.ts";

/** Tiptap's own, without its habit of filling ids in when a document is opened. */
export const NewBlockIds = UniqueID.extend({
  onCreate() {},
  addGlobalAttributes() {
    // Declared in the shared schema.
    return [];
  },
}).configure({
  attributeName: "blockId",
  types: [...identifiedNodes],
  generateID: () => crypto.randomUUID(),
  filterTransaction: (transaction) => !transaction.getMeta(ySyncPluginKey),
});
