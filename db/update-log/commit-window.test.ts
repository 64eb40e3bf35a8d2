import { expect, it } from "vitest";
import { CommitWindow } from "./commit-window.ts";

it("lets a lone typist, or three, commit at once", () => {
  const window = new CommitWindow();
  // Three people at ten keys a second each.
  for (let at = 1_000; at < 3_000; at += 33) {
    window.rowArrived(at % 3, at);
    expect(window.waitMs(at)).toBe(0);
    window.commitStarted(at);
  }
});

it("keeps commits 4 ms apart while a crowd types into one document, and forgets it when it rests", () => {
  const window = new CommitWindow();
  for (let at = 1_000; at < 1_090; at += 10) window.rowArrived(1, at);
  window.commitStarted(1_089);
  expect(window.waitMs(1_090)).toBe(0);
  window.rowArrived(1, 1_090);
  expect(window.waitMs(1_090)).toBe(3);
  window.rowArrived(1, 1_101);
  window.commitStarted(1_101);
  expect(window.waitMs(1_102)).toBe(3);
  window.rowArrived(1, 1_302);
  window.commitStarted(1_302);
  expect(window.waitMs(1_302)).toBe(0);
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
