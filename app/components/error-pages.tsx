/**
 * What is shown in place of a page: not found, refused, or not drawn. Such a page cannot
 * know what became of words that were being typed, and does not say that it does.
 */
import { useLocation } from "@remix-run/react";
import { ButtonLink } from "./button.tsx";
import { Tag } from "./parts.tsx";
import { PlainPage } from "./shell.tsx";

/** Also for what one may not see: that it exists is nobody else's business. */
export function NotFoundPage() {
  return (
    <PlainPage title="We cannot find that page" width="narrow">
      <div className="stack">
        <p>
          It may have moved, or it belongs to a partnership you are not part of. Check the address, or start
          from your own pages.
        </p>
        <p className="btn-row">
          <ButtonLink to="/">Go to your partnerships</ButtonLink>
        </p>
      </div>
    </PlainPage>
  );
}

/** The person may know of it, but their role does not include it: why, and who can change that. */
export function RefusedPage({ sentence, isSignedOut }: { sentence: string; isSignedOut: boolean }) {
  return (
    <PlainPage title={isSignedOut ? "You are signed out" : "This is not open to you"} width="narrow">
      <div className="stack">
        <p>{sentence}</p>
        <p className="btn-row">
          {isSignedOut ? (
            <ButtonLink to="/sign-in" isFile>
              Sign in
            </ButtonLink>
          ) : (
            <ButtonLink to="/">Go to your partnerships</ButtonLink>
          )}
        </p>
      </div>
    </PlainPage>
  );
}

/** Enough of a request's number to find it in the log, and to say it over the telephone. */
const referenceLength = 8;

/** `reference` is the request's number in the server's log; its beginning is shown. */
export function ErrorPage({ reference, sentence }: { reference: string | null; sentence: string | null }) {
  const { pathname, search } = useLocation();
  return (
    <PlainPage title="This page could not be drawn" width="narrow">
      <div className="stack">
        {sentence ? <p>{sentence}</p> : null}
        <p>
          What was saved is safe. What you had typed into this page may not have been kept: go back in your
          browser to look for it. Try again;{" "}
          {reference ? (
            <>
              if it happens twice, tell your administrator the number{" "}
              <Tag>{reference.slice(0, referenceLength)}</Tag>.
            </>
          ) : (
            "if it happens twice, tell your administrator what you were doing."
          )}
        </p>
        <p className="btn-row">
          {/* The same address again, as a real request. */}
          <ButtonLink look="primary" to={pathname + search} isFile>
            Try again
          </ButtonLink>
          <ButtonLink to="/">Home</ButtonLink>
        </p>
      </div>
    </PlainPage>
  );
}
