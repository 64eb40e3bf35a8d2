import { defineConfig } from "vitest/config";

// Full counts (SCALE=1) take hours where the quick ones take seconds.
const scale = Number(process.env["SCALE"] ?? "0") || 0;

// Kept apart from vite.config.ts: the Remix plugin must not be loaded by Vitest.
export default defineConfig({
  test: {
    include: [
      "app/**/*.test.ts",
      "app/**/*.test.tsx",
      "collab-server/**/*.test.ts",
      "db/**/*.test.ts",
      "scripts/**/*.test.ts",
      "*.test.ts",
    ],
    // Real processes, sockets and files: threads share a loop badly, forks do not.
    pool: "forks",
    maxWorkers: 2,
    // Generous: tests wait for events, and a busy machine must not turn one red.
    testTimeout: 240_000 + scale * 4 * 60 * 60_000,
    hookTimeout: 120_000,
    retry: 0,
    reporters: ["verbose"],
  },
});
