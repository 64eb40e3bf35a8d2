/**
 * What the collaboration server tells the log of the process. Fields are numbers and
 * words of our own, never text, names or addresses of people (promise S19).
 */
export type Report = (
  level: "info" | "warn" | "error",
  event: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;
