/** The outline of an update against Yjs itself, and what is refused. */
import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { admit } from "./admission.ts";
import { IdSet } from "./id-set.ts";
import { seeded, seedOfRun, told, trials } from "./testing/count.ts";
import {
  behindOrigin,
  belowRoot,
  byte,
  insideOf,
  joined,
  kinds,
  oneBlock,
  type Part,
  text,
  underKey,
} from "./testing/hand-made-updates.ts";
import { randomEdits } from "./testing/random-edits.ts";
import { fitsTogether, readUpdate, UnreadableUpdate, type UpdateOutline } from "./update-reader.ts";

/** The same outline, made by Yjs with its objects. */
function outlineByYjs(update: Uint8Array): Pick<UpdateOutline, "structs" | "deletes"> {
  const { structs, ds } = Y.decodeUpdate(update);
  const ranges: number[] = [];
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue;
    const at = ranges.length - 3;
    if (at >= 0 && ranges[at] === struct.id.client && ranges[at + 2] === struct.id.clock)
      ranges[at + 2] = struct.id.clock + struct.length;
    else ranges.push(struct.id.client, struct.id.clock, struct.id.clock + struct.length);
  }
  const deletes = new Map<number, number[]>();
  for (const [client, items] of ds.clients)
    deletes.set(
      client,
      items.flatMap(({ clock, len }) => [clock, clock + len]),
    );
  return { structs: ranges, deletes };
}

