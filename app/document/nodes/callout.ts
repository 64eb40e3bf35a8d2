/** A callout: some paragraphs set apart, with a word for what they are. */
import { mergeAttributes, Node } from "@tiptap/core";
import { type CalloutTone, calloutTones } from "../attributes.ts";

export const calloutNames: Readonly<Record<CalloutTone, string>> = {
  note: "Note",
  tip: "Tip",
  important: "Important",
  warning: "Warning",
};

function toneOf(value: unknown): CalloutTone {
  return calloutTones.find((tone) => tone === value) ?? "note";
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    callout: {
      /** Sets the chosen blocks apart, or puts them back. */
      toggleCallout: (tone: CalloutTone) => ReturnType;
    };
  }
}

export const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,

  addAttributes() {
    return {
      tone: {
        default: "note",
        parseHTML: (element) => toneOf(element.getAttribute("data-tone")),
        renderHTML: (attributes) => ({ "data-tone": toneOf(attributes.tone) }),
      },
    };
  },

  parseHTML() {
    return [{ tag: "div.callout" }];
  },

  renderHTML({ HTMLAttributes, node }) {
    // The word is drawn by the style sheet: text here would be pasted back as content.
    const label = calloutNames[toneOf(node.attrs.tone)];
    return [
      "div",
      mergeAttributes(HTMLAttributes, { class: "callout", role: "note", "aria-label": label }),
      0,
    ];
  },

  addCommands() {
    return {
      toggleCallout:
        (tone) =>
        ({ commands, editor }) => {
          if (editor.isActive("callout", { tone })) return commands.lift("callout");
          if (editor.isActive("callout")) return commands.updateAttributes("callout", { tone });
          return commands.wrapIn("callout", { tone });
        },
    };
  },
});
