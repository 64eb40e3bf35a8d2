// @vitest-environment jsdom
/**
 * Real editors on real shared documents: what no editor may delete, and what becomes of
 * pairs of structural edits once the server's repair has come back.
 */
import { Editor } from "@tiptap/core";
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { repairOf } from "../../collab-server/follow-log/repair-tree.ts";
import { seeded, seedOfRun, told, trials } from "../../collab-server/testing/count.ts";
import { type Fault, faultIn } from "../document/check-fragment.ts";
import { readFragment } from "../document/read-fragment.ts";
import { editorSchema } from "../document/schema.ts";
import { seedUpdate, textFragment } from "../document/seed.ts";
import { templateFor } from "../document/templates.ts";
import { NewBlockIds } from "./block-ids.ts";
import { editingExtensions } from "./editing-extensions.ts";
import { guardedCollaboration } from "./guarded-collaboration.ts";

/** Full counts on a busy machine, ms. */
const longRun = 1_800_000;

type Seat = {
  readonly doc: Y.Doc;
  readonly editor: Editor;
  readonly faults: (Fault | null)[];
  close(): void;
};

function sit(start: Uint8Array, clientID: number): Seat {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = clientID;
  Y.applyUpdate(doc, start);
  const faults: (Fault | null)[] = [];
  const editor = new Editor({
    element: document.createElement("div"),
    extensions: [
      ...editingExtensions,
      NewBlockIds,
      guardedCollaboration({ onFault: (fault) => faults.push(fault) }).configure({
        document: doc,
        field: textFragment,
      }),
    ],
  });
  return {
    doc,
    editor,
    faults,
    close: () => {
      editor.destroy();
      doc.destroy();
    },
  };
}

const p = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });
const item = (...content: unknown[]) => ({ type: "listItem", content });
const cell = (text: string) => ({ type: "tableCell", content: [p(text)] });

const start = seedUpdate(
  {
    type: "doc",
    content: [
      p("one"),
      {
        type: "bulletList",
        content: [
          item(p("two")),
          item(p("three"), { type: "bulletList", content: [item(p("four")), item(p("five"))] }),
        ],
      },
      { type: "blockquote", content: [p("six"), p("seven")] },
      {
        type: "table",
        content: [
          { type: "tableRow", content: [cell("eight"), cell("nine")] },
          { type: "tableRow", content: [cell("ten"), cell("eleven")] },
        ],
      },
      { type: "callout", attrs: { tone: "tip" }, content: [p("twelve")] },
      { type: "taskList", content: [{ type: "taskItem", content: [p("thirteen")] }] },
      p("fourteen"),
    ],
  },
  1,
);

const json = (doc: Y.Doc) => JSON.stringify(readFragment(doc));

/** Changes a copy of a document as a client without any editor would; gives the update. */
function rawEdit(of: Y.Doc, clientID: number, edit: (root: Y.XmlFragment) => void): Uint8Array {
  const copy = new Y.Doc({ gc: false });
  copy.clientID = clientID;
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(of));
  const before = Y.encodeStateVector(copy);
  copy.transact(() => edit(copy.getXmlFragment(textFragment)));
  return Y.encodeStateAsUpdate(copy, before);
}

/** Tries everything a person at this editor can do. */
function tryEverything(editor: Editor): void {
  editor.commands.setTextSelection(2);
  editor.commands.insertContent("typed");
  editor.commands.selectAll();
  editor.commands.toggleBulletList();
  editor.commands.deleteSelection();
  editor.commands.undo();
  editor.commands.redo();
}

