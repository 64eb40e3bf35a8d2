/**
 * Where may a page send people? By name, from this list. A text from a request never
 * becomes an address: it is matched against the list and built anew (promise S3).
 */

/** Places of our own that a link may lead back to after signing in. */
const places: readonly RegExp[] = [
  /^\/$/,
  /^\/account$/,
  /^\/help$/,
  /^\/search$/,
  /^\/programmes(\/[a-z0-9-]{1,80})?$/,
  /^\/partnerships\/[a-z0-9-]{1,80}(\/[a-z-]{1,40}){0,2}$/,
  /^\/documents\/[0-9a-f-]{36}(\/versions(\/[0-9a-f-]{36})?)?$/,
];

/**
 * The path to go to after signing in: one of our own pages, else home. The query is kept
 * for search alone, encoded anew; what no place has is left out.
 */
export function placeAfterSignIn(to: unknown): string {
  if (typeof to !== "string" || to.length > 400) return "/";
  const [path = "", query = ""] = to.split("?", 2);
  if (!places.some((place) => place.test(path))) return "/";
  const words = path === "/search" ? new URLSearchParams(query).get("q") : null;
  return words === null ? path : `${path}?${new URLSearchParams({ q: words.slice(0, 200) })}`;
}
