/**
 * Broken traffic by class, each with what may become of it: the list that promise B12
 * counts. A class sends through one connection what stays open (presence, repeats), or
 * one frame at its end.
 */
import { closeCodes } from "../../app/document/wire.ts";
import {
  belowRoot,
  byte,
  insideOf,
  joined,
  kinds,
  noDeletions,
  oneBlock,
  type Part,
  paragraphParts,
  strangeUpdate,
  text,
  underKey,
  updateMessage,
  xmlElement,
  xmlText,
} from "./hand-made-updates.ts";
import { frameStarts, maskedFrame } from "./raw-line.ts";

export interface Circumstances {
  readonly random: () => number;
  /** Counts the frames of this class, so that whoever has a list gets through it. */
  readonly turn: number;
  /** Two ids leased to the sender, with nothing written under them. */
  readonly client: number;
  readonly second: number;
  /** Leased to somebody else in this document. */
  readonly taken: number;
  /** Leased to nobody. */
  readonly free: number;
  /** Wrote the document's first text, of more than 5,000 clocks. */
  readonly author: number;
  /** Everything in another document, and the id that wrote it. */
  readonly elsewhere: { readonly update: Uint8Array; readonly client: number };
}

/** A close code, a status of HTTP, or what a frame comes to whose sender stays. */
export type Outcome = number | "ignored" | "stored";

export interface FrameClass {
  readonly name: string;
  /** Whatever else becomes of a frame is a fault. */
  readonly may: readonly Outcome[];
  /** The message around it is sound: the update itself is read. */
  readonly isRead: boolean;
  /** Nothing of it ends the connection, so many can be sent before the last frame. */
  readonly staysOpen?: true;
  /** Written under ids of its own: what is stored must not be in the way of the next. */
  readonly wantsFreshClient?: true;
  readonly epoch?: string;
  frame(of: Circumstances): Buffer;
}

const { badMessage, leaseRefused, tooLarge } = closeCodes;
const message = (...parts: readonly Part[]) => maskedFrame(joined(parts));
const update = (bytes: Uint8Array) => message(...updateMessage(bytes));
const honest = (client: number) => joined(paragraphParts(client, "Words"));
const nth = <T>(list: readonly T[], turn: number): T => list[turn % list.length] as T;
/** A text below a paragraph of the same message: struct 2 of it. */
const withContent = (client: number, kind: number, ...content: readonly Part[]) =>
  update(
    joined([
      ...oneBlock(
        client,
        [byte(kinds.type), ...belowRoot(), xmlElement, ...text("paragraph")],
        [byte(kinds.type), ...insideOf(client, 0), xmlText],
        [byte(kind), ...insideOf(client, 1), ...content],
      ),
      ...noDeletions,
    ]),
  );
const below = (client: number, ...structs: readonly (readonly Part[])[]) =>
  update(joined([...oneBlock(client, ...structs), ...noDeletions]));

/** Larger than any clock, any id, any number of lib0, and a number that never ends. */
const tooLargeNumbers: readonly Part[] = [
  2 ** 31,
  2 ** 32,
  2 ** 40,
  Number.MAX_SAFE_INTEGER,
  new Uint8Array(12).fill(255),
];

/** What content may not be: kind, then the bytes behind it. */
const refusedContent: readonly (readonly [number, ...Part[]])[] = [
  [kinds.subDocument, ...text("a guid"), byte(118), 0],
  [kinds.skip | underKey, ...text("key"), 1],
  [kinds.collected | underKey, ...text("key"), 1],
  ...Array.from({ length: 21 }, (_, i) => [11 + i, 1] as [number, ...Part[]]),
  // A number that JSON cannot hold, a value of no kind, names that would change an object.
  [kinds.any, 1, byte(122), new Uint8Array(8)],
  [kinds.any, 1, byte(100)],
  [kinds.any, 1, byte(118), 1, ...text("__proto__"), byte(126)],
  [kinds.type | underKey, ...text("__proto__"), xmlText],
  [kinds.type, xmlElement, ...text("__proto__")],
  [kinds.type, 7],
  [kinds.embed, ...text("{")],
  [kinds.embed, ...text("undefined")],
  [kinds.format, ...text("bold"), ...text("[1,")],
];
const emptyContent: readonly (readonly [number, ...Part[]])[] = [
  [kinds.text, 0],
  [kinds.deleted, 0],
  [kinds.json, 0],
  [kinds.any, 0],
];
/** Bytes that are no UTF-8: cut short, overlong, half a pair, beyond the last character. */
const brokenTexts = [[0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]].map(
  (bytes) => Uint8Array.from(bytes),
);
const lengthAnd = (bytes: Uint8Array): readonly Part[] => [bytes.length, bytes];