describe("an editor on a text it does not understand", () => {
  const unknown: Readonly<Record<string, (root: Y.XmlFragment) => void>> = {
    "a node of an unknown type": (root) => {
      const node = new Y.XmlElement("learningOutcomeGrid");
      node.setAttribute("standard", "ST0116");
      node.insert(0, [new Y.XmlText("kept words")]);
      root.insert(1, [node]);
    },
    "an unknown node inside a list item": (root) => {
      const list = root.get(1) as Y.XmlElement;
      (list.get(0) as Y.XmlElement).insert(1, [new Y.XmlElement("poll")]);
    },
    "a mark of an unknown type": (root) => {
      ((root.get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 2, { glossary: { term: "KSB" } });
    },
    "an attribute of an unknown name": (root) => {
      (root.get(0) as Y.XmlElement).setAttribute("owner", "provider");
    },
    "something embedded in a text": (root) => {
      ((root.get(0) as Y.XmlElement).get(0) as Y.XmlText).insertEmbed(1, { chart: [1, 2] });
    },
    "a text directly in the document": (root) => root.insert(0, [new Y.XmlText("loose")]),
    "a list item outside any list": (root) => {
      const loose = new Y.XmlElement("listItem");
      const inside = new Y.XmlElement("paragraph");
      inside.insert(0, [new Y.XmlText("loose words")]);
      loose.insert(0, [inside]);
      root.insert(0, [loose]);
    },
    "words directly in a quote": (root) => {
      (root.get(2) as Y.XmlElement).insert(0, [new Y.XmlText("loose words")]);
    },
  };
  for (const [what, edit] of Object.entries(unknown)) {
    it(`[D14] keeps ${what} byte for byte, arriving while it is open or there before`, () => {
      const open = sit(start, 2);
      const update = rawEdit(open.doc, 9, edit);
      Y.applyUpdate(open.doc, update, "network");
      const bytes = Buffer.from(Y.encodeStateAsUpdate(open.doc)).toString("hex");
      expect(open.faults.at(-1)).toMatch(/unknown|invalid/);
      tryEverything(open.editor);
      expect(Buffer.from(Y.encodeStateAsUpdate(open.doc)).toString("hex")).toBe(bytes);

      const late = sit(Y.mergeUpdates([start, update]), 3);
      expect(late.faults.at(-1)).toMatch(/unknown|invalid/);
      tryEverything(late.editor);
      expect(Buffer.from(Y.encodeStateAsUpdate(late.doc)).toString("hex")).toBe(bytes);
      open.close();
      late.close();
    });
  }

  it("[D14] goes on, with what others wrote meanwhile, once the unknown part is gone", () => {
    const seat = sit(start, 2);
    seat.editor.commands.setTextSelection(3);
    const strange = rawEdit(seat.doc, 9, (root) => root.insert(0, [new Y.XmlElement("poll")]));
    Y.applyUpdate(seat.doc, strange, "network");
    const words = rawEdit(seat.doc, 10, (root) => {
      ((root.get(1) as Y.XmlElement).get(0) as Y.XmlText).insert(0, "meanwhile ");
    });
    Y.applyUpdate(seat.doc, words, "network");
    expect(seat.editor.getText()).not.toContain("meanwhile");
    const gone = rawEdit(seat.doc, 11, (root) => root.delete(0, 1));
    Y.applyUpdate(seat.doc, gone, "network");
    expect(seat.faults).toEqual(["unknown", null]);
    expect(seat.editor.getText()).toContain("meanwhile one");
    seat.editor.commands.insertContent("ZZ");
    expect(json(seat.doc)).toContain("ZZ");
    expect(seat.editor.state.doc.textContent).toBe(
      editorSchema.nodeFromJSON(readFragment(seat.doc)).textContent,
    );
    seat.close();
  });

  it("finds nothing to object to in what the product itself writes", () => {
    for (const kind of ["plan", "exchange", "case_study", "page"] as const) {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, seedUpdate(templateFor(kind as never), 5));
      expect(faultIn(doc.getXmlFragment(textFragment), editorSchema)).toBe(null);
      doc.destroy();
    }
  });
});

/**
 * One structural edit through the editor's own commands, with a word of its own, in the
 * given text block: pairs that never meet would prove nothing.
 */
