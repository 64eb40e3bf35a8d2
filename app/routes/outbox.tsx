/** Letters of a demonstration instance, which sends none: invitations and links to new passwords. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EmptyState, When } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { formatDateTime } from "../domain/dates.ts";
import { throwRefusal } from "../web/refuse.server.ts";
import { showsLetters } from "../web/shows-letters.server.ts";

export const meta: MetaFunction = () => [{ title: "Letters · Two-Way" }];

/**
 * Letters hold links to new passwords, of administrators too, so they are shown on the
 * demonstrator's own machine alone. Everywhere else there is no such page.
 */
export async function loader({ context }: LoaderFunctionArgs) {
  const { mail } = context.services;
  if (!showsLetters(context)) return throwRefusal({ code: "not-found", facts: {} });
  return { letters: await mail.kept() };
}

export default function OutboxPage() {
  const { letters } = useLoaderData<typeof loader>();
  return (
    <PlainPage
      width="narrow"
      title="Letters"
      lead="This demonstration sends no e-mail. What it would have sent is here, the newest first."
    >
      {letters.length === 0 ? (
        <EmptyState title="No letter yet">
          <p>Invite somebody on a partnership’s page of people, or ask for a new password.</p>
        </EmptyState>
      ) : (
        letters.map((letter) => (
          <article className="letter" key={`${letter.at} ${letter.to} ${letter.subject}`}>
            <p className="small muted">
              To {letter.to}, <When at={letter.at}>{formatDateTime(letter.at)}</When>
            </p>
            <h2 className="h3">{letter.subject}</h2>
            <LetterText text={letter.text} />
          </article>
        ))
      )}
    </PlainPage>
  );
}

/** Links of our own letters can be followed; everything else is text. */
function LetterText({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s]+\/(?:invitation|reset)#[\w-]{43})/);
  return (
    <pre>
      {parts.map((part) => {
        const path = /\/(?:invitation|reset)#[\w-]{43}$/.exec(part)?.[0];
        return path ? (
          <a key={part} href={path}>
            {part}
          </a>
        ) : (
          part
        );
      })}
    </pre>
  );
}
