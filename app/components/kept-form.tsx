/**
 * A form whose page is gone: it came from somebody whose session had ended, without a
 * script to keep the page, or no answer came to it. Everything that was typed, to be read,
 * copied, or sent again to the same address. What people never saw as text travels along
 * hidden.
 */
import { useLocation } from "@remix-run/react";
import { useState } from "react";
import type { SentFields } from "../domain/sent-fields.ts";
import { Button } from "./button.tsx";
import { type FormRefusal, FormRefusalNote, TextField } from "./form.tsx";
import { PlainPage } from "./shell.tsx";

/** A whole UUID or fingerprint, and nothing beside it: words that hold one are still words. */
const isToken = /^(?=.*[0-9a-f])[0-9a-f-]{32,}$/;

/** Ids, fingerprints, choices of a list and nothing at all: for the machine, not to be read. */
function isForMachines([name, text]: SentFields[number]): boolean {
  return text === "" || /^(intent|kind|state|side|role|seen-.*)$/.test(name) || isToken.test(text);
}

/** "intended_impact" and "endsOn" as words: the labels are with the page that cannot be drawn. */
function words(name: string): string {
  const parts = name
    .replace(/([A-Z])/g, " $1")
    .replaceAll("_", " ")
    .toLowerCase();
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}

export function KeptForm({
  title,
  refusal,
  sent,
}: {
  title: string;
  refusal: FormRefusal;
  sent: SentFields;
}) {
  const { pathname, search } = useLocation();
  const [isOffline, setOffline] = useState(false);
  const fields = sent.map(([name, text], place) => ({ name, text, key: `${place} ${name}` }));
  return (
    <PlainPage title={title} width="narrow">
      {/* A whole-page post, as the one before it: a script would draw the page anew around it. */}
      <form
        method="post"
        action={pathname + search}
        className="stack"
        onSubmit={(event) => {
          // The browser would put its own page about the network in place of these words.
          setOffline(!navigator.onLine);
          if (!navigator.onLine) event.preventDefault();
        }}
      >
        <FormRefusalNote refusal={refusal} />
        {fields.map(({ name, text, key }) =>
          isForMachines([name, text]) ? (
            <input type="hidden" key={key} name={name} value={text} />
          ) : (
            <TextField
              key={key}
              label={words(name)}
              name={name}
              defaultValue={text}
              className="input input-grows"
              rows={Math.min(12, Math.ceil(text.length / 60))}
            />
          ),
        )}
        {isOffline ? (
          <p className="field-error" role="alert">
            There is still no connection. Send it again when there is one; leave this page open until then.
          </p>
        ) : null}
        <p>
          <Button look="primary">Send it again</Button>
        </p>
      </form>
    </PlainPage>
  );
}
