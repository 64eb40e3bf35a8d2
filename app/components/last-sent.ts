/**
 * What the last form held while its answer is out. Where none comes (no network, a server
 * that is starting), the page it was typed into is gone, and the words are shown again.
 * Lives in the page alone; passwords and files are not kept.
 */
import { useNavigation } from "@remix-run/react";
import { useEffect } from "react";
import { isSecretField, type SentFields, sentFields } from "../domain/sent-fields.ts";

type LastSent = { readonly to: string; readonly fields: SentFields };
let lastSent: LastSent | null = null;

/** Remembers each form of the page while it is under way, and forgets it when an answer has come. */
export function useRememberSent(): void {
  const { state, formData, formMethod, formAction } = useNavigation();
  useEffect(() => {
    if (state === "idle") lastSent = null;
    if (formData === undefined || formAction === undefined || formMethod === "GET") return;
    // Half a form is of no use: whoever gave a password types it again where it is asked for.
    const hasSecret = [...formData.keys()].some(isSecretField);
    const to = new URL(formAction, window.location.href).pathname;
    lastSent = hasSecret ? null : { to, fields: sentFields(formData) };
  }, [state, formData, formMethod, formAction]);
}

/** What was sent to this path and has no answer; null on the server and where nothing was. */
export function unansweredFields(pathname: string): SentFields | null {
  return lastSent !== null && lastSent.to === pathname ? lastSent.fields : null;
}
