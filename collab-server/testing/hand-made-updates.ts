/**
 * Yjs updates (encoding v1) put together number by number, so that a test can spoil any
 * one place of them, or say what no Yjs client would ever say.
 */
import * as encoding from "lib0/encoding";

/** A number is written as a varint, bytes as they are. */
export type Part = number | Uint8Array;

export const byte = (value: number): Uint8Array => Uint8Array.of(value);
/** A text with its length in front. */
export const text = (value: string): readonly Part[] => [Buffer.byteLength(value), Buffer.from(value)];

/** How a struct says where it stands: below a root, or inside another struct. */
export const belowRoot = (name = "default"): readonly Part[] => [byte(1), ...text(name)];
export const insideOf = (client: number, clock: number): readonly Part[] => [byte(0), client, clock];

/** Content kinds of Yjs' structs, as they stand in the lowest five bits of the first byte. */
export const kinds = {
  collected: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  text: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  subDocument: 9,
  skip: 10,
} as const;
/** Added to the kind when the struct stands under a key of its parent. */
export const underKey = 32;
/** Added to the kind when the struct stands behind another, whose id follows. */
export const behindOrigin = 128;
export const xmlElement = 3;
export const xmlText = 6;

export const noDeletions: readonly Part[] = [0];

export function joined(parts: readonly Part[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts)
    if (typeof part === "number") encoding.writeVarUint(encoder, part);
    else encoding.writeUint8Array(encoder, part);
  return encoding.toUint8Array(encoder);
}

/** One block of structs of one client, from clock 0 on. */
export const oneBlock = (client: number, ...structs: readonly (readonly Part[])[]): readonly Part[] => [
  1,
  structs.length,
  client,
  0,
  ...structs.flat(),
];

/** A paragraph of these words at the top of the document, its first letter deleted again. */
export const paragraphParts = (client: number, words: string): readonly Part[] => [
  ...oneBlock(
    client,
    [byte(kinds.type), ...belowRoot(), xmlElement, ...text("paragraph")],
    [byte(kinds.type), ...insideOf(client, 0), xmlText],
    [byte(kinds.text), ...insideOf(client, 1), ...text(words)],
  ),
  ...[1, client, 1, 2, 1],
];

/** The message around an update: sync, Update, length. */
export const updateMessage = (update: Uint8Array): readonly Part[] => [0, 2, update.length, update];

const nodeNames = [
  "paragraph",
  "heading",
  "bulletList",
  "table",
  "text",
  "doc",
  "fromTheFuture",
  "constructor",
  "0",
];
const keys = ["level", "href", "blockId", "src", "toString", "constructor", "length", "0", "ychange", ""];
const roots = ["default", "default", "default", "text", "facts", "constructor", ""];
const texts = [
  "words",
  "",
  "\u0000",
  "\u202eright to left",
  "<script>1</script>",
  "🎓",
  "é".repeat(500),
  " \n\t ",
];
const values: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  "text",
  [],
  {},
  [[[1]]],
  { toString: "x", "": [null] },
  { level: {} },
];

/**
 * An update that breaks no rule of the protocol and that no editor would write: types
 * inside each other at random, keys and marks of any name, values where nodes are
 * expected. It is shorter than 5,000 clocks.
 */
export function strangeUpdate(random: () => number, client: number, mayDelete = true): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const nonEmpty = () => pick(texts) || "x";
  const json = () => text(JSON.stringify(pick(values)));
  const structs: (readonly Part[])[] = [];
  /** Clocks of structs so far; the first half of them hold types. */
  let clock = 0;
  const starts: number[] = [];
  const wanted = 1 + Math.floor(random() * 8);
  for (let i = 0; i < wanted; i++) {
    const isUnderKey = random() < 0.3;
    const place =
      starts.length > 0 && random() < 0.6 ? insideOf(client, pick(starts)) : belowRoot(pick(roots));
    const key = isUnderKey ? text(pick(keys)) : [];
    const struct = (kind: number, ...content: readonly Part[]) =>
      structs.push([byte(kind | (isUnderKey ? underKey : 0)), ...place, ...key, ...content]);
    starts.push(clock);
    const kind = pick([...Object.values(kinds), kinds.type, kinds.type, kinds.type]);
    let length = 1;
    switch (kind) {
      case kinds.collected:
        length = 1 + Math.floor(random() * 5);
        structs.push([byte(0), length]);
        break;
      case kinds.deleted:
        length = 1 + Math.floor(random() * 5);
        struct(kind, length);
        break;
      case kinds.json:
        // Under a key stands one value at a time, and one character of a text.
        length = isUnderKey ? 1 : 2;
        struct(kind, length, ...(isUnderKey ? [] : text("undefined")), ...json());
        break;
      case kinds.binary:
        struct(kind, 3, Uint8Array.of(0, 255, 7));
        break;
      case kinds.text: {
        const words = isUnderKey ? "x" : nonEmpty();
        length = words.length;
        struct(kind, ...text(words));
        break;
      }
      case kinds.embed:
        struct(kind, ...json());
        break;
      case kinds.format:
        struct(kind, ...text(pick(["bold", "link", "constructor", "x--AAAAAAAA"])), ...json());
        break;
      case kinds.any:
        // An array that holds an object with one key, whose value is a text.
        struct(kind, 1, byte(117), 1, byte(118), 1, ...text(pick(keys)), byte(119), ...text(pick(texts)));
        break;
      default: {
        const type = Math.floor(random() * 7);
        struct(kinds.type, type, ...(type === 3 || type === 5 ? text(pick(nodeNames)) : []));
      }
    }
    clock += length;
  }
  const from = Math.floor(random() * clock);
  const deletions =
    mayDelete && random() < 0.4
      ? [1, client, 1, from, 1 + Math.floor(random() * (clock - from))]
      : noDeletions;
  return joined([...oneBlock(client, ...structs), ...deletions]);
}
