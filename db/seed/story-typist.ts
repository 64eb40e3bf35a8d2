/**
 * Writes into a Yjs document the way a person at the editor does: a block appears, its
 * text follows in short runs, words are replaced in place. Each run is one transaction
 * and so one update. Knows nothing of logs and people.
 */
import * as Y from "yjs";
import { textFragment } from "../../app/document/seed.ts";
import type { Block, Inline } from "./blocks.ts";
import type { Act } from "./illustrative/script.ts";

/** Written in one go, in characters; a row per keystroke would only be more of the same. */
const runLength = 42;
/** Pace of writing: about five characters a second, and a pause before each block. */
const msPerCharacter = 190;
const pauseMs = 14_000;

/** One update of the document, and the time the writing took before it, ms. */
export type Typed = { readonly bytes: Uint8Array; readonly tookMs: number };

type Place = { readonly parent: Y.XmlFragment | Y.XmlElement; readonly index: number };

const isElement = (value: unknown): value is Y.XmlElement => value instanceof Y.XmlElement;

function plain(text: Y.XmlText): string {
  return (text.toDelta() as { insert: unknown }[]).map((run) => String(run.insert)).join("");
}

export class StoryTypist {
  readonly #doc = new Y.Doc({ gc: false });
  readonly #root: Y.XmlFragment;
  readonly #typed: Typed[] = [];
  readonly #newBlockId: () => string;
  /** Client ids of the template: its help is cleared away by the first who writes there. */
  readonly #templateClients: ReadonlySet<number>;
  #isListening = false;
  #tookMs = 0;

  constructor(template: Uint8Array, newBlockId: () => string) {
    this.#root = this.#doc.getXmlFragment(textFragment);
    this.#newBlockId = newBlockId;
    Y.applyUpdate(this.#doc, template);
    this.#templateClients = new Set(this.#doc.store.clients.keys());
    this.#doc.on("update", (bytes: Uint8Array) => {
      if (this.#isListening) this.#typed.push({ bytes, tookMs: this.#tookMs });
      this.#tookMs = 0;
    });
    this.#isListening = true;
  }

  /** Writes one act under this client id and gives back its updates in order. */
  write(act: Exclude<Act, { act: "name" }>, clientId: number): readonly Typed[] {
    this.#doc.clientID = clientId;
    this.#tookMs = pauseMs;
    switch (act.act) {
      case "under": {
        const place = this.#endOfSection(act.heading);
        act.blocks.forEach((block, index) => {
          this.#block(place.parent, place.index + index, block);
        });
        break;
      }
      case "below": {
        const place = this.#behindBlock(this.#find(act.words).text);
        act.blocks.forEach((block, index) => {
          this.#block(place.parent, place.index + index, block);
        });
        break;
      }
      case "rewrite": {
        const { text, index } = this.#find(act.from);
        this.#wait(act.from.length / 4);
        this.#change(() => text.delete(index, act.from.length));
        this.#type(text, index, [{ type: "text", text: act.to }]);
        break;
      }
      case "continue": {
        const { text, index } = this.#find(act.after);
        this.#type(text, index + act.after.length, [{ type: "text", text: act.text }]);
        break;
      }
      case "tick": {
        const item = this.#find(act.words).text.parent?.parent;
        if (!isElement(item) || item.nodeName !== "taskItem") throw new Error(`No task “${act.words}”`);
        // Yjs types attributes as text; y-tiptap stores booleans as they are.
        this.#change(() => item.setAttribute("checked", true as unknown as string));
        break;
      }
      case "strike": {
        const { parent, index } = this.#behindBlock(this.#find(act.words).text);
        this.#change(() => parent.delete(index - 1, 1));
        break;
      }
    }
    return this.#typed.splice(0);
  }

