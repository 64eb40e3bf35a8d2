/**
 * Members of one side with what may be changed about each, open invitations, the form to
 * invite, and the questions before removing somebody and before leaving. Rights come from
 * the loader.
 */
import { Form, Link } from "@remix-run/react";
import { type Role, roleNames } from "../domain/access.ts";
import { formatDate, formatDateTime } from "../domain/dates.ts";
import { type Side, sideNames } from "../domain/sides.ts";
import { Button, ButtonLink } from "./button.tsx";
import { Dialog, dialogButton } from "./dialog.tsx";
import { Face } from "./face.tsx";
import { FormField, type FormRefusal, SelectField } from "./form.tsx";
import { Menu } from "./menu.tsx";
import { Tag, When } from "./parts.tsx";
import { By, SideName } from "./side.tsx";
import { type Column, Table } from "./table.tsx";

export type ShownMember = {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string | null;
  readonly jobTitle: string | null;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  readonly isSuspended: boolean;
  readonly joinedAt: number;
  readonly isYou: boolean;
  readonly canManage: boolean;
};

function MemberCell({ member }: { member: ShownMember }) {
  const { name, side, organisation } = member;
  return (
    <span className="person">
      <Face person={{ name, side, organisation }} isNamedBeside />
      <span>
        <span className="strong">{name}</span> {member.isYou ? <Tag>You</Tag> : null}
        {member.isSuspended ? <Tag>Suspended</Tag> : null}
        <span className="label">{member.jobTitle}</span>
        {member.email ? <span className="label">{member.email}</span> : null}
      </span>
    </span>
  );
}

/** Role, removal and (for administrators) suspension, behind one button a member. */
function MemberMenu({
  member,
  roles,
  canSuspend,
}: {
  member: ShownMember;
  roles: readonly Role[];
  canSuspend: boolean;
}) {
  const offered = roles.includes(member.role) ? roles : [member.role, ...roles];
  return (
    <Menu button={<span className="btn btn-s">Change</span>} label={`Change ${member.name}`}>
      <div className="person-actions">
        <Form method="post" className="stack">
          <input type="hidden" name="intent" value="role" />
          <input type="hidden" name="member" value={member.id} />
          <SelectField label="Role" name="role" small defaultValue={member.role}>
            {offered.map((role) => (
              <option key={role} value={role}>
                {roleNames[role]}
              </option>
            ))}
          </SelectField>
          <Button small>Save the role</Button>
        </Form>
        {member.isYou ? null : (
          // A link: the question is a page, which every browser shows, with or without a script.
          <Link className="btn btn-quiet btn-s" to={`?remove=${member.id}`}>
            Remove from the partnership
          </Link>
        )}
        {canSuspend && !member.isYou ? (
          <Form method="post">
            <input type="hidden" name="person" value={member.userId} />
            <Button small look="quiet" name="intent" value={member.isSuspended ? "reinstate" : "suspend"}>
              {member.isSuspended ? "Open the account again" : "Suspend the account"}
            </Button>
          </Form>
        ) : null}
      </div>
    </Menu>
  );
}

/** One side's members as a table; the column of changes is there only for those who may. */
export function SideMembers({
  side,
  members,
  roles,
  canSuspend,
}: {
  side: Side;
  members: readonly ShownMember[];
  roles: readonly Role[];
  canSuspend: boolean;
}) {
  const columns: Column<ShownMember>[] = [
    { heading: "Name", cell: (member) => <MemberCell member={member} /> },
    { heading: "Organisation", cell: ({ organisation }) => <span className="breaks">{organisation}</span> },
    { heading: "Role", cell: ({ role }) => roleNames[role] },
    {
      heading: "Joined",
      isFigure: true,
      cell: ({ joinedAt }) => <When at={joinedAt}>{formatDate(joinedAt)}</When>,
    },
  ];
  if (members.some(({ canManage }) => canManage)) {
    columns.push({
      heading: "Change",
      isAction: true,
      cell: (member) => <MemberMenu member={member} roles={roles} canSuspend={canSuspend} />,
    });
  }
  return (
    <section className="people-side" aria-labelledby={`side-${side}`}>
      <div className="section-head">
        <h2 className="h3" id={`side-${side}`}>
          <SideName side={side}>{sideNames[side]}</SideName>
        </h2>
        <span className="small muted">{members.length === 1 ? "1 person" : `${members.length} people`}</span>
      </div>
      <Table
        caption={`Members on the ${sideNames[side].toLowerCase()} side`}
        className="people-table"
        columns={columns}
        rows={members}
        rowKey={({ id }) => id}
      />
    </section>
  );
}

