/** Waiting for something to become true, woken by events and never by a clock. */
import type { EventEmitter } from "node:events";

/** Generous: only a test that would hang for ever meets it. */
const deadlineMs = 30_000;

/** Resolves as soon as `isTrue` holds after one of the emitter's "change" events. */
export function until(emitter: EventEmitter, isTrue: () => boolean, what: string): Promise<void> {
  if (isTrue()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(deadline);
      emitter.off("change", look);
    };
    const look = () => {
      if (!isTrue()) return;
      stop();
      resolve();
    };
    const deadline = setTimeout(() => {
      stop();
      reject(new Error(`never happened: ${what}`));
    }, deadlineMs);
    emitter.on("change", look);
  });
}
