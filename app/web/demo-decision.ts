/**
 * Is this a demonstration instance, with invented people one can look around as? It is
 * decided once, when the database is new, and stored: somebody's real data must never
 * gain a "look around as …" because a variable was forgotten after a move.
 */
import { type Environment, isLoopback } from "./env.ts";

export type DemoDecision =
  | { readonly ok: true; readonly isDemo: boolean; readonly isNew: boolean }
  | { readonly ok: false; readonly sentence: string };

/**
 * `stored` is the decision of an earlier start, null for a new database. Unset `DEMO`
 * means demonstration only where nobody but this machine can look: a loopback host,
 * and a public address that is unset or loopback. `DEMO=no` always closes the door.
 */
export function decideDemo(
  environment: Pick<Environment, "demo" | "host" | "publicUrl">,
  stored: boolean | null,
): DemoDecision {
  const { demo, host, publicUrl } = environment;
  if (stored === null) {
    const isPrivate = isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname));
    const isDemo = demo ?? isPrivate;
    return { ok: true, isDemo, isNew: true };
  }
  if (demo === true && !stored) {
    return {
      ok: false,
      sentence:
        "DEMO is yes, but this database was started without demonstration data. Unset DEMO, or name an empty folder in DATA_DIR.",
    };
  }
  return { ok: true, isDemo: stored && demo !== false, isNew: false };
}
