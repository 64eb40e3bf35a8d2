/**
 * Forms, read once at the border. A field that is missing, doubled or a file where text
 * was asked for is empty text: the operation then says what is wrong, in a sentence.
 */
import type { Refusal } from "../domain/refusals.ts";
import { type SentFields, sentFields } from "../domain/sent-fields.ts";
import { throwRefusal } from "./refuse.server.ts";

export type Form = {
  /** One line or text, without blanks around it. */
  text(name: string): string;
  /** As typed: for passwords. */
  exact(name: string): string;
  /** Every text of that name, in order: for rows of a form. */
  texts(name: string): readonly string[];
  /** Was the box ticked? */
  ticked(name: string): boolean;
  /** What was typed and chosen, by name, to be shown again; never a password. */
  typed(): Readonly<Record<string, string>>;
  /** The same, every field in its order. */
  sent(): SentFields;
  /** The one file of that name, or null. */
  file(name: string): File | null;
};

const incomplete: Refusal = { code: "form-incomplete", facts: {} };

/** Reads a submitted form. Throws a refusal when the body is no form. */
export async function readForm(request: Request): Promise<Form> {
  let fields: FormData;
  try {
    fields = await request.formData();
  } catch {
    // Another content type or a body cut short; the sender may be told, we learn nothing.
    return throwRefusal(incomplete);
  }
  const sent = () => sentFields(fields);
  const exact = (name: string): string => {
    const values = fields.getAll(name);
    const [value] = values;
    return values.length === 1 && typeof value === "string" ? value : "";
  };
  return {
    exact,
    text: (name) => exact(name).trim(),
    texts: (name) => fields.getAll(name).filter((value) => typeof value === "string"),
    ticked: (name) => exact(name) === "yes",
    typed: () => Object.fromEntries(sent().map(([name]) => [name, exact(name)])),
    sent,
    file(name) {
      const values = fields.getAll(name);
      const [value] = values;
      return values.length === 1 && value !== undefined && typeof value !== "string" ? value : null;
    },
  };
}
