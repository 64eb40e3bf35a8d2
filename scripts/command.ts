/**
 * What the commands of the console share: settings that are checked first, and an end that
 * is a sentence and exit code 1 wherever folder, disk or database are in the way. A trace
 * is for bugs alone.
 */
import { describeFaults, type Environment, readEnvironment } from "../app/web/env.ts";
import { databaseFault, fileFault } from "../db/data-place.ts";

/** Runs a command with the checked settings; it ends with `process.exitCode`, which is 0 unless set. */
export async function command(run: (environment: Environment) => Promise<void>): Promise<never> {
  // As the server does: what is written is closed to other users of the machine.
  process.umask(0o077);
  const read = readEnvironment(process.env);
  if (!read.ok) fail(describeFaults(read.faults));
  const { environment } = read;
  try {
    await run(environment);
    return process.exit();
  } catch (error) {
    const sentence = databaseFault(error, environment.databasePath) ?? fileFault(error);
    if (sentence === null) throw error;
    return fail(sentence);
  }
}

/** What was typed behind the command; words it does not know end it with how it is used. */
export function wordsOfCommand<T>(parse: () => T, usage: string): T {
  try {
    return parse();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!code.startsWith("ERR_PARSE_ARGS")) throw error;
    // What Node adds is about a case of its own.
    return fail(`${message.split(". ", 1)[0]}. ${usage}`);
  }
}

/** Ends the command with a sentence. */
export function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

/** Ends the command when there is something in the way. */
export function failIf(sentence: string | null): void {
  if (sentence !== null) fail(sentence);
}
