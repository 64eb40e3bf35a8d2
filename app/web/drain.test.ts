import { describe, expect, it } from "vitest";
import { createDrain, type DrainStep } from "./drain.ts";

/** A drain whose clock is rung by hand and whose log is a list. */
function drainOf(steps: readonly DrainStep[]) {
  const events: string[] = [];
  let ring = () => {};
  const drain = createDrain({
    steps: () => steps,
    deadlineMs: 9_000,
    log: (_level, event, fields) => events.push(fields?.["step"] ? `${event} ${fields["step"]}` : event),
    after: (_milliseconds, ringNow) => {
      ring = ringNow;
      return () => events.push("clock stopped");
    },
  });
  return { drain, events, ring: () => ring() };
}
const step = (name: string, run: () => Promise<unknown> = async () => {}): DrainStep => ({ name, run });

describe("draining", () => {
  it("[B6] takes the parts down one after the other, in order", async () => {
    const order: string[] = [];
    const slow = step("rooms", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("rooms");
    });
    const { drain, events } = drainOf([slow, step("log", async () => order.push("log"))]);
    expect(drain.isDraining).toBe(false);
    const ended = drain.start("SIGTERM");
    expect(drain.isDraining).toBe(true);
    expect(await ended).toBe("clean");
    expect(order).toEqual(["rooms", "log"]);
    expect(events).toEqual(["draining", "clock stopped", "drained"]);
  });

  it("[B6] leaves a step that hangs behind at the deadline", async () => {
    const { drain, events, ring } = drainOf([
      step("log", () => new Promise(() => {})),
      step("never reached"),
    ]);
    const ended = drain.start("SIGTERM");
    ring();
    expect(await ended).toBe("cut-short");
    expect(events).toContain("drain-cut-short log");
  });

  it("[B6] goes on after a step that fails, and says which it was", async () => {
    const order: string[] = [];
    const { drain, events } = drainOf([
      step("rooms", () => Promise.reject(new Error("broken"))),
      step("log", async () => order.push("log")),
    ]);
    expect(await drain.start("SIGTERM")).toBe("unclean");
    expect(order).toEqual(["log"]);
    expect(events).toContain("drain-step-failed rooms");
  });

  it("[B6] runs once, however often it is asked", async () => {
    let runs = 0;
    const { drain } = drainOf([step("rooms", async () => (runs += 1))]);
    await Promise.all([drain.start("SIGTERM"), drain.start("SIGINT"), drain.start("SIGTERM")]);
    expect(runs).toBe(1);
  });
});
