/**
 * How often one person may ask for what costs the server work. Nobody who works by hand
 * meets these figures; a script does, and must not slow everybody else down (promise W7).
 * Kept where the tries at signing in are, so that a restart forgives nothing.
 */
import { countTry } from "../../db/queries/rate-limits.ts";
import { isStorageFault } from "../../db/storage-fault.ts";
import type { UserId } from "../domain/ids.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";

const second = 1_000;
const minute = 60 * second;

/** So many for a person in each window (ms). They stand in docs/operations.md. */
export const allowances = {
  /** One a second, for a minute on end. */
  search: { most: 60, window: minute },
  /** Documents made, copies among them: one every six seconds. */
  document: { most: 100, window: 10 * minute },
  /** Pictures sent: as many as a long text has, twice. */
  picture: { most: 200, window: 10 * minute },
  /** Files taken: every document of a large partnership in both formats. */
  file: { most: 200, window: 10 * minute },
} as const;

/**
 * Counts one. Refuses `too-often` until the window ends. Where the count itself cannot be
 * stored it is left out: people go on reading while the disk is full, and whatever writes
 * will report the fault.
 */
export async function spendAllowance(
  services: Pick<Services, "db" | "now">,
  userId: UserId,
  what: keyof typeof allowances,
): Promise<Result<null>> {
  const { most, window } = allowances[what];
  const now = services.now();
  try {
    const count = await countTry(services.db, `${what}:${userId}`, now, window, { isBrief: true });
    if (count <= most) return ok(null);
  } catch (error) {
    if (isStorageFault(error)) return ok(null);
    throw error;
  }
  const seconds = Math.ceil((window - (now % window)) / second);
  return refuse("too-often", { seconds, wait: inWords(seconds) });
}

/** "1 second", "50 seconds", "9 minutes". */
function inWords(seconds: number): string {
  if (seconds <= 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