function nestedElements(client: number, depth: number): Buffer {
  const structs = Array.from({ length: depth }, (_, level): readonly Part[] => [
    byte(kinds.type),
    ...(level === 0 ? belowRoot() : insideOf(client, level - 1)),
    xmlElement,
    ...text("blockquote"),
  ]);
  return below(client, ...structs);
}

/** WebSocket frames that RFC 6455 forbids. */
const brokenFraming: readonly Uint8Array[] = [
  // Reserved bits, an opcode nobody knows, a frame without a mask.
  Uint8Array.of(0xf2, 0x81, 0, 0, 0, 0, 1),
  Uint8Array.of(0x83, 0x81, 0, 0, 0, 0, 1),
  Uint8Array.of(0x82, 0x01, 1),
  // A ping in pieces, one above 125 bytes, a continuation of nothing, a close code that is none.
  Uint8Array.of(0x09, 0x80, 0, 0, 0, 0),
  maskedFrame(new Uint8Array(126), 0x89),
  maskedFrame(Uint8Array.of(1), 0x80),
  maskedFrame(Uint8Array.of(0, 5), frameStarts.close),
  // A message beyond every limit, and one whose length no number holds.
  Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0),
  Uint8Array.of(0x82, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0),
  // Text is not part of the protocol, broken or not.
  maskedFrame(Buffer.from("hello"), frameStarts.text),
  maskedFrame(Uint8Array.of(0xc3, 0x28), frameStarts.text),
];

