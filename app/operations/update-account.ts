/** A person changes how others see them: name, and what they do. */

import { oneLine } from "../domain/one-line.ts";
import { ok, type Result, refuse } from "../domain/result.ts";
import type { Services } from "./services.ts";
import type { Asker } from "./signed-in.ts";

/** Characters. */
export const personNameMax = 80;

export type PersonWords = { readonly name: string; readonly jobTitle: string | null };

/** One line each. Refuses `name-missing` and `text-too-long`. */
export function parsePerson(input: {
  readonly name: string;
  readonly jobTitle: string;
}): Result<PersonWords> {
  const name = oneLine(input.name);
  const jobTitle = oneLine(input.jobTitle);
  if (!/[\p{L}\p{N}]/u.test(name)) return refuse("name-missing", {}, "name");
  for (const [field, text] of [
    ["name", name],
    ["jobTitle", jobTitle],
  ] as const) {
    const { length } = [...text];
    if (length > personNameMax) return refuse("text-too-long", { max: personNameMax, length }, field);
  }
  return ok({ name, jobTitle: jobTitle === "" ? null : jobTitle });
}

/** Refuses what `parsePerson` refuses. The live sockets then show the new name. */
export async function updateAccount(
  services: Pick<Services, "db" | "live">,
  asker: Asker,
  input: { readonly name: string; readonly jobTitle: string },
): Promise<Result<PersonWords>> {
  const person = parsePerson(input);
  if (!person.ok) return person;
  await services.db
    .updateTable("user")
    .set({ name: person.value.name, job_title: person.value.jobTitle })
    .where("id", "=", asker.userId)
    .execute();
  services.live.rightsChanged({ userId: asker.userId });
  return person;
}
