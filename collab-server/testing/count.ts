/**
 * Counted trials: how many, from which seed, and what came of it. `SCALE` (0 to 1)
 * stretches a quick count to the full one; `npm run test:long` sets 1.
 */

/** The count to run: `quick` in a quick run, `full` at SCALE=1, in between in proportion. */
export function trials(full: number, quick: number): number {
  const scale = Number(process.env["SCALE"] ?? "0");
  return Math.max(quick, Math.round(full * (Number.isFinite(scale) ? scale : 0)));
}

/** The seed of this run; SEED replays an earlier one. */
export function seedOfRun(): number {
  return Number(process.env["SEED"] ?? "") || Math.floor(Math.random() * 2 ** 31);
}

/** One line per counted test, for whoever reads the run. */
export function told(id: string, count: number, seed: number | string, result: string): void {
  console.log(`[${id}] ${count} trials, seed ${seed}: ${result}`);
}

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
