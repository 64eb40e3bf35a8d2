/**
 * Builds `io-shim.c` with whatever C compiler is there, for tests that count syncs or
 * fill the disk. Where it cannot be built a test fails with the sentence thrown here:
 * a promise that was not measured is not kept.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Compiles into `folder`; gives back the environment that puts the shim before a child process. */
export function buildIoShim(folder: string): { readonly LD_PRELOAD: string; readonly IO_FOLDER: string } {
  const library = join(folder, "io-shim.so");
  const source = join(import.meta.dirname, "io-shim.c");
  const faults: string[] = [];
  for (const compiler of ["cc", "gcc", "g++", "clang"]) {
    try {
      execFileSync(compiler, ["-x", "c", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
    } catch (error) {
      faults.push(`${compiler}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
    if (existsSync(library)) return { LD_PRELOAD: library, IO_FOLDER: folder };
  }
  throw new Error(`Syncs cannot be counted here, because no C compiler works. ${faults.join("; ")}`);
}
