import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeSigns, type Sign } from "./street-signs.ts";

const runs = process.env["SCALE"] === "1" ? 5_000 : 300;

/** From where to where a sign's words reach. */
function reach(sign: Sign, readsRight: boolean): readonly [number, number] {
  return readsRight ? [sign.at, sign.at + sign.width] : [sign.at - sign.width, sign.at];
}

describe("the signs of the street", () => {
  it("stand in one row where they have room", () => {
    const { places, rows } = placeSigns([
      { id: "a", at: 10, width: 20 },
      { id: "b", at: 50, width: 20 },
    ]);
    expect(rows).toBe(1);
    expect([...places.values()]).toEqual([
      { row: 0, readsRight: true },
      { row: 0, readsRight: true },
    ]);
  });

  it("read away from the nearer end, and never past it", () => {
    const { places } = placeSigns([
      { id: "late", at: 95, width: 30 },
      { id: "long", at: 60, width: 55 },
      { id: "early", at: 5, width: 10 },
    ]);
    expect(places.get("late")?.readsRight).toBe(false);
    expect(places.get("long")?.readsRight).toBe(false);
    expect(places.get("early")?.readsRight).toBe(true);
  });

  it("say when they cannot stand inside the street, and still keep apart", () => {
    const { places, isInside } = placeSigns([
      { id: "a", at: 45, width: 50 },
      { id: "b", at: 60, width: 50 },
    ]);
    expect(isInside).toBe(false);
    expect(places.get("a")?.row).not.toBe(places.get("b")?.row);
    expect(placeSigns([{ id: "a", at: 45, width: 50 }]).isInside).toBe(true);
  });

  it("keep apart: no two words in one place, and no post through the words of another", () => {
    const some = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 1000 }), width: fc.integer({ min: 50, max: 400 }) }),
      { minLength: 1, maxLength: 8 },
    );
    const seed = 20261125;
    fc.assert(
      fc.property(some, (drawn) => {
        const signs = drawn.map(({ at, width }, id) => ({ id: String(id), at: at / 10, width: width / 10 }));
        const { places, isInside } = placeSigns(signs);
        for (const sign of signs) {
          const place = places.get(sign.id);
          if (!place) throw new Error("A sign has no place.");
          for (const other of signs.filter(({ id }) => id !== sign.id)) {
            const beside = places.get(other.id);
            if (!beside) throw new Error("A sign has no place.");
            const [from, to] = reach(sign, place.readsRight);
            if (isInside) expect(from >= 0 && to <= 100).toBe(true);
            const [otherFrom, otherTo] = reach(other, beside.readsRight);
            if (place.row === beside.row) expect(to <= otherFrom || from >= otherTo).toBe(true);
            if (beside.row > place.row) expect(other.at > from && other.at < to).toBe(false);
          }
        }
      }),
      { numRuns: runs, seed },
    );
    console.log(`placed ${runs} streets of signs, seed ${seed}: none covers another`);
  });
});
