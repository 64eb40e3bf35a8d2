/**
 * A form that came from somebody whose session had ended, without a script to keep the
 * page: everything that was typed, to be read, copied, or sent again to the same address
 * after signing in beside it. What people never saw as text travels along hidden.
 */
import { useLocation } from "@remix-run/react";
import { Button } from "./button.tsx";
import { FormRefusalNote, TextField } from "./form.tsx";
import { PlainPage } from "./shell.tsx";

export type SentFields = readonly (readonly [name: string, text: string])[];

/** Ids, fingerprints, choices of a list and nothing at all: for the machine, not to be read. */
function isForMachines([name, text]: SentFields[number]): boolean {
  return text === "" || /^(intent|kind|state|side|role|seen-.*)$/.test(name) || /[0-9a-f-]{32}/.test(text);
}

/** "intended_impact" and "endsOn" as words: the labels are with the page that cannot be drawn. */
function words(name: string): string {
  const parts = name
    .replace(/([A-Z])/g, " $1")
    .replaceAll("_", " ")
    .toLowerCase();
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}

export function KeptForm({ sentence, sent }: { sentence: string; sent: SentFields }) {
  const { pathname, search } = useLocation();
  const fields = sent.map(([name, text], place) => ({ name, text, key: `${place} ${name}` }));
  return (
    <PlainPage title="You are signed out" width="narrow">
      {/* A whole-page post, as the one before it: a script would draw the page anew around it. */}
      <form method="post" action={pathname + search} className="stack">
        <FormRefusalNote refusal={{ code: "session-ended", sentence }} />
        {fields.map(({ name, text, key }) =>
          isForMachines([name, text]) ? (
            <input type="hidden" key={key} name={name} value={text} />
          ) : (
            <TextField
              key={key}
              label={words(name)}
              name={name}
              defaultValue={text}
              rows={Math.min(12, Math.ceil(text.length / 60))}
            />
          ),
        )}
        <p>
          <Button look="primary">Send it again</Button>
        </p>
      </form>
    </PlainPage>
  );
}
