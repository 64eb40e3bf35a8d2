/**
 * The server's own log: one JSON object a line, on standard error. Never a person's
 * text, a cookie, a token or a whole address in it (links hold secrets): callers pass
 * ids, counts, codes and milliseconds.
 */
export type LogLevel = "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;
export type LogLine = (level: LogLevel, event: string, fields?: LogFields) => void;

/** Writes one line. `event` is a fixed name such as `request` or `drained`. */
export const logLine: LogLine = (level, event, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...fields })}\n`);
};

/** What is safe to log about something thrown: its code and its stack. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = (error as { code?: unknown }).code;
  const cause = error.cause instanceof Error ? error.cause.message : undefined;
  return { code: typeof code === "string" ? code : undefined, stack: error.stack, cause };
}
