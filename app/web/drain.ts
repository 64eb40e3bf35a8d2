/**
 * Going down in good order (promise B6): one step after the other, each named, with one
 * deadline over all. What was acknowledged is on disk already, so a step that hangs (a
 * stuck disk, a client that does not answer) is left behind at the deadline without
 * harm; what was not acknowledged is still in the browsers and is offered again.
 */
import { errorFields, type LogLine } from "./log-line.ts";

export interface DrainStep {
  readonly name: string;
  run(): Promise<unknown>;
}

/** Every step done, every step tried, or one left behind at the deadline: then something still runs. */
export type DrainEnd = "clean" | "unclean" | "cut-short";

export interface Drain {
  readonly isDraining: boolean;
  /** Runs the steps once; later calls wait for the same end. */
  start(why: string): Promise<DrainEnd>;
}

/** `after` rings once after so many milliseconds and gives back how to stop it. */
export function createDrain(parts: {
  readonly steps: () => readonly DrainStep[];
  readonly deadlineMs: number;
  readonly log: LogLine;
  after(milliseconds: number, ring: () => void): () => void;
}): Drain {
  let under: Promise<DrainEnd> | null = null;

  async function run(why: string): Promise<DrainEnd> {
    parts.log("info", "draining", { why });
    let current = "";
    const { promise: deadline, resolve: ring } = Promise.withResolvers<DrainEnd>();
    const stop = parts.after(parts.deadlineMs, () => ring("cut-short"));
    const all = (async (): Promise<DrainEnd> => {
      let isClean = true;
      for (const step of parts.steps()) {
        current = step.name;
        try {
          await step.run();
        } catch (error) {
          // One broken step must not keep the next from closing what it holds.
          isClean = false;
          parts.log("error", "drain-step-failed", { step: step.name, ...errorFields(error) });
        }
      }
      return isClean ? "clean" : "unclean";
    })();
    const end = await Promise.race([all, deadline]);
    stop();
    if (end === "cut-short")
      parts.log("warn", "drain-cut-short", { step: current, afterMs: parts.deadlineMs });
    else parts.log("info", "drained", { clean: end === "clean" });
    return end;
  }

  return {
    get isDraining() {
      return under !== null;
    },
    start(why) {
      under ??= run(why);
      return under;
    },
  };
}
