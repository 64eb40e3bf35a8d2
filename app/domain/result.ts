/**
 * Results as values. A refusal is something a person may meet and must be told in a
 * sentence; it is returned. A throw means a bug or a broken disk.
 */
import type { Refusal, RefusalCode } from "./refusals.ts";

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Refused = { readonly ok: false; readonly refusal: Refusal };
export type Result<T> = Ok<T> | Refused;

/** The call did what was asked; `value` is what came of it. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

/**
 * The call was refused. `facts` fill the sentence in `refusals.ts` and are shown to
 * the person, so no secret and no text of somebody else may be among them.
 * `field` names the form field the sentence belongs to, if there is one.
 */
export function refuse(
  code: RefusalCode,
  facts: Readonly<Record<string, string | number>> = {},
  field?: string,
): Refused {
  return { ok: false, refusal: { code, facts, ...(field ? { field } : {}) } };
}
