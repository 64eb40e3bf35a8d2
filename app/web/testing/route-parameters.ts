/**
 * Which texts of a request can reach a route? The parameters of its path come from
 * `routes.ts`; what it reads from the query and from forms is read out of its source,
 * so that a new field is a new parameter without anybody having to remember it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Route } from "./route-scene.ts";

const appFolder = join(import.meta.dirname, "..", "..");
/** Forms that several routes share. */
const sharedForms = "web/document-forms.server.ts";

const sourceOf = (file: string) => readFileSync(join(appFolder, file), "utf8");
const namesIn = (source: string, pattern: RegExp) => [
  ...new Set([...source.matchAll(pattern)].map((found) => found[1] ?? "")),
];

export type RouteParameters = {
  /** `:slug`, `:id`, `:versionId`, and `*` for the rest of an address. */
  readonly path: readonly string[];
  readonly query: readonly string[];
  /** Fields of forms, files among them; none where nothing can be sent. */
  readonly fields: readonly string[];
};

/** Throws where a route takes forms and no field of them can be found: the reading below is out of date then. */
export function parametersOf(route: Pick<Route, "id" | "path" | "file">): RouteParameters {
  const source = sourceOf(route.file);
  const isSharing = source.includes(sharedForms);
  const forms = isSharing ? source + sourceOf(sharedForms) : source;
  const takesForms = /export (async )?function action\b/.test(source);
  const fields = takesForms ? namesIn(forms, /\b(?:text|texts|exact|ticked|file)\("([\w-]+)"\)/g) : [];
  if (takesForms && fields.length === 0 && /readForm|FormData/.test(forms))
    throw new Error(`${route.id} reads a form, but no field of it was found`);
  return {
    path: namesIn(route.path, /(:\w+|\*)/g),
    query: namesIn(source, /searchParams\.get\("([\w-]+)"\)/g),
    fields,
  };
}
