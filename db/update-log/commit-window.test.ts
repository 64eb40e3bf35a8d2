import { expect, it } from "vitest";
import { CommitWindow } from "./commit-window.ts";

it("lets a lone typist, or three, commit at once", () => {
  const window = new CommitWindow();
  for (let at = 1_000; at < 2_000; at += 5) {
    for (const document of [1, 2, 3]) window.rowArrived(document, at);
    expect(window.waitMs(at)).toBe(0);
    window.commitStarted(at);
  }
});

it("keeps commits 10 ms apart while four documents are busy, and forgets them when they rest", () => {
  const window = new CommitWindow();
  for (const document of [1, 2, 3, 4]) window.rowArrived(document, 1_000);
  window.commitStarted(1_000);
  expect(window.waitMs(1_003)).toBe(7);
  expect(window.waitMs(1_010)).toBe(0);
  window.commitStarted(1_110);
  window.rowArrived(1, 1_110);
  expect(window.waitMs(1_112)).toBe(8);
  window.commitStarted(1_400);
  window.rowArrived(1, 1_400);
  expect(window.waitMs(1_401)).toBe(0);
});
