/** Ids that a form asks for: sent twice, it makes one thing. */
import { createHash } from "node:crypto";

/**
 * The id of what a form makes out of a wish, in the shape of a UUID v4. `once` was drawn
 * with the form; `wish` is what it asks for, so that the same form filled anew makes
 * another thing, and one form may ask for several.
 */
export function onceId(once: string, ...wish: readonly string[]): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([once, ...wish]))
    .digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join("-");
}
