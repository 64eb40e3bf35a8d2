/**
 * Gives ids to blocks the person makes: new ones, and copies of blocks that have one.
 * Only for the person's own edits and never on opening: whoever merely looks, or merely
 * receives, writes nothing (promise D6, rulings 15).
 *
 * In time that grows with what was changed: what is pasted gets its ids before it is in
 * the text, and an edit is looked through once (docs/decisions/0015).
 */
import { Extension } from "@tiptap/core";
import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import { Plugin, type Transaction } from "@tiptap/pm/state";
import { Mapping } from "@tiptap/pm/transform";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { identifiedNodes } from "../document/nodes/block-ids.ts";

const identified: ReadonlySet<string> = new Set(identifiedNodes);

const newId = () => crypto.randomUUID();

const idOf = (node: Node): string | null => node.attrs["blockId"] as string | null;

/** The same content, every block of it with an id nobody has yet. */
function withNewIds(content: Fragment): Fragment {
  const nodes: Node[] = [];
  content.forEach((node) => {
    if (node.isText) nodes.push(node);
    else if (!identified.has(node.type.name)) nodes.push(node.copy(withNewIds(node.content)));
    else {
      const attributes = { ...node.attrs, blockId: newId() };
      nodes.push(node.type.create(attributes, withNewIds(node.content), node.marks));
    }
  });
  return Fragment.from(nodes);
}

/** Where the text differs after these transactions: one stretch around all of it, or null. */
function changedStretch(transactions: readonly Transaction[]): { from: number; to: number } | null {
  let from = Number.POSITIVE_INFINITY;
  let to = -1;
  for (const map of transactions.flatMap(({ mapping }) => mapping.maps)) {
    if (to >= 0) [from, to] = [map.map(from, -1), map.map(to, 1)];
    map.forEach((_oldFrom, _oldTo, newFrom, newTo) => {
      from = Math.min(from, newFrom);
      to = Math.max(to, newTo);
    });
  }
  return to < 0 ? null : { from, to };
}

type Place = { readonly node: Node; readonly at: number };

/**
 * Of two blocks with one id, the one that is another block from now on: an empty one
 * beside one with words (Enter at the beginning of a paragraph), else the one that was
 * not there before.
 */
function copyOf(earlier: Place, later: Place, wasThere: (at: number) => boolean): Place {
  if (earlier.node.content.size === 0 && later.node.content.size > 0) return earlier;
  return wasThere(earlier.at) || !wasThere(later.at) ? later : earlier;
}

/** Blocks of a stretch that need an id, or another one than they have. */
function withoutIdOfTheirOwn(
  document: Node,
  stretch: { from: number; to: number },
  wasThere: (at: number) => boolean,
): readonly Place[] {
  const found: Place[] = [];
  const holders = new Map<string, Place>();
  const { from, to } = stretch;
  // The neighbours as well: a copy stands beside its original.
  document.nodesBetween(Math.max(0, from - 1), Math.min(document.content.size, to + 1), (node, at) => {
    if (!identified.has(node.type.name)) return;
    const place = { node, at };
    const id = idOf(node);
    const holder = id === null ? undefined : holders.get(id);
    if (id === null) {
      if (at < to && at + node.nodeSize > from) found.push(place);
    } else if (holder === undefined) holders.set(id, place);
    else {
      const copy = copyOf(holder, place, wasThere);
      found.push(copy);
      holders.set(id, copy === holder ? place : holder);
    }
  });
  return found;
}

export const NewBlockIds = Extension.create({
  name: "newBlockIds",
  // Late: what other extensions bring or make needs ids as well.
  priority: 10,
  addProseMirrorPlugins() {
    /** Blocks that are moved keep their ids; all else that is dropped or pasted is new. */
    let isMove = false;
    return [
      new Plugin({
        appendTransaction: (transactions, _before, after) => {
          const isOthers = transactions.some((each) => each.getMeta(ySyncPluginKey) !== undefined);
          if (isOthers || !transactions.some(({ docChanged }) => docChanged)) return null;
          const stretch = changedStretch(transactions);
          if (stretch === null) return null;
          let back: Mapping | undefined;
          const wasThere = (at: number) => {
            back ??= new Mapping(transactions.flatMap(({ mapping }) => mapping.maps)).invert();
            return !back.mapResult(at).deleted;
          };
          const change = after.tr;
          for (const { at } of withoutIdOfTheirOwn(after.doc, stretch, wasThere))
            change.setNodeAttribute(at, "blockId", newId());
          if (!change.docChanged) return null;
          return change.setStoredMarks(after.storedMarks);
        },
        props: {
          handleDOMEvents: {
            paste: () => {
              isMove = false;
              return false;
            },
            drop: (view, event) => {
              const isCopy = /mac/i.test(navigator.platform) ? event.altKey : event.ctrlKey;
              isMove = view.dragging !== null && !isCopy;
              return false;
            },
          },
          transformPasted: (slice) => {
            const keepsIds = isMove;
            isMove = false;
            return keepsIds ? slice : new Slice(withNewIds(slice.content), slice.openStart, slice.openEnd);
          },
        },
      }),
    ];
  },
});
