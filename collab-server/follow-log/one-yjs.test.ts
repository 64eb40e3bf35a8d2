import { describe, expect, it } from "vitest";
import { assertOneYjs } from "./one-yjs.ts";

describe("loading Yjs", () => {
  it("[D16] exactly one copy is loaded; a second one stops the worker from starting", async () => {
    expect(() => assertOneYjs()).toThrow(/0 times/);
    await import("yjs");
    expect(() => assertOneYjs()).not.toThrow();
    // What a second copy does while it loads.
    Reflect.set(globalThis, "__ $YJS$ __", true);
    expect(() => assertOneYjs()).toThrow(/2 times/);
  });
});