  #change(change: () => void): void {
    this.#doc.transact(change);
  }

  #wait(characters: number): void {
    this.#tookMs += Math.round(characters * msPerCharacter);
  }

  /** Puts a block there and fills it from its first child to its last. */
  #block(parent: Y.XmlFragment | Y.XmlElement, index: number, block: Block): void {
    const element = new Y.XmlElement(block.type);
    this.#change(() => {
      for (const [name, value] of Object.entries(block.attrs ?? {}))
        element.setAttribute(name, value as string);
      element.setAttribute("blockId", this.#newBlockId());
      parent.insert(index, [element]);
    });
    const content = block.content ?? [];
    const words = content.filter((child): child is Inline => child.type === "text");
    if (words.length > 0) {
      const text = new Y.XmlText();
      this.#change(() => element.insert(0, [text]));
      this.#type(text, 0, words as readonly Inline[]);
      return;
    }
    content.forEach((child, position) => {
      this.#block(element, position, child as Block);
    });
  }

  #type(text: Y.XmlText, index: number, words: readonly Inline[]): void {
    let at = index;
    for (const word of words) {
      const marks = Object.fromEntries((word.marks ?? []).map((mark) => [mark.type, mark.attrs ?? {}]));
      for (const run of runsOf(word.text)) {
        this.#wait(run.length);
        const place = at;
        this.#change(() => text.insert(place, run, marks));
        at += run.length;
      }
    }
  }

  /** The text that holds these words, and where. A story that names words nobody wrote is a mistake in it. */
  #find(words: string): { text: Y.XmlText; index: number } {
    for (const node of this.#root.createTreeWalker((child) => child instanceof Y.XmlText)) {
      const text = node as unknown as Y.XmlText;
      const index = plain(text).indexOf(words);
      if (index !== -1) return { text, index };
    }
    throw new Error(`Nobody wrote “${words}”`);
  }

  /** The place behind the outermost block of a text that may be written beside: lists and quotes count as one. */
  #behindBlock(text: Y.XmlText): Place {
    let block: unknown = text.parent;
    while (isElement(block) && block.parent !== this.#root) block = block.parent;
    const blocks = this.#root.toArray();
    const index = blocks.indexOf(block as Y.XmlElement);
    if (index === -1) throw new Error("A text stands outside of the document");
    return { parent: this.#root, index: index + 1 };
  }

  /** The end of the section under a heading, its template help cleared away; made when missing. */
  #endOfSection(heading: string): Place {
    const blocks = () => this.#root.toArray().filter(isElement);
    const level = (block: Y.XmlElement) =>
      block.nodeName === "heading" ? Number(block.getAttribute("level") ?? 2) : 9;
    const title = (block: Y.XmlElement) =>
      block
        .toArray()
        .map((child) => (child instanceof Y.XmlText ? plain(child) : ""))
        .join("");
    const start = blocks().findIndex(
      (block) => level(block) <= 2 && title(block).toLowerCase().includes(heading.toLowerCase()),
    );
    if (start === -1) {
      const end = this.#endOfDocument();
      this.#block(this.#root, end, {
        type: "heading",
        attrs: { level: 2 },
        content: [{ type: "text", text: heading }],
      });
      return { parent: this.#root, index: end + 1 };
    }
    const next = blocks().findIndex((block, index) => index > start && level(block) <= 2);
    const stop = next === -1 ? this.#endOfDocument() : next;
    const help = blocks()
      .map((block, index) => ({ block, index }))
      .filter(
        ({ block, index }) =>
          index > start && index < stop && this.#templateClients.has(block._item?.id.client ?? -1),
      );
    if (help.length > 0) {
      this.#change(() => {
        for (const { index } of help.toReversed()) this.#root.delete(index, 1);
      });
    }
    return { parent: this.#root, index: stop - help.length };
  }

  /** Before the empty paragraph that every document ends in, so that no editor has to add one. */
  #endOfDocument(): number {
    const last = this.#root.length === 0 ? undefined : this.#root.get(this.#root.length - 1);
    const isEmpty = isElement(last) && last.nodeName === "paragraph" && last.length === 0;
    return isEmpty ? this.#root.length - 1 : this.#root.length;
  }
}

/** Cuts a text into runs of about 42 characters, between words. */
function runsOf(text: string): readonly string[] {
  const runs: string[] = [];
  let run = "";
  for (const word of text.split(/(?<= )/)) {
    if (run !== "" && run.length + word.length > runLength) {
      runs.push(run);
      run = "";
    }
    run += word;
  }
  if (run !== "") runs.push(run);
  return runs;
}
