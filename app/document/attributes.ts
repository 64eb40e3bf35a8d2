/**
 * What every attribute of the schema may hold. Values come over the wire from peers, so
 * each is made harmless when ProseMirror makes a node or mark of it: a value outside its
 * rule becomes the safe default. The logged bytes are not altered (rulings 22).
 */
import type { Schema } from "@tiptap/pm/model";
import { isId } from "../domain/ids.ts";
import { withoutControls } from "../domain/one-line.ts";
import { safeHref } from "./safe-link.ts";

type Rule = (value: unknown) => unknown;

/** A whole number within bounds, also as decimal text; `otherwise` for anything else. */
function whole(least: number, most: number, otherwise: number): Rule {
  return (value) => {
    const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isInteger(number) && number >= least && number <= most
      ? number
      : otherwise;
  };
}

function oneOf(values: readonly unknown[], otherwise: unknown): Rule {
  return (value) => (values.includes(value) ? value : otherwise);
}

/** One line of text of at most `most` characters, without control and bidirectional marks. */
function line(most: number): Rule {
  return (value) => (typeof value === "string" ? withoutControls(value).slice(0, most).toWellFormed() : "");
}

const id: Rule = (value) => (isId(value) ? value : null);

export const calloutTones = ["note", "tip", "important", "warning"] as const;
export type CalloutTone = (typeof calloutTones)[number];

/** Longest alternative text, in characters; screen readers read it in one breath. */
export const altLengthMax = 500;

const cell: Readonly<Record<string, Rule>> = {
  // Wider spans make prosemirror-tables fill a map of that size (a peer could send 10⁹).
  colspan: whole(1, 100, 1),
  rowspan: whole(1, 1000, 1),
  colwidth: () => null,
  align: oneOf(["left", "center", "right"], null),
};

/** Node or mark → attribute → rule. `blockId` holds for every node and is added below. */
export const attributeRules: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  heading: { level: whole(1, 4, 2) },
  orderedList: { start: whole(0, 100_000, 1), type: oneOf(["1", "a", "A", "i", "I"], null) },
  taskItem: { checked: (value) => value === true || value === "true" },
  codeBlock: {
    language: (value) => (typeof value === "string" && /^[\w+#-]{1,30}$/.test(value) ? value : null),
  },
  callout: { tone: oneOf(calloutTones, "note") },
  image: { imageId: id, alt: line(altLengthMax) },
  mention: { userId: id, label: line(200) },
  tableCell: cell,
  tableHeader: cell,
  link: { href: safeHref },
};

type Attributes = Readonly<Record<string, unknown>>;

/** The attributes of a node or mark as they may be used. Those without a rule are dropped. */
export function harmlessAttributes(name: string, attributes: Attributes): Record<string, unknown> {
  const rules = attributeRules[name];
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => {
      if (key === "blockId") return [key, id(value)];
      const rule = rules && Object.hasOwn(rules, key) ? rules[key] : undefined;
      return [key, rule ? rule(value) : null];
    }),
  );
}

const hardened = new WeakSet<Schema>();

/**
 * Makes a schema apply the rules whenever it makes a node or a mark, whoever asks:
 * y-tiptap, JSON, pasted HTML, commands. ProseMirror's own `validate` throws instead, and
 * y-tiptap answers a throw by deleting the element for everyone.
 */
export function hardenSchema(schema: Schema): Schema {
  if (hardened.has(schema)) return schema;
  hardened.add(schema);
  for (const type of Object.values(schema.nodes)) {
    // Internal to prosemirror-model, but the one place every way of making a node goes through.
    const inner = type as unknown as { computeAttrs(given: Attributes | null): Attributes };
    const computeAttrs = inner.computeAttrs.bind(type);
    inner.computeAttrs = (given) => harmlessAttributes(type.name, computeAttrs(given));
  }
  for (const type of Object.values(schema.marks)) {
    if (Object.keys(type.spec.attrs ?? {}).length === 0) continue;
    const create = type.create.bind(type);
    type.create = (given) => create(harmlessAttributes(type.name, { ...given }));
  }
  return schema;
}
