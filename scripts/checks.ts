/** The checks of `npm run check`; `npm test` counts the first three as one test each. */
export const checks: readonly { readonly title: string; readonly args: readonly string[] }[] = [
  { title: "the types fit", args: ["node_modules/typescript/bin/tsc", "--noEmit"] },
  { title: "lint and format are clean", args: ["node_modules/@biomejs/biome/bin/biome", "check", "."] },
  { title: "nothing is unused", args: ["node_modules/knip/bin/knip.js"] },
  { title: "the floors hold", args: ["node_modules/vitest/vitest.mjs", "run", "app/architecture.test.ts"] },
];
