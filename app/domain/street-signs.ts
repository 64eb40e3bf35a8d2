/**
 * Where the signs of named versions stand above or below the street: which row, and to
 * which side they read. No two lie over each other and no post runs through the sign of
 * another; none leaves the street, unless long ones would otherwise meet. All in per
 * cent of its length; the widths of words are the caller's estimate.
 */
export type Sign = {
  readonly id: string;
  /** Where its post stands. */
  readonly at: number;
  readonly width: number;
};

export type SignPlace = { readonly row: number; readonly readsRight: boolean };

type Placed = SignPlace & {
  readonly id: string;
  readonly at: number;
  readonly from: number;
  readonly to: number;
};

const isInside = (at: number, sign: Placed) => at > sign.from && at < sign.to;

/** May both stand? The post of the higher one passes all rows below it. */
function canStand(sign: Placed, other: Placed): boolean {
  if (sign.row === other.row) return sign.to <= other.from || sign.from >= other.to;
  const [higher, lower] = sign.row > other.row ? [sign, other] : [other, sign];
  return !isInside(higher.at, lower);
}

/** Ways a sign can read: inside the street where it fits, away from the nearer end first. */
function waysInside(sign: Sign): readonly boolean[] {
  const fitsRight = sign.at + sign.width <= 100;
  const fitsLeft = sign.at - sign.width >= 0;
  if (fitsRight && fitsLeft) return [sign.at < 75, sign.at >= 75];
  return [fitsRight === fitsLeft ? sign.at < 50 : fitsRight];
}

function placed(sign: Sign, row: number, readsRight: boolean): Placed {
  const [from, to] = readsRight ? [sign.at, sign.at + sign.width] : [sign.at - sign.width, sign.at];
  return { id: sign.id, at: sign.at, from, to, row, readsRight };
}

/** Each sign in the lowest row that is free; null where one finds none. */
function placeInOrder(
  signs: readonly Sign[],
  ways: (sign: Sign) => readonly boolean[],
): readonly Placed[] | null {
  const standing: Placed[] = [];
  for (const sign of signs) {
    const free = Array.from({ length: signs.length }, (_, row) =>
      ways(sign).map((readsRight) => placed(sign, row, readsRight)),
    )
      .flat()
      .find((one) => standing.every((other) => canStand(one, other)));
    if (!free) return null;
    standing.push(free);
  }
  return standing;
}

const rowsIn = (placed: readonly Placed[]) => Math.max(0, ...placed.map(({ row }) => row + 1));
const heightsIn = (placed: readonly Placed[]) => placed.reduce((sum, { row }) => sum + row, 0);

/**
 * Places by id, and how many rows they take; row 0 is nearest to the road. Several
 * orders are tried and the flattest result is kept: there are few signs. Where some
 * would have to leave the street, `isInside` is false: shorter words may help.
 */
export function placeSigns(signs: readonly Sign[]): {
  readonly places: ReadonlyMap<string, SignPlace>;
  readonly rows: number;
  readonly isInside: boolean;
} {
  const byDate = signs.toSorted((one, other) => one.at - other.at);
  const fromTheMiddle = signs.toSorted((one, other) => Math.abs(one.at - 50) - Math.abs(other.at - 50));
  const [inside] = [byDate, byDate.toReversed(), fromTheMiddle, fromTheMiddle.toReversed()]
    .map((order) => placeInOrder(order, waysInside))
    .filter((one) => one !== null)
    .toSorted((one, other) => rowsIn(one) - rowsIn(other) || heightsIn(one) - heightsIn(other));
  // All reading to the right, from the right: each stands above those it passes, so this always ends.
  const flattest = inside ?? placeInOrder(byDate.toReversed(), () => [true]) ?? [];
  return {
    places: new Map(flattest.map(({ id, row, readsRight }) => [id, { row, readsRight }])),
    rows: rowsIn(flattest),
    isInside: inside !== undefined,
  };
}
