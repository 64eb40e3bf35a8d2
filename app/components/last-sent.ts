/**
 * What the last form held while its answer is out. Where none comes (no network, a server
 * that is starting), the page it was typed into is gone, and the words are shown again.
 * Lives in the page alone; passwords and files are not kept.
 */
import { useNavigation } from "@remix-run/react";
import { useEffect } from "react";
import { secretFieldNames } from "../domain/secret-fields.ts";
import type { SentFields } from "./kept-form.tsx";

type LastSent = { readonly to: string; readonly fields: SentFields };
let lastSent: LastSent | null = null;

/** Remembers each form of the page while it is under way, and forgets it when an answer has come. */
export function useRememberSent(): void {
  const { state, formData, formMethod, formAction } = useNavigation();
  useEffect(() => {
    if (state === "idle") lastSent = null;
    if (formData === undefined || formAction === undefined || formMethod === "GET") return;
    const fields = [...formData].flatMap(([name, value]) =>
      typeof value === "string" && !secretFieldNames.has(name) ? [[name, value] as const] : [],
    );
    const hasSecret = [...formData.keys()].some((name) => secretFieldNames.has(name));
    // Half a form is of no use: whoever gave a password types it again where it is asked for.
    lastSent = hasSecret ? null : { to: new URL(formAction, window.location.href).pathname, fields };
  }, [state, formData, formMethod, formAction]);
}

/** What was sent to this path and has no answer; null on the server and where nothing was. */
export function unansweredFields(pathname: string): SentFields | null {
  return lastSent !== null && lastSent.to === pathname ? lastSent.fields : null;
}
