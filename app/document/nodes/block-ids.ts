/**
 * `blockId`: the stable name of a block (UUID v4), which comments, coverage and
 * comparisons hold on to. This file declares it; the editor gives ids to new blocks
 * (`app/editor/block-ids.ts`), never on opening and never for somebody else's edit.
 */
import { Extension } from "@tiptap/core";
import { isId } from "../../domain/ids.ts";

/** Every node that is a block or a part of one. */
export const identifiedNodes = [
  "paragraph",
  "heading",
  "bulletList",
  "orderedList",
  "taskList",
  "listItem",
  "taskItem",
  "table",
  "tableRow",
  "tableHeader",
  "tableCell",
  "blockquote",
  "callout",
  "codeBlock",
  "horizontalRule",
  "image",
] as const;

export const BlockIds = Extension.create({
  name: "blockIds",
  addGlobalAttributes() {
    return [
      {
        types: [...identifiedNodes],
        attributes: {
          blockId: {
            default: null,
            // A new block after Enter is another block.
            keepOnSplit: false,
            parseHTML: (element) => {
              const id = element.getAttribute("data-block");
              return isId(id) ? id : null;
            },
            renderHTML: ({ blockId }) => (isId(blockId) ? { "data-block": blockId } : {}),
          },
        },
      },
    ];
  },
});
