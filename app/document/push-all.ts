/**
 * Adds many to a list. `push(...items)` hands every item over as an argument and breaks
 * above some hundred thousand, which a hostile document has at will: one such document
 * would stop every follower and every page that reads it.
 */

/** Adds all items in their order. */
export function pushAll<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}

/** Adds all items last first: a stack then gives them in their order. */
export function pushReversed<T>(list: T[], items: readonly T[]): void {
  for (let at = items.length - 1; at >= 0; at--) list.push(items[at] as T);
}
