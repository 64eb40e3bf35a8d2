/**
 * On a shared computer the browser itself remembers more than we keep on it: the titles
 * and addresses of its history, and what stood in the fields of forms, sent or not. So
 * titles there name no document, fields ask to be forgotten, and words to find travel in
 * a body (promise W12).
 */
import { useMatches } from "@remix-run/react";
import { useEffect } from "react";

/** What kind of page it is, by the id of its route; a page that is not here is just ours. */
const kindsOfPages: Readonly<Record<string, string>> = {
  "routes/home": "Home",
  "routes/search": "Search",
  "routes/account": "Your account",
  "routes/help": "Help",
  "routes/programmes": "Programmes",
  "routes/programme": "Programme",
  "partnership-plans": "Plans",
  "partnership-case-studies": "Case studies",
  "partnership-pages": "Pages",
  "routes/partnership-overview": "Partnership",
  "routes/partnership-exchanges": "Exchanges",
  "routes/partnership-people": "People",
  "routes/partnership-archived": "Archived",
  "routes/partnership-profile": "Profile",
  "routes/document": "Document",
  "routes/document-organise": "Rename or move",
  "routes/versions": "Versions",
  "routes/version": "Version",
};

/** The title of a page without the name of anything. */
export function ForgetfulTitle() {
  const kind = kindsOfPages[useMatches().at(-1)?.id ?? ""];
  return <title>{kind === undefined ? "Two-Way" : `${kind} · Two-Way`}</title>;
}

/** Keeps the browser from writing down what is typed into fields, from their first use on. */
export function ForgetfulFields() {
  useEffect(() => {
    const forget = ({ target }: FocusEvent) => {
      if (
        !(target instanceof HTMLInputElement) &&
        !(target instanceof HTMLTextAreaElement) &&
        !(target instanceof HTMLSelectElement)
      )
        return;
      target.autocomplete = "off";
      target.form?.setAttribute("autocomplete", "off");
    };
    document.addEventListener("focusin", forget);
    return () => document.removeEventListener("focusin", forget);
  }, []);
  return null;
}
