/**
 * When live editing has ended, or words are left over from a history that was replaced:
 * what happened, in words, and the text to take along. Nothing a person typed is thrown
 * away by us (rulings 14).
 */
import { type ReactNode, useState } from "react";
import { Note } from "../components/parts.tsx";
import type { WhyLeftBehind } from "./earlier-work.ts";

export function TakeAway({
  sentence,
  title,
  text,
  unsaved,
  onSignedIn,
}: {
  sentence: string;
  title: string;
  text: () => string;
  unsaved: number;
  /** Goes on once the person has signed in again; null where that would not help. */
  onSignedIn: (() => void) | null;
}) {
  return (
    <Note title={sentence} tone="warning" isAnnounced>
      <p>
        {unsaved > 0
          ? "Some of what you wrote here has not been stored. It stays on this page; copy or download what you wrote before you leave."
          : "Everything you wrote before was stored. The text below stays readable."}
      </p>
      {onSignedIn ? (
        <>
          <p>Sign in in another tab, then go on here: what you wrote is sent then.</p>
          <div className="btn-row">
            <a className="btn btn-s btn-primary" href="/sign-in" target="_blank" rel="noopener">
              Sign in in another tab
            </a>
            <button type="button" className="btn btn-s" onClick={onSignedIn}>
              Go on
            </button>
          </div>
        </>
      ) : null}
      <TakeButtons title={title} text={text}>
        {onSignedIn ? null : (
          <button type="button" className="btn btn-s" onClick={() => location.reload()}>
            Reload the page
          </button>
        )}
      </TakeButtons>
    </Note>
  );
}

const whyNotInText: Readonly<Record<WhyLeftBehind, string>> = {
  "history-replaced":
    "The history of this document was replaced, and they did not come along. Take them with you, and put back what still counts.",
  "right-lost":
    "They could not be stored before your right to write here ended, and nobody else can see them. Take them with you. They are sent when you may write here again, if you leave them on this device.",
};

/** Words on this device that the server does not have. The text is that of the whole copy. */
export function LeftBehind({
  title,
  text,
  why,
  onForget,
}: {
  title: string;
  text: string;
  why: WhyLeftBehind;
  onForget: () => void;
}) {
  return (
    <section aria-label="Words that are only on this device">
      <Note title="This device holds words that are not in the text below." tone="warning">
        <p>{whyNotInText[why]}</p>
        <TakeButtons title={title} text={() => text}>
          <button type="button" className="btn btn-s" onClick={onForget}>
            Remove it from this device
          </button>
        </TakeButtons>
      </Note>
    </section>
  );
}

/** Copies the text or downloads it as a file, and says which was done. */
export function TakeButtons({
  title,
  text,
  children,
}: {
  title: string;
  text: () => string;
  children?: ReactNode;
}) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid("Copied.");
    } catch {
      // The browser forbids it: the file does the same.
      setSaid("The browser did not allow that. Download the text instead.");
    }
  };
  const download = () => {
    const address = URL.createObjectURL(new Blob([text()], { type: "text/plain;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${title.replace(/[^\p{L}\p{N} -]+/gu, "").trim() || "document"}.txt`;
    link.click();
    URL.revokeObjectURL(address);
    setSaid("Downloaded.");
  };
  return (
    <div className="btn-row take-away">
      <button type="button" className="btn btn-s" onClick={copy}>
        Copy what you wrote
      </button>
      <button type="button" className="btn btn-s" onClick={download}>
        Download what you wrote
      </button>
      {children}
      <span className="small muted" role="status">
        {said}
      </span>
    </div>
  );
}