/** What removing somebody means, before it is done. `home` is the address of the list of people. */
export function RemoveQuestion({ member, home }: { member: ShownMember; home: string }) {
  return (
    <div className="stack">
      <p>
        <By side={member.side}>{`${member.name}, ${member.organisation}`}</By>
      </p>
      <p>
        {member.name} loses access at once: whatever they have open closes, and invitations of theirs that
        nobody has accepted yet are withdrawn. What they wrote stays, under their name. You can invite them
        again.
      </p>
      <Form method="post" action={home} className="btn-row">
        <input type="hidden" name="member" value={member.id} />
        <Button look="primary" name="intent" value="remove">
          Remove from the partnership
        </Button>
        <ButtonLink to={home}>Keep as a member</ButtonLink>
      </Form>
    </div>
  );
}

export type ShownInvitation = {
  readonly id: string;
  readonly email: string;
  readonly organisation: string;
  readonly side: Side;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

export function Invitations({ invitations }: { invitations: readonly ShownInvitation[] }) {
  return (
    <section className="people-side" aria-labelledby="invited">
      <div className="section-head">
        <h2 className="h3" id="invited">
          Invited
        </h2>
      </div>
      {invitations.length === 0 ? (
        <p className="muted">Nobody is waiting. People you invite stand here until they have joined.</p>
      ) : (
        <Table
          caption="Open invitations"
          rows={invitations}
          rowKey={({ id }) => id}
          columns={[
            { heading: "Address", cell: ({ email }) => email },
            {
              heading: "For",
              cell: ({ organisation, side, role }) => (
                <By side={side}>{`${organisation}, ${roleNames[role].toLowerCase()}`}</By>
              ),
            },
            {
              heading: "Counts until",
              isFigure: true,
              cell: ({ expiresAt }) => <When at={expiresAt}>{formatDateTime(expiresAt)}</When>,
            },
            {
              heading: "Withdraw",
              isAction: true,
              cell: ({ id, email }) => (
                <Form method="post">
                  <input type="hidden" name="intent" value="revoke" />
                  <Button
                    small
                    name="invitation"
                    value={id}
                    aria-label={`Withdraw the invitation to ${email}`}
                  >
                    Withdraw
                  </Button>
                </Form>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}

/** `sent` is what the page says after the last invitation; a new one empties the form. */
export function InvitationForm({
  canInvite,
  refusal,
  typed,
  sent,
  once,
}: {
  canInvite: {
    readonly organisations: readonly { readonly id: string; readonly name: string; readonly side: Side }[];
    readonly roles: readonly Role[];
  };
  refusal?: FormRefusal | null;
  /** What stood in the form at the last try, by the names of its fields. */
  typed: Readonly<Record<string, string>>;
  sent: string | null;
  /** New for each page that is drawn: sent twice, it makes one invitation. */
  once: string;
}) {
  return (
    <section className="people-side" aria-labelledby="invite">
      <div className="section-head">
        <h2 className="h3" id="invite">
          Invite somebody
        </h2>
      </div>
      <Form method="post" className="stack people-invite" key={sent}>
        <input type="hidden" name="intent" value="invite" />
        <input type="hidden" name="once" value={once} />
        <FormField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="off"
          required
          maxLength={254}
          defaultValue={typed["email"]}
          refusal={refusal}
        />
        <div className="field-row">
          <SelectField
            label="Organisation"
            name="organisation"
            defaultValue={typed["organisation"]}
            refusal={refusal}
          >
            {canInvite.organisations.map(({ id, name, side }) => (
              <option key={`${side} ${id}`} value={`${side} ${id}`}>
                {name} ({sideNames[side].toLowerCase()})
              </option>
            ))}
          </SelectField>
          <SelectField label="Role" name="role" defaultValue={typed["role"] ?? "editor"} refusal={refusal}>
            {canInvite.roles.map((role) => (
              <option key={role} value={role}>
                {roleNames[role]}
              </option>
            ))}
          </SelectField>
        </div>
        <p>
          <Button look="primary">Send the invitation</Button>
        </p>
      </Form>
    </section>
  );
}

/** A question, because it cannot be undone by oneself. */
export function LeaveForm() {
  const question = "leave-question";
  return (
    <section className="people-side" aria-labelledby="leave">
      <div className="section-head">
        <h2 className="h3" id="leave">
          Leave
        </h2>
      </div>
      <Button {...dialogButton(question, "show-modal")}>Leave this partnership</Button>
      <Dialog title="Leave this partnership?" id={question}>
        <p>
          You will no longer see its plans, minutes and versions. What you wrote stays, under your name. A
          leader of your side can invite you again.
        </p>
        <Form
          method="post"
          className="btn-row"
          onSubmit={(event) => event.currentTarget.closest("dialog")?.close()}
        >
          <Button look="primary" name="intent" value="leave">
            Leave the partnership
          </Button>
          <Button {...dialogButton(question, "close")}>Stay</Button>
        </Form>
      </Dialog>
    </section>
  );
}
