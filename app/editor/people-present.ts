/** The people message of the server, read with care: a page must not break on what it does not know. */
import type { PersonPresent } from "../document/wire.ts";
import { isSide } from "../domain/sides.ts";

/** The people in a message 101, in the order of the server. */
export function peopleIn(text: string): readonly PersonPresent[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) return [];
  return list.flatMap((value: unknown): PersonPresent[] => {
    if (typeof value !== "object" || value === null) return [];
    const { clientId, userId, name, side, organisation } = value as Record<string, unknown>;
    if (typeof clientId !== "number" || typeof userId !== "string" || typeof name !== "string") return [];
    return [
      {
        clientId,
        userId,
        name,
        side: isSide(side) ? side : null,
        organisation: typeof organisation === "string" ? organisation : null,
      },
    ];
  });
}

/** Each person once, however many pages they have open. */
export function everyoneOnce(people: readonly PersonPresent[]): readonly PersonPresent[] {
  const seen = new Set<string>();
  return people.filter(({ userId }) => !seen.has(userId) && seen.add(userId));
}
