/**
 * Refusals as HTTP: the only place where a refusal's code becomes a status. Loaders
 * throw (the nearest error page shows the sentence); actions answer with data, so that
 * the form keeps what was typed and shows the sentence at its field.
 */
import { data, type HeadersFunction } from "@remix-run/node";
import { type Refusal, type RefusalCode, sentenceOf } from "../domain/refusals.ts";

const noStore = { "Cache-Control": "no-store" };

const statuses: Readonly<Partial<Record<RefusalCode, number>>> = {
  "signed-out": 401,
  "session-ended": 401,
  "account-suspended": 403,
  "not-allowed": 403,
  "observer-waits": 403,
  "own-side-only": 403,
  "administrators-only": 403,
  "cross-site": 403,
  "demo-only": 404,
  "not-found": 404,
  "link-other-person": 403,
  "link-expired": 410,
  "version-erased": 410,
  "too-many-tries": 429,
  "too-often": 429,
  "last-leader": 409,
  "document-archived": 409,
  "already-member": 409,
  "email-taken": 409,
  "stale-base": 409,
  "already-like-this": 409,
  "version-elsewhere": 404,
  "document-too-large": 413,
  "file-too-large": 413,
  "not-saved": 503,
  "not-stored": 503,
  "mail-not-sent": 503,
  "history-damaged": 500,
};

/** The status of a refusal; 422 where a field of a form is at fault. */
function statusOf(code: RefusalCode): number {
  return statuses[code] ?? 422;
}

/** Status and headers of an answer that refuses: who must wait is told how long (RFC 9110 §10.2.3). */
export function initOf({ code, facts }: Refusal) {
  const seconds = Number(facts["seconds"] ?? Number(facts["minutes"]) * 60);
  const headers = Number.isFinite(seconds) ? { ...noStore, "Retry-After": `${seconds}` } : noStore;
  return { status: statusOf(code), headers: headers as Readonly<Record<string, string>> };
}

/**
 * For a page's `headers`: Remix hands on none by itself, so that what `initOf` says would
 * be lost between a loader or an action and the answer.
 */
export const refusalHeaders: HeadersFunction = ({
  actionHeaders,
  loaderHeaders,
  errorHeaders,
  parentHeaders,
}) => {
  const headers = new Headers(parentHeaders);
  for (const one of [loaderHeaders, actionHeaders, errorHeaders]) {
    const wait = one?.get("Retry-After");
    if (wait != null) headers.set("Retry-After", wait);
  }
  return headers;
};

/** What a page needs to show a refusal. */
export type RefusalView = {
  readonly code: RefusalCode;
  readonly sentence: string;
  /** Name of the form field the sentence belongs to. */
  readonly field?: string;
};

export function viewOf(refusal: Refusal): RefusalView {
  return { code: refusal.code, sentence: sentenceOf(refusal), field: refusal.field };
}

/** For loaders: ends the request with the refusal's status and its sentence. */
export function throwRefusal(refusal: Refusal): never {
  throw data({ refusal: viewOf(refusal) }, initOf(refusal));
}

/** For actions: the refusal as data, with its status, and what was typed for forms drawn anew. */
export function refusedForm(refusal: Refusal, typed: Typed = {}) {
  return data({ refusal: viewOf(refusal), typed }, initOf(refusal));
}

/** What a form held, by the names of its fields. */
export type Typed = Readonly<Record<string, string>>;
