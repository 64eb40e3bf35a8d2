import { describe, expect, it } from "vitest";
import { layStreet, type StreetFacts, wordsOf } from "./street.ts";

const at = (iso: string) => Date.parse(`${iso}T10:00:00Z`);
const nothing: StreetFacts = { days: [], exchanges: [], versions: [], now: at("2015-10-07") };

describe("the street", () => {
  it("is not laid where nothing happened", () => {
    expect(layStreet(nothing)).toBeNull();
  });

  it("runs over whole months, from the first thing that happened to the last that is planned", () => {
    const street = layStreet({
      ...nothing,
      days: [{ dayOn: "2015-02-24", side: "provider", charactersAdded: 600 }],
      exchanges: [{ id: "5", number: 5, title: "Agree", startsAt: at("2015-10-20"), isPlanned: true }],
    });
    expect(new Date(street!.startsAt).toISOString()).toBe("2015-02-01T00:00:00.000Z");
    expect(new Date(street!.endsAt).toISOString()).toBe("2015-11-01T00:00:00.000Z");
    expect(street!.months.map((month) => month.name)).toEqual(
      "February March April May June July August September October".split(" "),
    );
  });

  it("keeps every written character in exactly one slot, and conveners' words in none", () => {
    const days = Array.from({ length: 200 }, (_, index) => ({
      dayOn: new Date(Date.UTC(2015, 1, 1) + index * 86_400_000).toISOString().slice(0, 10),
      side: (["provider", "employer", "intermediary"] as const)[index % 3]!,
      charactersAdded: 60,
    }));
    const street = layStreet({ ...nothing, days })!;
    const provider = street.slots.reduce((sum, slot) => sum + slot.providerWords, 0);
    const employer = street.slots.reduce((sum, slot) => sum + slot.employerWords, 0);
    expect([provider, employer]).toEqual([670, 670]);
    expect(street.slots.at(-1)!.left + street.slots.at(-1)!.width).toBeCloseTo(100);
  });

  it("is drawn by month where it is longer than 18 months", () => {
    const long = layStreet({
      ...nothing,
      days: [
        { dayOn: "2013-01-10", side: "provider", charactersAdded: 60 },
        { dayOn: "2015-01-10", side: "employer", charactersAdded: 60 },
      ],
    })!;
    expect(long.unit).toBe("month");
    expect(long.slots).toHaveLength(25);
  });

  it("uses one scale for both lanes, a round number at or above the busiest week", () => {
    const street = layStreet({
      ...nothing,
      days: [
        { dayOn: "2015-02-02", side: "provider", charactersAdded: 6 * 340 },
        { dayOn: "2015-02-02", side: "employer", charactersAdded: 6 * 90 },
      ],
    })!;
    expect(street.scale).toBe(400);
  });

  it("shows today only where it falls on the street", () => {
    const days = [{ dayOn: "2015-10-01", side: "provider" as const, charactersAdded: 6 }];
    expect(layStreet({ ...nothing, days })!.today).toBeGreaterThan(0);
    expect(layStreet({ ...nothing, days, now: at("2026-01-01") })!.today).toBeNull();
  });

  it("never says nothing was written where something was", () => {
    expect([wordsOf(0), wordsOf(1), wordsOf(6), wordsOf(600)]).toEqual([0, 1, 1, 100]);
  });
});
