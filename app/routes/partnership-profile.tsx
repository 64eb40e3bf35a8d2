/** Either side keeps the partnership's profile. */
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "../components/button.tsx";
import { FormField, FormRefusalNote, SelectField, TextField } from "../components/form.tsx";
import { Page } from "../components/shell.tsx";
import {
  isPartnershipState,
  nameLengthMax,
  type ProfileFieldName,
  partnershipStateNames,
  partnershipStates,
  profileFieldNames,
  proseLengthMax,
} from "../domain/partnership.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { Refused } from "../domain/result.ts";
import { editProfile, type ProfileConflict, readProfile } from "../operations/edit-profile.ts";
import { answerForm } from "../web/answer-form.server.ts";
import type { Form as SentForm } from "../web/forms.server.ts";
import { requireUser, type SignedIn } from "../web/guard.server.ts";
import { refusedForm, throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Profile · Two-Way" }];

export async function loader(args: LoaderFunctionArgs) {
  const signedIn = await requireUser(args);
  const profile = await readProfile(signedIn.services, signedIn, args.params.slug ?? "");
  if (!profile.ok) throwRefusal(profile.refusal);
  return profile.value;
}

export async function action(args: ActionFunctionArgs) {
  return answerForm(args, refused, (signedIn, form) => edit(args.params.slug ?? "", signedIn, form));
}

async function edit(slug: string, signedIn: SignedIn, form: SentForm) {
  const { text } = form;
  const input = {
    title: text("title"),
    sector: text("sector"),
    region: text("region"),
    aim: text("aim"),
    background: text("background"),
    intendedImpact: text("intended_impact"),
    sustainability: text("sustainability"),
    contactLabel: text("contact_label"),
    startsOn: text("starts_on"),
    endsOn: text("ends_on"),
    state: text("state"),
  };
  const edited = await editProfile(signedIn.services, signedIn, slug, input, seenBy(form));
  if (!edited.ok) return refused(edited.refusal, form, edited);
  return redirect(`/partnerships/${encodeURIComponent(slug)}`);
}

/** The fingerprints of what the form showed. */
function seenBy({ text }: SentForm): Readonly<Record<string, string>> {
  return Object.fromEntries(profileFieldNames.map((name) => [name, text(`seen-${name}`)]));
}

/** With the other's texts where there are some, and what the next sending is to be judged against. */
function refused(refusal: Refusal, form: SentForm, edited?: Refused | ProfileConflict) {
  const answer = refusedForm(refusal, form.typed());
  const isConflict = edited !== undefined && "theirs" in edited;
  const theirs: Readonly<Record<string, string>> = isConflict ? edited.theirs : {};
  const seen = isConflict ? edited.seen : seenBy(form);
  return data({ ...answer.data, theirs, seen }, answer.init ?? undefined);
}

/** As the list names it. */
function stateName(state: string | undefined): string | undefined {
  return isPartnershipState(state) ? partnershipStateNames[state] : state;
}

export default function PartnershipProfile() {
  const profile = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const refusal = answer?.refusal;
  /** A field with what was typed into it, or else what is stored, and what somebody else stored meanwhile. */
  const field = (name: ProfileFieldName) => ({
    name,
    refusal,
    defaultValue: answer?.typed[name] ?? profile[name] ?? "",
    theirs: answer?.theirs[name],
  });
  const line = (name: ProfileFieldName) => ({ ...field(name), maxLength: nameLengthMax });
  const prose = (name: ProfileFieldName) => ({ ...field(name), maxLength: proseLengthMax, rows: 4 });
  return (
    <Page
      title="Profile"
      lead="What this partnership is for. Both sides read and keep it; leave out what is not known."
      crumbs={[{ label: profile.title, to: `/partnerships/${profile.slug}` }, { label: "Profile" }]}
    >
      <Form method="post" className="stack profile-form">
        <FormRefusalNote refusal={refusal} />
        {profileFieldNames.map((name) => (
          <input
            key={name}
            type="hidden"
            name={`seen-${name}`}
            value={answer?.seen[name] ?? profile.seen[name]}
          />
        ))}
        <FormField label="Title" required {...line("title")} />
        <SelectField label="State" {...field("state")} theirs={stateName(answer?.theirs["state"])}>
          {partnershipStates.map((state) => (
            <option key={state} value={state}>
              {partnershipStateNames[state]}
            </option>
          ))}
        </SelectField>
        <FormField label="Sector" {...line("sector")} />
        <FormField label="Region" {...line("region")} />
        <TextField label="Aim" {...prose("aim")} />
        <TextField label="Background" {...prose("background")} />
        <TextField label="Intended impact" {...prose("intended_impact")} />
        <TextField
          label="Sustainability"
          hint="What stays when the funding ends."
          {...prose("sustainability")}
        />
        <FormField
          label="Contact"
          hint="A role and an organisation, not a private address."
          {...line("contact_label")}
        />
        <div className="field-row">
          <FormField label="Starts" type="date" {...field("starts_on")} />
          <FormField label="Ends" type="date" {...field("ends_on")} />
        </div>
        <div className="btn-row">
          <Button look="primary">Save the profile</Button>
          <ButtonLink to={`/partnerships/${profile.slug}`}>Back without saving</ButtonLink>
        </div>
      </Form>
    </Page>
  );
}
