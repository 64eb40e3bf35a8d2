/**
 * Timers as an argument, so that tests move time by hand and no test ever sleeps.
 * The real ones never keep the process alive.
 */
export interface Timers {
  /** Calls once, after `ms` milliseconds. Gives back how to call it off. */
  after(ms: number, call: () => void): () => void;
  /** Calls again and again, every `ms` milliseconds. Gives back how to stop it. */
  every(ms: number, call: () => void): () => void;
}

export const realTimers: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, call) {
    const timer = setInterval(call, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
