/**
 * The binding of editor and shared text, with a guard before it. y-tiptap deletes what
 * it cannot build from the document of everybody, and writes its own picture of the
 * text back at any movement of the cursor. So whenever something stands in the shared
 * text that the schema does not accept, the binding rests: nothing is drawn, nothing is
 * written, nothing can be typed, until a change (the server's repair, promise D15) makes
 * the text sound again. What stays unknown is kept as it is (promise D14).
 */
import type { CommandProps } from "@tiptap/core";
import Collaboration from "@tiptap/extension-collaboration";
import { Plugin } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { type Fault, faultIn, faultInChange } from "../document/check-fragment.ts";

/** Where the cursor is: in terms of the shared text, and as plain positions of the old one. */
type RelativeSelection = {
  readonly anchor: Y.RelativePosition | null;
  readonly head: Y.RelativePosition | null;
  readonly absAnchor?: number | null;
  readonly absHead?: number | null;
};

/** The parts of y-tiptap's `ProsemirrorBinding` that the guard stands before (3.0.9). */
type Binding = {
  readonly type: Y.XmlFragment;
  readonly mapping: Map<unknown, unknown>;
  prosemirrorView: EditorView | null;
  beforeTransactionSelection: RelativeSelection | null;
  beforeAllTransactions: () => void;
  _observeFunction: (events: readonly Y.YEvent<never>[], transaction: Y.Transaction) => void;
  _prosemirrorChanged: (document: unknown) => void;
  _forceRerender: () => void;
};

function bindingOf(plugin: Plugin): Binding {
  const { init } = plugin.spec.state ?? {};
  const state = init?.call(plugin, {} as never, {} as never) as { binding?: Binding } | undefined;
  if (!state?.binding) throw new Error("The binding of y-tiptap is not where it was.");
  return state.binding;
}

/**
 * The cursor as it should follow somebody else's change. Where its text still stands,
 * Yjs knows the place; y-tiptap 3.0.9 would take the old plain position whenever the
 * paragraph reads differently, and two people in one paragraph would type into each
 * other's words. Only where the text is gone may it guess.
 */
function knownPlace(selection: RelativeSelection | null, binding: Binding): RelativeSelection | null {
  const stands = (position: Y.RelativePosition | null) => {
    const doc = binding.type.doc;
    const found = position && doc && Y.createAbsolutePositionFromRelativePosition(position, doc);
    if (!(found?.type instanceof Y.XmlText)) return false;
    let at: unknown = found.type;
    while (at instanceof Y.AbstractType && at !== binding.type) {
      if (at._item === null || at._item.deleted) return false;
      at = at._item.parent;
    }
    return at === binding.type;
  };
  if (selection === null || !stands(selection.anchor) || !stands(selection.head)) return selection;
  return { ...selection, absAnchor: null, absHead: null };
}

/** Puts the guard before a binding that has not been shown yet. */
function guard(binding: Binding, onFault: (fault: Fault | null) => void): () => Fault | null {
  let fault: Fault | null = null;
  let isResting = false;
  /** Where the cursor was, in terms of the shared text, when the binding came to rest. */
  let selection: RelativeSelection | null = null;
  const follow = binding._observeFunction;
  const write = binding._prosemirrorChanged.bind(binding);
  const draw = binding._forceRerender.bind(binding);
  const remember = binding.beforeAllTransactions;
  const judge = (next: Fault | null) => {
    if (next === fault) return;
    fault = next;
    onFault(fault);
  };
  const rest = (found: Fault) => {
    if (!isResting) {
      isResting = true;
      selection = binding.beforeTransactionSelection;
      // Positions of carets are read through the mapping, which no longer fits.
      binding.mapping.clear();
    }
    judge(found);
  };
  const schema = () => binding.prosemirrorView?.state.schema ?? null;

  binding.beforeAllTransactions = () => {
    if (!isResting) remember();
  };
  binding._prosemirrorChanged = (document) => {
    if (!isResting) write(document);
  };
  binding._forceRerender = () => {
    const known = schema();
    const found = known && faultIn(binding.type, known);
    if (found) rest(found);
    else draw();
  };
  binding._observeFunction = (events, transaction) => {
    const known = schema();
    // What the editor itself wrote came out of the schema.
    if (known === null || (transaction.origin === ySyncPluginKey && !isResting)) {
      follow(events, transaction);
      return;
    }
    const found = isResting
      ? faultIn(binding.type, known)
      : faultInChange(binding.type, known, {
          targets: events.map(({ target }) => target),
          before: transaction.beforeState,
        });
    if (found) {
      rest(found);
      return;
    }
    if (isResting) {
      isResting = false;
      binding.beforeTransactionSelection = selection;
    }
    binding.beforeTransactionSelection = knownPlace(binding.beforeTransactionSelection, binding);
    follow(events, transaction);
    judge(null);
  };
  return () => fault;
}

export type GuardedOptions = {
  /** Told whenever the binding comes to rest or goes on; null says that it goes on. */
  readonly onFault: (fault: Fault | null) => void;
};

/** Tiptap's collaboration behind the guard. */
export function guardedCollaboration({ onFault }: GuardedOptions) {
  let fault: () => Fault | null = () => null;
  return Collaboration.extend({
    addCommands() {
      const { undo, redo } = this.parent?.() ?? {};
      const unlessResting = (command: typeof undo) => () => (props: CommandProps) =>
        fault() === null && (command?.()(props) ?? false);
      return { undo: unlessResting(undo), redo: unlessResting(redo) };
    },

    addProseMirrorPlugins() {
      const plugins: Plugin[] = this.parent?.() ?? [];
      const sync = plugins.find(({ spec }) => spec.key === ySyncPluginKey);
      if (!sync) throw new Error("The collaboration brought no binding.");
      fault = guard(bindingOf(sync), onFault);
      const stillness = new Plugin({
        filterTransaction: (transaction) =>
          !transaction.docChanged || fault() === null || transaction.getMeta(ySyncPluginKey) !== undefined,
      });
      return [...plugins, stillness];
    },
  });
}
