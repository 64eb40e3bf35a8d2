/**
 * Counts how often Yjs is loaded on this thread. Two copies break silently: every
 * `instanceof` of one is false for the other's items (promise D16). Must be imported
 * before anything that imports Yjs.
 */
const mark = "__ $YJS$ __";
let copies = Reflect.get(globalThis, mark) === true ? 1 : 0;

Object.defineProperty(globalThis, mark, {
  configurable: true,
  get: () => copies > 0,
  set: (value: unknown) => {
    if (value === true) copies++;
  },
});

/** Throws unless exactly one copy of Yjs was loaded. */
export function assertOneYjs(): void {
  if (copies !== 1) throw new Error(`Yjs is loaded ${copies} times; run npm dedupe and look at npm ls yjs`);
}
