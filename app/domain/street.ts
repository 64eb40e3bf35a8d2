/**
 * The street: what each side wrote, laid along one line of time, with the exchanges
 * and named versions on it. Pure arithmetic; `components/street.tsx` draws it. One
 * lane per side however many organisations it has, one scale for both lanes; it is a
 * picture and a prompt, never a score, so no totals are made.
 */
import { longMonths } from "./dates.ts";
import type { Side } from "./sides.ts";

const dayMs = 86_400_000;

/** English prose has about six characters a word, the space counted. */
const charactersPerWord = 6;

/** About how many words a number of characters is. Anything above nothing is at least one. */
export function wordsOf(characters: number): number {
  return characters <= 0 ? 0 : Math.max(1, Math.round(characters / charactersPerWord));
}

export type StreetSlot = {
  /** Start of the week or month, milliseconds in UTC. */
  readonly startsAt: number;
  /** Start and width in per cent of the whole street. */
  readonly left: number;
  readonly width: number;
  readonly providerWords: number;
  readonly employerWords: number;
};

export type StreetExchange = {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly startsAt: number;
  readonly isPlanned: boolean;
  readonly left: number;
};

/** A named version, as a post beside the road. */
type StreetVersion = {
  readonly id: string;
  readonly documentId: string;
  readonly documentTitle: string;
  readonly label: string;
  readonly number: number;
  readonly at: number;
  /** Who named it, and what they said it is about. */
  readonly by: string;
  readonly note: string | null;
  readonly side: Side | null;
};

export type StreetPost = StreetVersion & { readonly left: number };

export type StreetMonth = { readonly name: string; readonly year: number; readonly left: number };

export type Street = {
  readonly startsAt: number;
  readonly endsAt: number;
  /** "week", or "month" where the range is longer than 18 months. */
  readonly unit: "week" | "month";
  readonly slots: readonly StreetSlot[];
  /** Words of the busiest slot, rounded up to a round number; 0 when nobody wrote. */
  readonly scale: number;
  readonly months: readonly StreetMonth[];
  readonly exchanges: readonly StreetExchange[];
  readonly posts: readonly StreetPost[];
  /** Where today is, in per cent; null when it is off the street. */
  readonly today: number | null;
};

export type StreetFacts = {
  readonly days: readonly { readonly dayOn: string; readonly side: Side; readonly charactersAdded: number }[];
  readonly exchanges: readonly {
    readonly id: string;
    readonly number: number;
    readonly title: string;
    readonly startsAt: number;
    readonly isPlanned: boolean;
  }[];
  readonly versions: readonly StreetVersion[];
  readonly now: number;
};

function monthStart(at: number, plus = 0): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + plus, 1);
}

/** The next round number at or above: 100, 150, 200, 250, 300 …, a scale people can read. */
function roundUp(words: number): number {
  if (words <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(words));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= words) ?? 10;
  return Math.ceil(step * power);
}

function slotStarts(startsAt: number, endsAt: number, unit: "week" | "month"): readonly number[] {
  const starts: number[] = [];
  for (let at = startsAt; at < endsAt; at = unit === "week" ? at + 7 * dayMs : monthStart(at, 1))
    starts.push(at);
  return starts;
}

/**
 * Lays the street over whole months, from the first thing that happened to the last
 * that is planned. Null when there is nothing to lay it for. Today is on it only where
 * it falls inside.
 */
export function layStreet(facts: StreetFacts): Street | null {
  const days = facts.days
    .filter((day) => day.charactersAdded > 0 && (day.side === "provider" || day.side === "employer"))
    .map((day) => ({ ...day, at: Date.parse(`${day.dayOn}T00:00:00Z`) }));
  const moments = [
    ...days.map((day) => day.at),
    ...facts.exchanges.map((exchange) => exchange.startsAt),
    ...facts.versions.map((version) => version.at),
  ];
  if (moments.length === 0) return null;
  const startsAt = monthStart(Math.min(...moments));
  const endsAt = monthStart(Math.max(...moments), 1);
  const left = (at: number) => (100 * (at - startsAt)) / (endsAt - startsAt);
  const unit = endsAt - startsAt > 550 * dayMs ? "month" : "week";
  const starts = slotStarts(startsAt, endsAt, unit);

  const slots = starts.map((start, index) => {
    const end = starts[index + 1] ?? endsAt;
    const charactersOf = (side: Side) =>
      days
        .filter((day) => day.side === side && day.at >= start && day.at < end)
        .reduce((sum, day) => sum + day.charactersAdded, 0);
    return {
      startsAt: start,
      left: left(start),
      width: left(end) - left(start),
      providerWords: wordsOf(charactersOf("provider")),
      employerWords: wordsOf(charactersOf("employer")),
    };
  });
  const monthStarts = slotStarts(startsAt, endsAt, "month");
  return {
    startsAt,
    endsAt,
    unit,
    slots,
    scale: roundUp(Math.max(0, ...slots.flatMap((slot) => [slot.providerWords, slot.employerWords]))),
    months: monthStarts.map((at) => ({
      name: longMonths[new Date(at).getUTCMonth()] ?? "",
      year: new Date(at).getUTCFullYear(),
      left: left(at),
    })),
    exchanges: facts.exchanges.map((exchange) => ({ ...exchange, left: left(exchange.startsAt) })),
    posts: facts.versions.map((version) => ({ ...version, left: left(version.at) })),
    today: facts.now > startsAt && facts.now < endsAt ? left(facts.now) : null,
  };
}
