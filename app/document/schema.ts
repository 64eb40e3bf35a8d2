/**
 * The schema of documents, for browser, server and tests alike: what a document may
 * consist of. No React and no DOM here; the editor adds its views and plugins to the
 * same list. Any change of a node, mark or attribute raises `schemaNumber`.
 */
import { Extension, type Extensions, getSchema } from "@tiptap/core";
import { TaskItem, TaskList } from "@tiptap/extension-list";
import { TableKit } from "@tiptap/extension-table";
import type { Schema } from "@tiptap/pm/model";
import StarterKit from "@tiptap/starter-kit";
import { hardenSchema } from "./attributes.ts";
import { BlockIds } from "./nodes/block-ids.ts";
import { Callout } from "./nodes/callout.ts";
import { Heading } from "./nodes/heading.ts";
import { Image } from "./nodes/image.ts";
import { Link } from "./nodes/link.ts";
import { Mention } from "./nodes/mention.ts";

/** Document JSON, as ProseMirror writes it. */
export type DocumentJson = { type: "doc"; content?: readonly unknown[] };

/** Makes the editor's own schema as strict about attributes as `editorSchema`. */
const HarmlessAttributes = Extension.create({
  name: "harmlessAttributes",
  onBeforeCreate() {
    hardenSchema(this.editor.schema);
  },
});

/** Everything that decides what a document may hold. */
export const sharedExtensions: Extensions = [
  HarmlessAttributes,
  StarterKit.configure({
    heading: false,
    // Yjs keeps the history of one's own edits.
    undoRedo: false,
    // Would write into a document that is only opened (promise D6); templates end in a paragraph.
    trailingNode: false,
    link: false,
    dropcursor: { color: "currentColor", width: 2 },
  }),
  Heading,
  TaskList,
  TaskItem.configure({ nested: true }),
  TableKit.configure({ table: { resizable: false, allowTableNodeSelection: true } }),
  Callout,
  Image,
  Link,
  Mention,
  BlockIds,
];

/** The schema itself. Attributes of nodes and marks it makes are harmless. */
export const editorSchema: Schema = hardenSchema(getSchema(sharedExtensions));
