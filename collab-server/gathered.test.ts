import { expect, it } from "vitest";
import { gathered } from "./gathered.ts";

it("asks once for all questions of one turn, and answers each its own", async () => {
  const queries: number[][] = [];
  const double = gathered(async (asks: readonly number[]) => {
    queries.push([...asks]);
    return asks.map((ask) => ask * 2);
  });
  expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6]);
  expect(await double(4)).toBe(8);
  expect(queries).toEqual([[1, 2, 3], [4]]);
});

it("divides very many questions, and a query that fails costs only those in it", async () => {
  const double = gathered(async (asks: readonly number[]) => {
    if (asks.includes(300)) throw new Error("the disk is gone");
    return asks.map((ask) => ask * 2);
  });
  const answers = await Promise.allSettled(Array.from({ length: 600 }, (_, index) => double(index)));
  const failed = answers.flatMap(({ status }, index) => (status === "rejected" ? [index] : []));
  expect(failed).toEqual(Array.from({ length: 250 }, (_, index) => 250 + index));
  expect(answers[599]).toEqual({ status: "fulfilled", value: 1198 });
});
