/**
 * The closed list of refusals and the sentence a person reads for each: what
 * happened, and what to do next. `{name}` is filled from the refusal's facts.
 * `app/web/refuse.server.ts` turns a code into an HTTP status, and
 * `app/document/wire.ts` into a close code; nowhere else.
 */
export const refusalSentences = {
  "not-found": "We cannot find that. It may have moved, or it belongs to a partnership you are not part of.",
  "signed-out": "Please sign in first.",
  "session-ended":
    "You are signed out, so this was not stored. What you typed still stands here: sign in in another tab, then send it again.",
  "not-allowed":
    "Your role in this partnership does not include that. A leader of your side can change your role.",
  "account-suspended": "This account is suspended. Ask the administrator of your programme.",
  "observer-waits":
    "Observers read what both sides have agreed. Nothing has been agreed here yet, so only the overview and the dates of exchanges are open to you.",
  "own-side-only":
    "You can change members of your own side only. Ask a leader of the other side, or the facilitator.",
  "last-leader": "This is the only leader of that side. Make someone else of that side a leader first.",
  "document-archived": "This document is archived. Bring it back first, then change it.",
  "empty-title": "Give it a title, so that others can find it.",
  "title-too-long": "A title may have {max} characters at most. This one has {length}.",
  "text-too-long": "This may have {max} characters at most. It has {length}.",
  "wrong-kind": "Choose one of the kinds in the list.",
  "wrong-parent": "A document cannot be moved into itself or into one of its own pages.",
  "too-deep": "Documents may stand {max} levels deep at most. Put it further up.",
  "wrong-credentials":
    "That e-mail address and password do not belong together. Check both, or ask for a new password.",
  "wrong-password": "That is not your present password. Type it again.",
  "too-many-tries": "Too many tries. Wait {minutes} minutes, then try again.",
  "too-often":
    "That was more in a short time than we take from one person. Wait {wait}, then try again; nothing is lost.",
  "password-too-short": "Use at least {min} characters. Three or four words are easy to remember.",
  "password-too-common": "That password is on the list everyone tries first. Choose another one.",
  "password-too-long": "A password may have {max} characters at most.",
  "passwords-differ": "The two passwords are not the same. Type them again.",
  "email-invalid": "That does not look like an e-mail address. For example: name@college.ac.uk",
  "email-taken": "Someone with that address is already here.",
  "name-missing": "Tell the others your name.",
  "link-expired": "This link has been used or has expired. Ask for a new one.",
  "link-other-person":
    "This invitation is for another address. Sign out and open the link again, or ask for an invitation to your address.",
  "already-member": "This person is already a member of the partnership.",
  "wrong-role": "Choose one of the roles in the list.",
  "wrong-side": "Choose one of the sides in the list.",
  "organisation-missing": "Choose the organisation this person belongs to.",
  "file-missing": "Choose a file first.",
  "file-too-large": "The file has {megabytes} MB; {max} MB is the most we can take.",
  "image-kind": "Only PNG, JPEG and WebP pictures can be added.",
  "image-broken": "This picture could not be read. Save it again as PNG or JPEG and try once more.",
  "image-too-many-pixels": "This picture has too many pixels. Make it smaller than {max} megapixels.",
  "version-name-missing":
    "Give the version a name that both sides will recognise, such as “After exchange 3”.",
  "version-elsewhere": "That version belongs to another document. Nothing was changed.",
  "version-erased":
    "The text of this version was erased on {date}. That it existed, and who wrote, stays on record.",
  "already-like-this": "The document already has exactly this text. Nothing was changed.",
  "stale-base":
    "Somebody else changed this after you opened the page. Nothing of yours is stored yet: compare both texts, then save again.",
  "document-too-large":
    "This document has reached its limit of {max} MB. Move a part of it into a document of its own.",
  "not-saved":
    "This could not be stored just now. What you typed still stands here; send it again in a minute.",
  "not-stored": "Nothing can be stored just now, so this was not done. Try again in a minute.",
  "export-too-long":
    "This file takes too long to make. Try the other format, or move a part of the document into one of its own.",
  "history-damaged": "A part of this document’s history cannot be read. The present text is not affected.",
  "form-incomplete": "Something in this form is missing. Look at the fields that are marked.",
  "cross-site": "This request came from another site and was refused. Open Two-Way itself and try again.",
  "mail-not-sent": "The e-mail could not be sent just now. Try again in a few minutes.",
  "date-invalid": "Give the date as year-month-day, for example 2015-02-24.",
  "dates-reversed": "The end is before the start. Check both dates.",
  "sides-missing": "A partnership needs at least one provider and one employer. Name one of each.",
  "administrators-only": "Only an administrator of the programme can do that.",
  "editor-too-old":
    "This page was opened with an older editor. Reload it to go on writing; nothing you typed is lost.",
  "history-replaced":
    "The history of this document was replaced while you were away. Reload the page; what you typed since is kept as a copy.",
  "client-of-another": "This page could not be told apart from somebody else's. Reload it to go on.",
  "too-many-tabs": "You have this open in too many places. Close a few tabs, then try again.",
  "opened-too-often":
    "You have opened documents more often in a short time than we take from one person. We try again by ourselves; nothing is lost.",
  "too-many-people": "As many people as can be are in this document now. Try again in a while.",
  "request-too-large":
    "Something between this browser and us adds too much to each request, so the document cannot be opened for writing. Try another browser, or one without extensions.",
  "try-again": "This document cannot be opened just now. We keep trying; nothing is lost.",
  "demo-only": "This is only for demonstration instances.",
} as const;

export type RefusalCode = keyof typeof refusalSentences;

export type Refusal = {
  readonly code: RefusalCode;
  readonly facts: Readonly<Record<string, string | number>>;
  /** Name of the form field the sentence belongs to. */
  readonly field?: string;
};

/** The sentence for people, with its facts filled in. */
export function sentenceOf(refusal: Refusal): string {
  return refusalSentences[refusal.code].replace(/\{(\w+)\}/g, (hole, name: string) =>
    name in refusal.facts ? String(refusal.facts[name]) : hole,
  );
}
