/**
 * People of a partnership: members by side, invitations, and what one may change about
 * them. With `?remove=<membership>` the page asks whether that person shall go.
 */
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { FormRefusalNote } from "../components/form.tsx";
import { Note } from "../components/parts.tsx";
import {
  InvitationForm,
  Invitations,
  LeaveForm,
  RemoveQuestion,
  SideMembers,
} from "../components/people.tsx";
import { Page } from "../components/shell.tsx";
import type { Refusal } from "../domain/refusals.ts";
import { changeRole } from "../operations/change-role.ts";
import { inviteMember } from "../operations/invite-member.ts";
import { leavePartnership } from "../operations/leave-partnership.ts";
import { listPeople, type People } from "../operations/list-people.ts";
import { removeMember } from "../operations/remove-member.ts";
import { revokeInvitation } from "../operations/revoke-invitation.ts";
import { suspendUser } from "../operations/suspend-user.ts";
import { answerForm } from "../web/answer-form.server.ts";
import type { Form } from "../web/forms.server.ts";
import { requireUser, type SignedIn } from "../web/guard.server.ts";
import {
  initOf,
  refusalHeaders,
  refusedForm,
  type Typed,
  throwRefusal,
  viewOf,
} from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data: page }) => [
  {
    title: page
      ? `${page.toRemove ? `Remove ${page.toRemove.name}?` : "People"} · ${page.people.title} · Two-Way`
      : "People · Two-Way",
  },
];

export const headers = refusalHeaders;

async function peopleOf(signedIn: SignedIn, slug: string | undefined): Promise<People> {
  const people = await listPeople(signedIn.services, signedIn, { slug: slug ?? "" });
  return people.ok ? people.value : throwRefusal(people.refusal);
}

export async function loader(args: LoaderFunctionArgs) {
  const signedIn = await requireUser(args);
  const people = await peopleOf(signedIn, args.params["slug"]);
  const asked = new URL(args.request.url).searchParams.get("remove");
  const members = people.sides.flatMap((side) => side.members);
  // Who has gone meanwhile, or may not be removed by this person, is no question any more.
  const toRemove = members.find(({ id, canManage, isYou }) => id === asked && canManage && !isYou) ?? null;
  return { people, toRemove, once: signedIn.services.newId() };
}

/** Every intent is judged by its operation; the page only names the partnership. */
export async function action(args: ActionFunctionArgs) {
  return answerForm(args, refused, (signedIn, form) => run(args, signedIn, form));
}

async function run(args: ActionFunctionArgs, signedIn: SignedIn, form: Form) {
  const { partnershipId } = await peopleOf(signedIn, args.params["slug"]);
  const { services, requestId } = signedIn;
  const member = { partnershipId, membershipId: form.text("member"), requestId };

  switch (form.text("intent")) {
    case "invite":
      return invite(signedIn, partnershipId, form);
    case "revoke": {
      const invitationId = form.text("invitation");
      const revoked = await revokeInvitation(services, signedIn, { partnershipId, invitationId, requestId });
      return revoked.ok
        ? done(`The invitation to ${revoked.value.email} is withdrawn. Its link no longer works.`)
        : refused(revoked.refusal);
    }
    case "role": {
      const changed = await changeRole(services, signedIn, { ...member, role: form.text("role") });
      return changed.ok ? done("The role is changed. It counts from now on.") : refused(changed.refusal);
    }
    case "remove": {
      const removed = await removeMember(services, signedIn, member);
      return removed.ok
        ? done("That person is no longer a member. What they wrote stays; you can invite them again.")
        : refused(removed.refusal);
    }
    case "leave": {
      const left = await leavePartnership(services, signedIn, { partnershipId, requestId });
      return left.ok ? redirect("/") : refused(left.refusal);
    }
    case "suspend":
    case "reinstate": {
      const isSuspended = form.text("intent") === "suspend";
      const userId = form.text("person");
      const suspended = await suspendUser(services, signedIn, { userId, isSuspended, requestId });
      if (!suspended.ok) return refused(suspended.refusal);
      return done(
        isSuspended ? "The account is suspended and signed out everywhere." : "The account is open again.",
      );
    }
    default:
      return refused({ code: "form-incomplete", facts: {} });
  }
}

async function invite(signedIn: SignedIn, partnershipId: string, form: Form) {
  // One list offers organisation and side together: no pair that does not exist can be chosen.
  const [side = "", organisationId = ""] = form.text("organisation").split(" ");
  const invited = await inviteMember(signedIn.services, signedIn, {
    ...{ partnershipId, side, organisationId, requestId: signedIn.requestId },
    email: form.text("email"),
    role: form.text("role"),
    once: form.text("once"),
  });
  if (!invited.ok)
    return data(
      { refusal: viewOf(invited.refusal), done: null, typed: form.typed() },
      initOf(invited.refusal),
    );
  return done(`The invitation is on its way to ${invited.value.email}. It counts for seven days.`);
}

function done(sentence: string) {
  return data({ refusal: null, done: sentence, typed: {} as Typed });
}

/** Above the page rather than at a field: these forms have none to show it at. */
function refused({ code, facts }: Refusal, form?: Form) {
  const typed = form?.text("intent") === "invite" ? form.typed() : {};
  const { data: answer, init } = refusedForm({ code, facts }, typed);
  return data({ ...answer, done: null }, init ?? {});
}

export default function PeoplePage() {
  const { people, toRemove, once } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  // What belongs to a field is said there; everything else above, also for forms far below.
  const isSaidAbove = answer !== undefined && (answer.done !== null || !answer.refusal?.field);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Each answer anew, also one of the same words.
    if (answer !== undefined) place.current?.focus();
  }, [answer]);
  const canInvite = people.canInvite.organisations.length > 0 && people.canInvite.roles.length > 0;
  const crumb = { label: people.title, to: `/partnerships/${people.slug}` };
  if (toRemove !== null) {
    const home = `${crumb.to}/people`;
    const title = `Remove ${toRemove.name}?`;
    return (
      <Page title={title} crumbs={[crumb, { label: "People", to: home }, { label: "Remove" }]}>
        <RemoveQuestion member={toRemove} home={home} />
      </Page>
    );
  }
  return (
    <Page
      title="People"
      crumbs={[crumb, { label: "People" }]}
      lead="Who writes, advises and reads here, by side. A side’s leaders look after its members; the facilitator helps both."
    >
      {isSaidAbove ? (
        <div className="people-note" ref={place} tabIndex={-1}>
          {answer.done ? <Note tone="agreed" title={answer.done} isAnnounced /> : null}
          <FormRefusalNote refusal={answer.refusal} />
        </div>
      ) : null}
      {people.sides.map((group) => (
        <SideMembers
          key={group.side}
          side={group.side}
          members={group.members}
          roles={people.canInvite.roles}
          canSuspend={people.canSuspend}
        />
      ))}
      {canInvite ? (
        <>
          <InvitationForm
            canInvite={people.canInvite}
            refusal={answer?.refusal}
            typed={answer?.typed ?? {}}
            sent={answer?.done ?? null}
            once={once}
          />
          <Invitations invitations={people.invitations} />
        </>
      ) : (
        <p className="muted people-side">A leader of your side, or the facilitator, can invite people.</p>
      )}
      {people.isMember ? <LeaveForm /> : null}
    </Page>
  );
}
