import { describe, expect, it } from "vitest";
import { type Author, authorOf, CarryMap } from "./author-of.ts";

const alice: Author = { userId: "alice", side: "provider" };
const bob: Author = { userId: "bob", side: "employer" };
const leases = new Map([
  [1, alice],
  [2, bob],
]);
const restore = 9;

describe("the author of a character", () => {
  it("[W10] is whoever its client id was leased to", () => {
    const carry = new CarryMap([]);
    expect(authorOf(1, 0, carry, leases)).toEqual(alice);
    expect(authorOf(2, 5, carry, leases)).toEqual(bob);
    expect(authorOf(3, 0, carry, leases)).toBeNull();
  });

  it("[W10] stays the first one through any number of restores", () => {
    const carry = new CarryMap([
      { toClient: restore, toClock: 0, length: 10, fromClient: 1, fromClock: 100 },
      { toClient: restore, toClock: 10, length: 5, fromClient: 2, fromClock: 0 },
      { toClient: 10, toClock: 3, length: 12, fromClient: restore, fromClock: 2 },
    ]);
    expect(authorOf(restore, 9, carry, leases)).toEqual(alice);
    expect(authorOf(restore, 10, carry, leases)).toEqual(bob);
    expect(authorOf(10, 3, carry, leases)).toEqual(alice);
    expect(authorOf(10, 11, carry, leases)).toEqual(bob);
    expect(carry.origins(10, 0, 20).toSorted((a, b) => a.at.clock - b.at.clock)).toEqual([
      { client: 10, clock: 0, length: 3, at: { client: 10, clock: 0 } },
      { client: 1, clock: 102, length: 8, at: { client: 10, clock: 3 } },
      { client: 2, clock: 0, length: 4, at: { client: 10, clock: 11 } },
      { client: 10, clock: 15, length: 5, at: { client: 10, clock: 15 } },
    ]);
  });

  it("ends on a damaged table that runs in a ring", () => {
    const carry = new CarryMap([
      { toClient: 5, toClock: 0, length: 1, fromClient: 6, fromClock: 0 },
      { toClient: 6, toClock: 0, length: 1, fromClient: 5, fromClock: 0 },
    ]);
    expect(authorOf(5, 0, carry, leases)).toBeNull();
  });
});
