/**
 * Do the threads behind the pages still answer? A process whose database hangs lives and
 * listens, and serves nobody: whoever asks `/readyz` must hear of it. One small question
 * at a time goes to each thread, so that asking often piles nothing up behind a slow one.
 */

export interface PulseThread {
  /** As it is named to whoever asks: "the database". */
  readonly name: string;
  /** A question that costs nothing; settles when the thread has answered. */
  ask(): Promise<unknown>;
}

interface UnderWay {
  /** False where the answer did not come in time, or was an error. */
  readonly isGood: Promise<boolean>;
  isLate: boolean;
}

/**
 * Gives a function that resolves to null while every thread answers `withinMs`, else to the
 * names of those that do not. `after` rings once after so many milliseconds and gives back
 * how to stop it.
 */
export function createPulse(parts: {
  readonly threads: readonly PulseThread[];
  readonly withinMs: number;
  after(milliseconds: number, ring: () => void): () => void;
}): () => Promise<string | null> {
  const underWay = new Map<PulseThread, UnderWay>();

  function begin(thread: PulseThread): UnderWay {
    const { promise: late, resolve: giveUp } = Promise.withResolvers<boolean>();
    const answer = thread.ask().then(
      () => true,
      () => false,
    );
    const one: UnderWay = { isGood: Promise.race([answer, late]), isLate: false };
    underWay.set(thread, one);
    const stop = parts.after(parts.withinMs, () => {
      one.isLate = true;
      giveUp(false);
    });
    // Only now may it be asked again, however late that is.
    void answer.then(() => {
      stop();
      underWay.delete(thread);
    });
    return one;
  }

  function isWell(thread: PulseThread): Promise<boolean> {
    const one = underWay.get(thread) ?? begin(thread);
    return one.isLate ? Promise.resolve(false) : one.isGood;
  }

  return async () => {
    const well = await Promise.all(parts.threads.map(isWell));
    const silent = parts.threads.filter((_, index) => !well[index]).map(({ name }) => name);
    return silent.length === 0 ? null : `no answer from ${silent.join(" and ")}`;
  };
}
