/**
 * The shared schema with what only a browser needs: table repairs that stay off until
 * somebody edits, and a placeholder in an empty document.
 */
import { Table, TableKit } from "@tiptap/extension-table";
import { Placeholder } from "@tiptap/extensions";
import { Plugin } from "@tiptap/pm/state";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { sharedExtensions } from "../document/schema.ts";

/**
 * Tables whose repairs (`fixTables`) run for the person's own edits alone. Run on opening
 * or on somebody else's edit, every reader's browser would write (promise D6).
 */
const CalmTable = Table.extend({
  addProseMirrorPlugins() {
    return (this.parent?.() ?? []).map((plugin) => {
      const repair = plugin.spec.appendTransaction;
      if (!repair) return plugin;
      return new Plugin({
        ...plugin.spec,
        appendTransaction(transactions, before, after) {
          const isOwnEdit = transactions.some(
            (transaction) => transaction.docChanged && !transaction.getMeta(ySyncPluginKey),
          );
          return isOwnEdit ? repair.call(plugin, transactions, before, after) : null;
        },
      });
    });
  },
});

export const editingExtensions = [
  ...sharedExtensions.flatMap((extension) =>
    extension.name === "tableKit"
      ? [
          TableKit.configure({ table: false }),
          CalmTable.configure({ resizable: false, allowTableNodeSelection: true }),
        ]
      : [extension],
  ),
  Placeholder.configure({
    placeholder: ({ node }) =>
      node.type.name === "heading" ? "Heading" : "Write, or type / to insert a block",
    showOnlyCurrent: true,
  }),
];
