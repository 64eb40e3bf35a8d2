/**
 * Form fields. Label above, hint below the label, and a refusal's sentence right before
 * the field it belongs to; what was typed stays. Everything works without JavaScript.
 */
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { Icon } from "./icon.tsx";

/** A refusal as forms get it from an action. */
export type FormRefusal = {
  readonly code: string;
  readonly sentence: string;
  readonly field?: string | null;
};

type Around = {
  label: ReactNode;
  hint?: ReactNode;
  /** The refusal of the last try; shown here only when it names this field. */
  refusal?: FormRefusal | null;
  /** What somebody else has stored in this field meanwhile; empty text counts. */
  theirs?: string;
  name: string;
};

/** Label, hint and refusal around any control. `control` gets the ids it must carry. */
function Field({
  label,
  hint,
  refusal,
  theirs,
  name,
  control,
}: Around & {
  control: (ids: {
    id: string;
    "aria-describedby": string | undefined;
    "aria-invalid": true | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const refused = refusal?.field === name ? refusal : null;
  const describedBy = [
    hint ? `${id}-hint` : null,
    refused ? `${id}-refused` : null,
    theirs === undefined ? null : `${id}-theirs`,
  ]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {refused ? (
        <p className="field-error" id={`${id}-refused`} role="alert">
          <Icon name="stop" small />
          {refused.sentence}
        </p>
      ) : null}
      {theirs === undefined ? null : (
        <div className="note field-theirs" id={`${id}-theirs`}>
          <Icon name="people" />
          <div>
            <p className="strong">{theirs === "" ? "Somebody else emptied this" : "Somebody else wrote"}</p>
            {theirs === "" ? null : <p className="as-typed">{theirs}</p>}
          </div>
        </div>
      )}
      {control({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": refused ? true : undefined,
      })}
    </div>
  );
}

/** A one-line input. Takes every attribute of `<input>`. */
export function FormField({
  label,
  hint,
  refusal,
  theirs,
  name,
  small = false,
  ...rest
}: Around & { small?: boolean } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field
      {...{ label, hint, refusal, theirs, name }}
      control={(ids) => (
        <input className={small ? "input input-s" : "input"} name={name} {...rest} {...ids} />
      )}
    />
  );
}

/** Several lines of text. */
export function TextField({
  label,
  hint,
  refusal,
  theirs,
  name,
  ...rest
}: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field
      {...{ label, hint, refusal, theirs, name }}
      control={(ids) => <textarea className="input" name={name} {...rest} {...ids} />}
    />
  );
}

/** One of a list. `children` are the options. */
export function SelectField({
  label,
  hint,
  refusal,
  theirs,
  name,
  small = false,
  children,
  ...rest
}: Around & { small?: boolean } & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field
      {...{ label, hint, refusal, theirs, name }}
      control={(ids) => (
        <select className={small ? "input input-s" : "input"} name={name} {...rest} {...ids}>
          {children}
        </select>
      )}
    />
  );
}

/** A box to tick, with the sentence beside it. */
export function CheckField({
  label,
  hint,
  ...rest
}: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="check">
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint ? <span className="label">{hint}</span> : null}
      </span>
    </label>
  );
}

/** The way to sign in without leaving what was typed. */
export function SignInBeside() {
  return (
    <p className="note-act">
      <a href="/sign-in" target="_blank" rel="noreferrer">
        Sign in in another tab
      </a>
    </p>
  );
}

/** The refusal of a whole form: one that names no field. Announced when it appears. */
export function FormRefusalNote({ refusal }: { refusal?: FormRefusal | null }) {
  if (!refusal || refusal.field) return null;
  return (
    <div className="note note-danger" role="alert">
      <Icon name="stop" />
      <div>
        <p>{refusal.sentence}</p>
        {refusal.code === "session-ended" ? <SignInBeside /> : null}
      </div>
    </div>
  );
}