function structuralEdit(editor: Editor, random: () => number, token: string, block: number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const places: number[] = [];
  editor.state.doc.descendants((node, at) => {
    if (node.isTextblock) places.push(at + 1 + Math.floor(random() * (node.content.size + 1)));
  });
  const at = places[block % places.length] as number;
  const insert = () => editor.commands.insertContent(token);
  const moves: readonly (readonly [string, ...(() => unknown)[]])[] = [
    ["type", insert],
    ["split", () => editor.commands.splitBlock(), insert],
    ["wrap in quote", insert, () => editor.commands.setBlockquote()],
    ["wrap in callout", insert, () => editor.commands.toggleCallout("note")],
    ["make a list", insert, () => editor.commands.toggleBulletList()],
    ["make tasks", insert, () => editor.commands.toggleTaskList()],
    ["lift out", insert, () => editor.commands.selectParentNode(), () => editor.commands.lift("blockquote")],
    ["lift item", insert, () => editor.commands.liftListItem("listItem")],
    ["sink item", insert, () => editor.commands.sinkListItem("listItem")],
    ["split item", () => editor.commands.splitListItem("listItem"), insert],
    ["heading", insert, () => editor.commands.setNode("heading", { level: 3 })],
    ["add a row", insert, () => editor.commands.addRowAfter()],
    ["add a column", insert, () => editor.commands.addColumnBefore()],
    ["delete a row", () => editor.commands.deleteRow()],
    ["delete a column", () => editor.commands.deleteColumn()],
    [
      "delete an item",
      () => editor.commands.deleteNode("listItem"),
      () => editor.commands.deleteNode("taskItem"),
    ],
    ["delete a paragraph", () => editor.commands.deleteNode("paragraph")],
    ["delete a quote", () => editor.commands.deleteNode("blockquote")],
    ["delete a callout", () => editor.commands.deleteNode("callout")],
    ["join backwards", () => editor.commands.joinBackward()],
    ["insert a table", insert, () => editor.commands.insertTable({ rows: 2, cols: 2 })],
  ];
  const [name, ...steps] = pick(moves);
  editor.commands.setTextSelection(at);
  for (const step of steps) step();
  return name;
}

