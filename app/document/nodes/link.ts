/**
 * A link: the address and nothing else (no target, class or rel that a peer could set).
 * The address is judged in `safe-link.ts` when it is parsed, made and rendered.
 */
import { InputRule, Mark, markPasteRule, mergeAttributes } from "@tiptap/core";
import type { MarkType } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import { addressAtEnd, linkLengthMax, safeHref } from "../safe-link.ts";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    documentLink: {
      /** Makes the selection a link; false where the address is not safe. */
      linkTo: (attributes: { href: string }) => ReturnType;
      unlink: () => ReturnType;
    };
  }
}

/** Makes the address that ends before a position a link; false where there is none, or one already. */
function linkAddress(transaction: Transaction, type: MarkType, before: string, end: number): boolean {
  const address = addressAtEnd(before);
  if (address === null) return false;
  const from = end - address.fromEnd;
  const to = from + address.text.length;
  if (transaction.doc.rangeHasMark(from, to, type)) return false;
  transaction.addMark(from, to, type.create({ href: address.href }));
  return true;
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
        find: /(?:^|[\s(])\S+ $/,
        handler: ({ state, range, match }) => {
          if (!linkAddress(state.tr, this.type, match[0].slice(0, -1), range.to)) return null;
          state.tr.insertText(" ", range.to);
          state.tr.removeStoredMark(this.type);
          return undefined;
        },
      }),
    ];
  },

  addKeyboardShortcuts() {
    // Or when the line ends behind it; the key itself is for whoever splits lines.
    const linkBeforeLineEnd = () => {
      const { state, view } = this.editor;
      const { $from, empty } = state.selection;
      const isCode = $from.marks().some((mark) => mark.type.spec.code);
      if (!empty || isCode || !$from.parent.type.allowsMarkType(this.type)) return false;
      const before = $from.parent.textBetween(
        Math.max(0, $from.parentOffset - linkLengthMax),
        $from.parentOffset,
        "\n",
        " ",
      );
      const { tr } = state;
      if (linkAddress(tr, this.type, before, $from.pos)) view.dispatch(tr);
      return false;
    };
    return { Enter: linkBeforeLineEnd, "Shift-Enter": linkBeforeLineEnd };
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