/** Nested elements, one inside the other, as one update. */
function nested(depth: number): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    let parent: Y.XmlElement | Y.XmlFragment = doc.getXmlFragment("default");
    for (let i = 0; i < depth; i++) {
      const child = new Y.XmlElement("div");
      parent.insert(0, [child]);
      parent = child;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

describe("reading an update without a Y.Doc", () => {
  it("[W5] finds the same structs and deletions as Yjs in updates of every kind of content", () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(20_000, 2_000);
    let compared = 0;
    while (compared < count) {
      const { updates, docs } = randomEdits(random, 3, 60);
      for (const update of [...updates, ...docs.map((doc) => Y.encodeStateAsUpdate(doc))]) {
        const outline = readUpdate(update, 64);
        const expected = outlineByYjs(update);
        expect(outline.structs).toEqual(expected.structs);
        expect(new Map(outline.deletes)).toEqual(expected.deletes);
        compared++;
      }
    }
    told("W5", compared, seed, "0 differences to Yjs");
  });

  it("[W6] refuses eight bytes that claim 33 million structs (M5) without allocating them", () => {
    const bomb = Uint8Array.of(1, 0xff, 0xff, 0xff, 0x0f, 1, 0, 0);
    expect(() => readUpdate(bomb, 64)).toThrow(UnreadableUpdate);
    const deletions = Uint8Array.of(0, 1, 1, 0xff, 0xff, 0xff, 0x0f);
    expect(() => readUpdate(deletions, 64)).toThrow(UnreadableUpdate);
  });

  it("[W6] refuses nesting deeper than 64 within a message (M9), and takes 64", () => {
    expect(() => readUpdate(nested(20_000), 64)).toThrow("nested too deeply");
    expect(() => readUpdate(nested(66), 64)).toThrow("nested too deeply");
    expect(readUpdate(nested(64), 64).structs).toHaveLength(3);
    const wide = new Y.Doc();
    wide.getXmlFragment("default").insert(
      0,
      Array.from({ length: 500 }, () => new Y.XmlElement("p")),
    );
    expect(readUpdate(Y.encodeStateAsUpdate(wide), 64).structs).toHaveLength(3);
  });

  it("[W6] refuses values nested deeper than 64 with a walk of its own", () => {
    const doc = new Y.Doc();
    let value: unknown = 1;
    for (let i = 0; i < 1_000; i++) value = [value];
    doc.getMap("default").set("deep", value);
    expect(() => readUpdate(Y.encodeStateAsUpdate(doc), 64)).toThrow("nested too deeply");
  });

  it("[W5] refuses whole numbers that JSON cannot hold, and takes every value that it can", () => {
    const doc = new Y.Doc();
    doc.getMap("default").set("number", { n: 10n });
    expect(() => readUpdate(Y.encodeStateAsUpdate(doc), 64)).toThrow("JSON cannot hold");
    const sound = new Y.Doc();
    sound.getMap("default").set("values", [null, true, -5, 2 ** 40, 0.1, "é", { a: [1] }, new Uint8Array(3)]);
    expect(readUpdate(Y.encodeStateAsUpdate(sound), 64).structs).toHaveLength(3);
  });

  it("[W5] refuses sub-documents, text that is no UTF-8, empty structs, doubled clients and trailing bytes", () => {
    const withSubdocument = new Y.Doc();
    withSubdocument.getMap("default").set("child", new Y.Doc());
    expect(() => readUpdate(Y.encodeStateAsUpdate(withSubdocument), 64)).toThrow("content we do not take");

    const text = new Y.Doc();
    text.clientID = 5;
    text.getText("default").insert(0, "aé");
    const update = Y.encodeStateAsUpdate(text);
    expect(readUpdate(update, 64).structs).toEqual([5, 0, 2]);
    const broken = update.slice();
    broken[broken.length - 2] = 0x61;
    expect(() => readUpdate(broken, 64)).toThrow("broken text");
    expect(() => readUpdate(Uint8Array.from([...update, 0]), 64)).toThrow("bytes after the end");

    // One client, one block of one GC struct of length nothing.
    expect(() => readUpdate(Uint8Array.of(1, 1, 5, 0, 0, 0, 0), 64)).toThrow("impossible length");
    expect(() => readUpdate(Uint8Array.of(2, 1, 5, 0, 0, 1, 1, 5, 0, 0, 1, 0), 64)).toThrow("two blocks");
  });

  it("[W5] never hangs and never throws anything of its own kind but UnreadableUpdate on mutated updates", () => {
    const seed = seedOfRun();
    const random = seeded(seed);
    const count = trials(1_000_000, 40_000);
    const { updates } = randomEdits(random, 3, 200);
    let readable = 0;
    for (let i = 0; i < count; i++) {
      const update = (updates[Math.floor(random() * updates.length)] ?? new Uint8Array()).slice();
      for (let j = 0; j <= Math.floor(random() * 3); j++)
        update[Math.floor(random() * update.length)] = Math.floor(random() * 256);
      try {
        const outline = readUpdate(update, 64);
        readable++;
        // What we call readable, Yjs must be able to decode, with the same ranges.
        expect(outline.structs).toEqual(outlineByYjs(update).structs);
      } catch (error) {
        if (!(error instanceof UnreadableUpdate)) throw error;
      }
    }
    told("W5", count, seed, `${readable} still readable, all of them by Yjs too`);
    expect(readable).toBeGreaterThan(0);
  });

  it("[W5][CS41] a value that could fall in pieces is refused: Yjs fails when it tidies up what holds it", () => {
    const holder = [byte(kinds.type), ...belowRoot(), 1];
    const value = [byte(kinds.text | underKey), ...insideOf(5, 0), ...text("key"), ...text("pieces")];
    const admitted = (...deletions: number[]) =>
      admit(
        joined([...oneBlock(5, holder, value), ...deletions]),
        { structs: new IdSet(), deletes: new IdSet() },
        () => true,
      ).kind;
    const whole = joined([...oneBlock(5, holder, value), 0]);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, whole);
    // First the end of the value, later what it stands in: the beginning is lost sight of between.
    Y.applyUpdate(doc, joined([0, 1, 5, 1, 4, 3]));
    expect(() => Y.applyUpdate(doc, joined([0, 1, 5, 1, 0, 1]))).toThrow("Unexpected case");

    expect(admitted(0)).toBe("refused");
    expect(admitted(1, 5, 1, 4, 3)).toBe("refused");
    // What Yjs joins once it is deleted comes deleted, and is taken.
    expect(admitted(1, 5, 1, 1, 6)).toBe("row");
    expect(admitted(1, 5, 2, 1, 3, 4, 3)).toBe("row");
  });

  it("[W6][B13] deletions that name ids again or out of order are refused: every reader would walk them each time", () => {
    const seen = { structs: new IdSet(), deletes: new IdSet() };
    seen.structs.add(5, [0, 4_000]);
    // Every second letter is deleted already: a range that spans all of them brings 2,000 pieces.
    seen.deletes.add(5, Array.from({ length: 2_000 }, (_, i) => [2 * i, 2 * i + 1]).flat());
    const admitted = (...deletions: number[]) => admit(joined([0, ...deletions]), seen, () => true);
    const refused = { kind: "refused", detail: "deletions that overlap or are out of order" };
    const again = Array.from({ length: 200_000 }, () => [0, 4_000]).flat();
    expect(admit(joined([0, 1, 5, 200_000, ...again]), seen, () => true)).toMatchObject(refused);
    expect(admitted(1, 5, 2, 10, 5, 2, 5)).toMatchObject(refused);
    expect(admitted(1, 5, 2, 2, 5, 6, 5)).toMatchObject(refused);
    expect(admitted(2, 5, 1, 2, 5, 5, 1, 20, 5)).toMatchObject(refused);
    expect(admitted(1, 5, 3, 2, 5, 7, 5, 20, 1).kind).toBe("row");
  });

  it("[B13] authors who lean on one another in a row are looked at a few times each, whatever their order", () => {
    const count = 2_000;
    const author = (client: number): readonly Part[] => [
      1,
      client,
      0,
      ...(client === 0
        ? [byte(kinds.text), ...belowRoot()]
        : [byte(kinds.text | behindOrigin), client - 1, 0]),
      ...text("x"),
    ];
    const seed = seedOfRun();
    const random = seeded(seed);
    const clients = Array.from({ length: count }, (_, i) => i);
    const shuffled = clients.toSorted(() => random() - 0.5);
    for (const order of [clients, clients.toReversed(), shuffled]) {
      let looks = 0;
      const known = () => {
        looks++;
        return false;
      };
      const update = joined([count, ...order.flatMap(author), 0]);
      expect(fitsTogether(update, known)).toBe(true);
      expect(looks).toBeLessThan(4 * count);
      // Without the first of them, all wait for ever.
      const without = order.filter((client) => client !== 0);
      expect(fitsTogether(joined([count - 1, ...without.flatMap(author), 0]), known)).toBe(false);
    }
    told("B13", 3 * count, seed, "authors in a row, at most 4 looks each");
  });
});
