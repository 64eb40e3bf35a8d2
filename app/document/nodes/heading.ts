/**
 * Headings of a document. The title of the page is its only first heading, so levels
 * begin at 2 on the screen; level 1 is kept in the schema for what is brought in from
 * elsewhere and is drawn like level 2.
 */
import { mergeAttributes, Node, textblockTypeInputRule } from "@tiptap/core";

/** Levels people choose from: section, part, small heading. */
export const headingLevels = [2, 3, 4] as const;

function tagOf(level: unknown): "h2" | "h3" | "h4" {
  return level === 3 ? "h3" : level === 4 ? "h4" : "h2";
}

export const Heading = Node.create({
  name: "heading",
  group: "block",
  content: "inline*",
  defining: true,

  addAttributes() {
    return { level: { default: 2, rendered: false } };
  },

  parseHTML() {
    const levels = { h1: 2, h2: 2, h3: 3, h4: 4, h5: 4, h6: 4 } as const;
    return Object.entries(levels).map(([tag, level]) => ({ tag, attrs: { level } }));
  },

  renderHTML({ node, HTMLAttributes }) {
    return [tagOf(node.attrs.level), mergeAttributes(HTMLAttributes), 0];
  },

  addKeyboardShortcuts() {
    return Object.fromEntries(
      headingLevels.map((level) => [
        `Mod-Alt-${level - 1}`,
        () => this.editor.commands.toggleNode(this.name, "paragraph", { level }),
      ]),
    );
  },

  addInputRules() {
    return headingLevels.map((level) =>
      textblockTypeInputRule({
        // "# " is the largest heading one can have inside a document.
        find: new RegExp(`^(#{${level - 1}})\\s$`),
        type: this.type,
        getAttributes: { level },
      }),
    );
  },
});
