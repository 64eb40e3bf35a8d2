/** What a form held, as it may be shown again: every field in its order, no file and no password. */
export type SentFields = readonly (readonly [name: string, text: string])[];

/** Names of fields that hold passwords. */
const secretNames: ReadonlySet<string> = new Set(["password", "current", "next", "repeated"]);

/** Does it hold a password, which never travels back to a page? */
export const isSecretField = (name: string): boolean => secretNames.has(name);

/** Reads a form as it was sent, on either side of the line. */
export function sentFields(form: FormData): SentFields {
  return [...form].flatMap(([name, value]) =>
    typeof value === "string" && !isSecretField(name) ? [[name, value] as const] : [],
  );
}
