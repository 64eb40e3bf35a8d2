/**
 * Builds the shims that stand between a process and its disk with whatever C compiler
 * is there, for tests that count syncs, fill the disk or watch what is opened. Where one
 * cannot be built a test fails with the sentence thrown here: a promise that was not
 * measured is not kept.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Path of the library made of `<name>.c` in `folder`. */
function build(folder: string, name: "io-shim" | "open-shim", purpose: string): string {
  const library = join(folder, `${name}.so`);
  const source = join(import.meta.dirname, `${name}.c`);
  const faults: string[] = [];
  for (const compiler of ["cc", "gcc", "g++", "clang"]) {
    try {
      execFileSync(compiler, ["-x", "c", "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
    } catch (error) {
      faults.push(`${compiler}: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
    if (existsSync(library)) return library;
  }
  throw new Error(`${purpose} here, because no C compiler works. ${faults.join("; ")}`);
}

/** Compiles into `folder`; gives back the environment that puts the shim before a child process. */
export function buildIoShim(folder: string): { readonly LD_PRELOAD: string; readonly IO_FOLDER: string } {
  return { LD_PRELOAD: build(folder, "io-shim", "Syncs cannot be counted"), IO_FOLDER: folder };
}

/** The same for the shim that notes every file a process asks for, in the file `OPEN_TRACE`. */
export function buildOpenShim(folder: string): { readonly LD_PRELOAD: string; readonly OPEN_TRACE: string } {
  return {
    LD_PRELOAD: build(folder, "open-shim", "Opened files cannot be watched"),
    OPEN_TRACE: join(folder, "opens"),
  };
}
