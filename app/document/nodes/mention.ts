/** A person of the partnership, named in the text: who they are by id, and how they were called. */
import { mergeAttributes, Node } from "@tiptap/core";
import { isId } from "../../domain/ids.ts";

export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  selectable: false,

  addAttributes() {
    return {
      userId: {
        default: null,
        parseHTML: (element) => {
          const id = element.getAttribute("data-user");
          return isId(id) ? id : null;
        },
        renderHTML: ({ userId }) => (isId(userId) ? { "data-user": userId } : {}),
      },
      label: {
        default: "",
        parseHTML: (element) => (element.textContent ?? "").replace(/^@/, ""),
        renderHTML: () => ({}),
      },
    };
  },

  parseHTML() {
    return [{ tag: "span.mention[data-user]" }];
  },

  renderHTML({ HTMLAttributes, node }) {
    return ["span", mergeAttributes(HTMLAttributes, { class: "mention" }), `@${String(node.attrs.label)}`];
  },

  renderText({ node }) {
    return `@${String(node.attrs.label)}`;
  },
});
