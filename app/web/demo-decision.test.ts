import { describe, expect, it } from "vitest";
import { decideDemo } from "./demo-decision.ts";

const here = { demo: null, host: "127.0.0.1", publicUrl: null };

describe("is this a demonstration?", () => {
  it("yes for a new database that only this machine can see", () => {
    expect(decideDemo(here, null)).toEqual({ ok: true, isDemo: true, isNew: true });
    expect(decideDemo({ ...here, publicUrl: "http://localhost:3000" }, null)).toMatchObject({ isDemo: true });
  });

  it.each([
    { ...here, host: "0.0.0.0" },
    { ...here, publicUrl: "https://plans.example.org" },
    { ...here, demo: false },
  ])("no for %o, unless asked for", (environment) => {
    expect(decideDemo(environment, null)).toEqual({ ok: true, isDemo: false, isNew: true });
    expect(decideDemo({ ...environment, demo: true }, null)).toMatchObject({ isDemo: true, isNew: true });
  });

  it("stays as it was decided at the first start, wherever it is moved to", () => {
    const moved = { ...here, host: "0.0.0.0", publicUrl: "https://plans.example.org" };
    expect(decideDemo(moved, true)).toEqual({ ok: true, isDemo: true, isNew: false });
    expect(decideDemo(here, false)).toEqual({ ok: true, isDemo: false, isNew: false });
  });

  it("can be closed later, but a real database can never be opened", () => {
    expect(decideDemo({ ...here, demo: false }, true)).toMatchObject({ isDemo: false });
    const opened = decideDemo({ ...here, demo: true }, false);
    expect(opened.ok).toBe(false);
  });
});
