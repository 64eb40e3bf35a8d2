/**
 * Recovery after a backup was brought back: how long does a document take text that its
 * sender cannot prove to be theirs (rulings 18)? Long enough for whoever still has a
 * session and a copy to come by once; not for ever, because meanwhile a member could
 * bring text in another member's name. Storage and commands are in `db`.
 */
import { sessionLimits } from "./session-limits.ts";

/**
 * From the restore on, ms: as long as a session on one's own computer may lie idle. Who
 * was not there for longer has been signed out, and most people open a document they
 * work on within it.
 */
export const recoveryLastsMs = sessionLimits.own.idle;

/** `over`: the history was replaced by a backup's, and copies are no longer taken in. */
export type Recovery = "none" | "under-way" | "over";

/** How a document stands. `recoveringUntil` in ms, 0 where no backup replaced its history. */
export function recoveryOf(recoveringUntil: number, now: number): Recovery {
  if (recoveringUntil === 0) return "none";
  return isRecovering(recoveringUntil, now) ? "under-way" : "over";
}

/** Is it still going on? `recoveringUntil` in ms; it has ended at its very moment. */
export function isRecovering(recoveringUntil: number, now: number): boolean {
  return now < recoveringUntil;
}
