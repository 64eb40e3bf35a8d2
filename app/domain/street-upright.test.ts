import { describe, expect, it } from "vitest";
import { layStreet, type StreetFacts } from "./street.ts";
import { setUpright } from "./street-upright.ts";

const at = (iso: string) => Date.parse(`${iso}T10:00:00Z`);
const version = (id: string, iso: string) => ({
  id,
  documentId: "d",
  documentTitle: "Plan",
  label: `Sign ${id}`,
  number: 1,
  at: at(iso),
  by: "Somebody",
  note: null,
  side: "provider" as const,
});
const exchange = (number: number, iso: string) => ({
  id: String(number),
  number,
  title: "Exchange",
  startsAt: at(iso),
  isPlanned: false,
});

function upright(facts: Partial<StreetFacts>) {
  const street = layStreet({ days: [], exchanges: [], versions: [], now: at("2015-10-07"), ...facts });
  if (street === null) throw new Error("Nothing was laid.");
  return setUpright(street);
}

describe("the street set upright", () => {
  it("gives every named version a row of its own, which no week's bars reach into", () => {
    const { slots, posts, row } = upright({
      versions: [version("a", "2015-03-10"), version("b", "2015-03-11"), version("c", "2015-06-30")],
      exchanges: [exchange(1, "2015-02-24")],
    });
    expect(posts).toHaveLength(3);
    for (const post of posts) {
      expect(slots.filter((slot) => slot.top < post.top + 22 && slot.top + row > post.top - 22)).toEqual([]);
    }
    expect(posts.map(({ top }) => top)).toEqual(posts.map(({ top }) => top).toSorted((a, b) => a - b));
    expect((posts[1]?.top ?? 0) - (posts[0]?.top ?? 0)).toBe(44);
  });

  it("keeps crossings apart and on the road, however near their dates are", () => {
    const { exchanges, road, height } = upright({
      exchanges: [exchange(1, "2015-10-28"), exchange(2, "2015-10-29"), exchange(3, "2015-10-30")],
    });
    const tops = exchanges.map(({ top }) => top);
    expect(tops.map((top, index) => top - (tops[index - 1] ?? top - 42))).toEqual([42, 42, 42]);
    expect(road.bottom).toBeGreaterThanOrEqual((tops.at(-1) ?? 0) + 21);
    expect(height).toBeGreaterThan(road.bottom);
  });

  it("lays months and today between the rows they belong to", () => {
    const { months, today, road, slots } = upright({
      days: [{ dayOn: "2015-09-01", side: "provider", charactersAdded: 60 }],
      exchanges: [exchange(1, "2015-10-20")],
      now: at("2015-10-07"),
    });
    expect(months.map(({ name }) => name)).toEqual(["September", "October"]);
    expect(months[0]?.top).toBe(road.top);
    expect(today).toBeGreaterThan(months[1]?.top ?? Number.POSITIVE_INFINITY);
    expect(today).toBeLessThan(slots.at(-1)?.top ?? 0);
  });
});
