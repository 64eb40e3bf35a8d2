/**
 * A link: the address and nothing else (no target, class or rel that a peer could set).
 * The address is judged in `safe-link.ts` when it is parsed, made and rendered.
 */
import { InputRule, Mark, markPasteRule, mergeAttributes } from "@tiptap/core";
import { hrefFromTyped, safeHref } from "../safe-link.ts";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    documentLink: {
      /** Makes the selection a link; false where the address is not safe. */
      linkTo: (attributes: { href: string }) => ReturnType;
      unlink: () => ReturnType;
    };
  }
}

export const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  keepOnSplit: false,

  addAttributes() {
    return {
      href: {
        default: null,
        parseHTML: (element) => safeHref(element.getAttribute("href")),
        renderHTML: ({ href }) => {
          const safe = safeHref(href);
          return safe === null ? {} : { href: safe };
        },
      },
    };
  },

  parseHTML() {
    return [
      {
        tag: "a[href]",
        getAttrs: (element) => (safeHref(element.getAttribute("href")) === null ? false : null),
      },
    ];
  },

  renderHTML({ HTMLAttributes }) {
    return ["a", mergeAttributes(HTMLAttributes, { rel: "noopener noreferrer nofollow" }), 0];
  },

  addCommands() {
    return {
      linkTo:
        ({ href }) =>
        ({ commands }) => {
          const safe = safeHref(href);
          return safe !== null && commands.setMark(this.name, { href: safe });
        },
      unlink:
        () =>
        ({ commands }) =>
          commands.unsetMark(this.name, { extendEmptyMarkRange: true }),
    };
  },

  addInputRules() {
    return [
      // An address that is typed becomes a link at the space after it.
      new InputRule({
        find: /(?:^|\s)((?:https?:\/\/|www\.)[^\s]+)\s$/,
        handler: ({ state, range, match }) => {
          const typed = match[1] ?? "";
          const href = hrefFromTyped(typed);
          if (href === null) return null;
          const end = range.to;
          state.tr.insertText(" ", end);
          state.tr.addMark(end - typed.length, end, this.type.create({ href }));
          state.tr.removeStoredMark(this.type);
          return undefined;
        },
      }),
    ];
  },

  addPasteRules() {
    return [
      markPasteRule({
        find: /\bhttps?:\/\/[^\s<>"']+/g,
        type: this.type,
        getAttributes: (match) => {
          const href = safeHref(match[0]);
          return href === null ? false : { href };
        },
      }),
    ];
  },
});