export const frameClasses: readonly FrameClass[] = [
  {
    name: "presence of noise",
    may: ["ignored"],
    isRead: false,
    staysOpen: true,
    frame: ({ random }) => {
      const noise = Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256));
      return message(1, noise);
    },
  },
  {
    name: "presence of others",
    may: ["ignored"],
    isRead: false,
    staysOpen: true,
    frame: ({ taken, turn }) => {
      const entry = [1, taken, turn + 1, ...text('{"user":{"name":"Mallory"},"__proto__":{"x":1}}')];
      return message(1, joined(entry).length, ...entry);
    },
  },
  {
    name: "nothing new",
    may: ["ignored"],
    isRead: true,
    staysOpen: true,
    frame: ({ turn }) => message(0, 1 + (turn % 2), 2, 0, 0),
  },
  {
    name: "other words under known ids",
    // Whatever comes again under an id is as it was the first time (CS30).
    may: ["ignored"],
    isRead: true,
    staysOpen: true,
    frame: ({ author, turn }) =>
      below(author, [byte(kinds.text), ...belowRoot(), ...text("Forged. ".repeat(1 + (turn % 100)))]),
  },
  {
    name: "strange things under known ids",
    may: ["ignored"],
    isRead: true,
    staysOpen: true,
    frame: ({ author, random }) => update(strangeUpdate(random, author, false)),
  },
  {
    name: "random bytes",
    // A first byte of 1 or 3 makes it presence, of which broken words are left out.
    may: [badMessage, "ignored"],
    isRead: false,
    frame: ({ random }) =>
      maskedFrame(Uint8Array.from({ length: Math.floor(random() * 80) }, () => Math.floor(random() * 256))),
  },
  {
    name: "message cut short",
    may: [badMessage],
    isRead: false,
    frame: ({ client, turn }) => {
      const whole = joined(updateMessage(honest(client)));
      return maskedFrame(whole.subarray(0, turn % whole.length));
    },
  },
  {
    name: "update cut short",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => {
      const whole = honest(client);
      return update(whole.subarray(0, turn % whole.length));
    },
  },
  {
    name: "number too large",
    may: [badMessage, leaseRefused],
    isRead: true,
    frame: ({ client, turn }) => {
      const parts = [...paragraphParts(client, "Words")];
      const places = parts.flatMap((part, at) => (typeof part === "number" ? [at] : []));
      parts[nth(places, turn)] = nth(tooLargeNumbers, Math.floor(turn / places.length));
      return update(joined(parts));
    },
  },
  {
    name: "length too large",
    may: [badMessage],
    isRead: false,
    frame: ({ client, turn }) => {
      const parts = [...updateMessage(honest(client))];
      parts[turn % 3] = nth(tooLargeNumbers, Math.floor(turn / 3));
      return message(...parts);
    },
  },
  {
    name: "unknown message",
    may: [badMessage],
    isRead: false,
    frame: ({ client, turn }) => {
      const types = [2, ...Array.from({ length: 124 }, (_, i) => 4 + i), 128, 300, 2 ** 20];
      return message(nth(types, turn), ...updateMessage(honest(client)).slice(1));
    },
  },
  {
    name: "unknown kind of sync",
    may: [badMessage],
    isRead: false,
    frame: ({ client, turn }) => message(0, 3 + turn, ...updateMessage(honest(client)).slice(2)),
  },
  {
    name: "somebody else's id",
    may: [leaseRefused],
    isRead: true,
    frame: ({ taken }) => update(honest(taken)),
  },
  { name: "nobody's id", may: [leaseRefused], isRead: true, frame: ({ free }) => update(honest(free)) },
  {
    name: "another document's text",
    may: [badMessage, leaseRefused],
    isRead: true,
    frame: ({ client, elsewhere, turn }) =>
      turn % 2 === 0
        ? update(elsewhere.update)
        : below(client, [byte(kinds.text | 128), elsewhere.client, 0, ...text("leans on it")]),
  },
  {
    name: "another history",
    may: [409],
    isRead: false,
    epoch: "00000000-0000-4000-8000-000000000000",
    frame: ({ client }) => update(honest(client)),
  },
  {
    name: "gap in the clock",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => {
      const parts = [...paragraphParts(client, "Words")];
      // After the block's count, its length and its client comes the clock it begins at.
      parts[3] = 1 + turn;
      return update(joined(parts));
    },
  },
  {
    name: "leans on nothing",
    may: [badMessage],
    isRead: true,
    frame: ({ client, second, free, turn }) =>
      nth(
        [
          () => below(client, [byte(kinds.text), ...insideOf(second, 0), ...text("x")]),
          () => below(client, [byte(kinds.text | 128), free, turn, ...text("x")]),
          () => below(client, [byte(kinds.text | 64), second, turn, ...text("x")]),
          () => below(client, [byte(kinds.text | 128), client, 0, ...text("x")]),
          () => update(joined([0, 1, client, 1, turn, 1])),
          () => update(joined([0, 1, free, 1, 0, 2 ** 20])),
          // Two that lean on each other would wait for ever.
          () =>
            update(
              joined([
                2,
                ...oneBlock(client, [byte(kinds.text), ...insideOf(second, 0), ...text("x")]).slice(1),
                ...oneBlock(second, [byte(kinds.text), ...insideOf(client, 0), ...text("x")]).slice(1),
                ...noDeletions,
              ]),
            ),
        ],
        turn,
      )(),
  },
  {
    name: "claims too much",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) =>
      nth(
        [
          () => update(Uint8Array.of(1, 0xff, 0xff, 0xff, 0x0f, 1, 0, 0)),
          () => update(joined([2 ** 20, 1, client, 0])),
          () => update(joined([0, 2 ** 20, client, 1, 0, 1])),
          () => withContent(client, kinds.any, 1, byte(117), 2 ** 24),
          () => withContent(client, kinds.json, 2 ** 24, ...text("1")),
        ],
        turn,
      )(),
  },
  {
    name: "nested too deeply",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => {
      const depth = 66 + (turn % 200);
      return nth(
        [
          () => nestedElements(client, depth),
          () => withContent(client, kinds.embed, ...text(`${"[".repeat(depth)}${"]".repeat(depth)}`)),
          () =>
            withContent(
              client,
              kinds.any,
              1,
              ...Array.from({ length: depth }, () => [byte(117), 1]).flat(),
              byte(126),
            ),
        ],
        turn,
      )();
    },
  },
  {
    name: "too long",
    may: [badMessage, tooLarge],
    isRead: true,
    frame: ({ client, turn }) =>
      nth(
        [
          () => withContent(client, kinds.type, xmlElement, ...text("n".repeat(1_200))),
          () => withContent(client, kinds.format, ...text("k".repeat(1_200)), ...text("1")),
          () => withContent(client, kinds.embed, ...text(JSON.stringify("v".repeat(65_600)))),
          () => below(client, [byte(kinds.text), ...belowRoot("r".repeat(1_200)), ...text("x")]),
          // Rarely: a megabyte costs as much as a thousand others.
          () => (turn % 250 === 4 ? update(new Uint8Array(1_100_000)) : update(new Uint8Array(70_000))),
        ],
        turn,
      )(),
  },
  {
    name: "more behind the end",
    may: [badMessage],
    isRead: true,
    frame: ({ client, random, turn }) => {
      const more = Uint8Array.from({ length: 1 + (turn % 40) }, () => Math.floor(random() * 256));
      return turn % 2 === 0
        ? update(joined([...paragraphParts(client, "Words"), more]))
        : message(...updateMessage(honest(client)), more);
    },
  },
  {
    name: "text that is none",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => {
      const broken = lengthAnd(nth(brokenTexts, Math.floor(turn / 4)));
      return nth(
        [
          () => withContent(client, kinds.text, ...broken),
          () => withContent(client, kinds.type, xmlElement, ...broken),
          () => withContent(client, kinds.any, 1, byte(119), ...broken),
          () => withContent(client, kinds.format, ...broken, ...text("1")),
        ],
        turn,
      )();
    },
  },
  {
    name: "content nobody takes",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => withContent(client, ...nth(refusedContent, turn)),
  },
  {
    name: "empty or twice",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => {
      const block = oneBlock(client, [byte(kinds.text), ...belowRoot(), ...text("x")]).slice(1);
      return nth(
        [
          ...emptyContent.map((content) => () => withContent(client, ...content)),
          () => below(client, [byte(kinds.collected), 0]),
          () => below(client, [byte(kinds.skip), 0]),
          () => update(joined([2, ...block, ...block, ...noDeletions])),
          () => update(joined([0, 1, client, 1, 0, 0])),
        ],
        turn,
      )();
    },
  },
  {
    name: "value in pieces",
    may: [badMessage],
    isRead: true,
    frame: ({ client, turn }) => {
      const key = [...belowRoot(), ...text(`key ${turn}`)];
      const value = nth<readonly Part[]>(
        [
          [byte(kinds.text | underKey), ...key, ...text("in pieces")],
          [byte(kinds.any | underKey), ...key, 2, byte(126), byte(126)],
          [byte(kinds.json | underKey), ...key, 3, ...text("1"), ...text("2"), ...text("3")],
        ],
        turn,
      );
      const deletions = nth<readonly Part[]>(
        [noDeletions, [1, client, 1, 0, 1], [1, client, 1, 1, 1]],
        Math.floor(turn / 3),
      );
      return update(joined([...oneBlock(client, value), ...deletions]));
    },
  },
  {
    name: "broken question",
    may: [badMessage],
    isRead: false,
    frame: ({ turn }) => message(0, 0, ...nth([[2, 9, 9], [1, 200], [3, 1, 255, 255], [0]], turn)),
  },
  {
    name: "broken frame",
    // 1002 and 1007 of RFC 6455, 1009 for what is too long.
    may: [badMessage, tooLarge, 1002, 1007],
    isRead: false,
    frame: ({ turn }) => Buffer.from(nth(brokenFraming, turn)),
  },
  {
    name: "up to three bytes changed",
    may: [badMessage, leaseRefused, "ignored", "stored"],
    isRead: true,
    wantsFreshClient: true,
    frame: ({ client, random }) => {
      const bytes = joined(updateMessage(honest(client)));
      for (let i = 0; i <= random() * 3; i++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      return maskedFrame(bytes);
    },
  },
  {
    name: "strange but sound",
    may: ["stored"],
    isRead: true,
    wantsFreshClient: true,
    frame: ({ client, random }) => update(strangeUpdate(random, client)),
  },
];
