/**
 * The street set upright, for narrow screens: time runs down, the provider left of the
 * road and the employer right of it. Weeks are rows of one height; a named version gets
 * a row of its own below its week, so that its words cover no bar. Pixels from the top.
 */
import type { Street, StreetExchange, StreetPost, StreetSlot } from "./street.ts";

/** Above the first and below the last row. */
const margin = 22;
const weekRow = 19;
const monthRow = 30;
const signRow = 44;
/** Crossings nearer than this would touch. */
const crossingGap = 42;

type At<Thing> = Thing & { readonly top: number };

export type UprightStreet = {
  readonly height: number;
  readonly road: { readonly top: number; readonly bottom: number };
  /** Height of a week's (or month's) row. */
  readonly row: number;
  readonly slots: readonly At<StreetSlot>[];
  readonly months: readonly { readonly name: string; readonly year: number; readonly top: number }[];
  readonly exchanges: readonly At<StreetExchange>[];
  /** `top` is the middle of the sign's own row. */
  readonly posts: readonly At<StreetPost>[];
  readonly today: number | null;
};

function slotOf(street: Street, left: number): number {
  const index = street.slots.findIndex((slot) => left < slot.left + slot.width);
  return index < 0 ? street.slots.length - 1 : index;
}

/** Sets a street upright. Crossings that would touch are moved down; their order stays. */
export function setUpright(street: Street): UprightStreet {
  const row = street.unit === "week" ? weekRow : monthRow;
  const posts: At<StreetPost>[] = [];
  const slots: At<StreetSlot>[] = [];
  let top = margin;
  for (const [index, slot] of street.slots.entries()) {
    slots.push({ ...slot, top });
    top += row;
    for (const post of street.posts.filter((one) => slotOf(street, one.left) === index)) {
      posts.push({ ...post, top: top + signRow / 2 });
      top += signRow;
    }
  }
  const topOf = (left: number): number => {
    const slot = slots[slotOf(street, left)];
    if (!slot) return margin;
    return slot.top + row * Math.min(1, Math.max(0, (left - slot.left) / slot.width));
  };
  const exchanges: At<StreetExchange>[] = [];
  for (const exchange of street.exchanges) {
    const before = exchanges.at(-1)?.top ?? -crossingGap;
    exchanges.push({ ...exchange, top: Math.max(topOf(exchange.left), before + crossingGap) });
  }
  const bottom = Math.max(top, (exchanges.at(-1)?.top ?? 0) + crossingGap / 2);
  return {
    height: bottom + margin,
    road: { top: margin, bottom },
    row,
    slots,
    months: street.months.map(({ name, year, left }) => ({ name, year, top: topOf(left) })),
    exchanges,
    posts,
    today: street.today === null ? null : topOf(street.today),
  };
}