describe("two editors at once", () => {
  it("keeps the cursor at its letter while the other writes before it in the same paragraph", () => {
    const seats = [sit(start, 2), sit(start, 3)] as const;
    const [one, other] = seats;
    const send = (from: Seat, to: Seat) =>
      Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), "network");
    other.editor.commands.setTextSelection(4);
    one.editor.commands.setTextSelection(1);
    for (const letter of "before ") {
      one.editor.commands.insertContent(letter === " " ? { type: "text", text: " " } : letter);
      send(one, other);
      other.editor.commands.insertContent("x");
      send(other, one);
    }
    const first = one.editor.state.doc.child(0).textContent;
    expect(first).toBe("before onexxxxxxx");
    expect(other.editor.state.doc.child(0).textContent).toBe(first);
    // Backwards as well: what stood before the cursor goes away.
    one.editor.commands.deleteRange({ from: 1, to: 8 });
    send(one, other);
    other.editor.commands.insertContent("!");
    expect(other.editor.state.doc.child(0).textContent).toBe("onexxxxxxx!");
    for (const seat of seats) seat.close();
  });

  it("[D15] two people who each delete one of the two last items rest until the repair has come, then go on", () => {
    const seats = [sit(start, 2), sit(start, 3)] as const;
    const place = (editor: Editor, words: string) => {
      let found = 0;
      editor.state.doc.descendants((node, at) => {
        if (node.isTextblock && node.textContent === words) found = at + 1;
      });
      editor.commands.setTextSelection(found);
    };
    place(seats[0].editor, "four");
    seats[0].editor.commands.deleteNode("listItem");
    place(seats[1].editor, "five");
    seats[1].editor.commands.deleteNode("listItem");
    const updates = seats.map(({ doc }) => Y.encodeStateAsUpdate(doc));
    Y.applyUpdate(seats[0].doc, updates[1] as Uint8Array, "network");
    Y.applyUpdate(seats[1].doc, updates[0] as Uint8Array, "network");
    const merged = json(seats[0].doc);
    for (const { editor, doc, faults } of seats) {
      expect(faults).toEqual(["invalid"]);
      tryEverything(editor);
      expect(json(doc)).toBe(merged);
    }
    const repair = repairOf(seats[0].doc, 77);
    for (const { editor, doc, faults } of seats) {
      Y.applyUpdate(doc, repair?.update ?? new Uint8Array(), "network");
      expect(faults).toEqual(["invalid", null]);
      expect(editor.getText()).toContain("three");
      editor.state.doc.check();
      place(editor, "three");
      editor.commands.insertContent("again ");
      expect(json(doc)).toContain("again three");
    }
    for (const seat of seats) seat.close();
  });

  it(
    "[D15] pairs of structural edits converge, are valid after the server's repair, and lose no inserted word without a deletion",
    async () => {
      const seed = seedOfRun();
      const count = trials(10_000, 150);
      let broken = 0;
      let beside = 0;
      const refused: string[] = [];
      for (let trial = 0; trial < count; trial++) {
        const random = seeded(seed + trial);
        const seats = [sit(start, 2), sit(start, 3)] as const;
        const server = new Y.Doc({ gc: false });
        Y.applyUpdate(server, start);
        const tokens = ["QAQ", "QBQ"];
        const block = Math.floor(random() * 15);
        const beneath = block + Math.floor(random() * 3);
        const names = seats.map(({ editor }, index) =>
          structuralEdit(editor, random, tokens[index] ?? "", index === 0 ? block : beneath),
        );
        const where = `seed ${seed} trial ${trial} (${names.join(" beside ")})`;
        const updates = seats.map(({ doc }) => Y.encodeStateAsUpdate(doc));
        const written = tokens.filter((token, index) => json((seats[index] as Seat).doc).includes(token));
        for (const update of updates) Y.applyUpdate(server, update);
        const merged = json(server);
        Y.applyUpdate(seats[0].doc, updates[1] as Uint8Array, "network");
        Y.applyUpdate(seats[1].doc, updates[0] as Uint8Array, "network");
        // No editor wrote anything because of what it received.
        for (const { doc } of seats) expect(json(doc), where).toBe(merged);
        for (const token of written.filter((each) => !merged.includes(each))) {
          // Deleted together with the block it was typed into: by the other's edit, and still in the history.
          expect(Buffer.from(Y.encodeStateAsUpdate(server)).includes(token), where).toBe(true);
          beside += 1;
        }
        if (faultIn(server.getXmlFragment(textFragment), editorSchema) !== null) {
          broken += 1;
          expect(
            seats.map(({ faults }) => faults.at(-1)),
            where,
          ).toEqual(["invalid", "invalid"]);
          const repair = repairOf(server, 77);
          if (repair === null) refused.push(where);
          else {
            for (const doc of [server, ...seats.map((seat) => seat.doc)])
              Y.applyUpdate(doc, repair.update, "network");
          }
        }
        const after = json(server);
        const kept = tokens.filter((token) => merged.includes(token));
        for (const token of kept) expect(after, where).toContain(token);
        if (faultIn(server.getXmlFragment(textFragment), editorSchema) === null) {
          for (const { doc, editor, faults } of seats) {
            expect(json(doc), where).toBe(after);
            expect(faults.at(-1) ?? null, where).toBe(null);
            editor.state.doc.check();
            for (const token of kept) expect(editor.getText(), where).toContain(token);
          }
        }
        for (const seat of seats) seat.close();
        server.destroy();
        // An editor is let go of only once its first task has had its turn: 20,000 at once are too many.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
      told(
        "D15",
        count,
        seed,
        `${broken} merges were invalid and repaired, ${beside} words deleted beside their block and kept in history, 0 lost`,
      );
      expect(refused, "every invalid merge has a repair").toEqual([]);
    },
    longRun,
  );
});
