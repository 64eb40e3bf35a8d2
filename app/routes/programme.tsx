/** A programme: its partnerships by sector, with sides, exchanges and the state of the plan. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "../components/button.tsx";
import { SelectField } from "../components/form.tsx";
import { EmptyState, Illustrative } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { SideName } from "../components/side.tsx";
import { Table } from "../components/table.tsx";
import { formatDate, formatMonths } from "../domain/dates.ts";
import type { Side } from "../domain/sides.ts";
import { readProgramme } from "../operations/read-programme.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.programme.title} · Two-Way` : "Two-Way" },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const sector = new URL(request.url).searchParams.get("sector") || null;
  const programme = await readProgramme(signedIn.services, signedIn, { slug: params["slug"] ?? "", sector });
  if (!programme.ok) return throwRefusal(programme.refusal);
  return { ...programme.value, sector };
}

type Line = ReturnType<typeof useLoaderData<typeof loader>>["lines"][number];

function SideOf({ line, side }: { line: Line; side: Side }) {
  return (
    <ul className="plain prog-sides">
      {line.organisations
        .filter((organisation) => organisation.side === side)
        .map((organisation) => (
          <li key={organisation.name}>
            <SideName side={side} wraps>
              {organisation.name}
            </SideName>
            {organisation.onBehalfOf ? (
              <span className="sub">on behalf of {organisation.onBehalfOf}</span>
            ) : null}
            {organisation.isPlaceholder ? <span className="sub">names to be added</span> : null}
          </li>
        ))}
    </ul>
  );
}

/** Dates and plans are its members'; others see that the partnership exists. */
const ofMembers = <span className="muted">Its members see this</span>;

export default function Programme() {
  const { programme, lines, sectors, sector, total, canManage } = useLoaderData<typeof loader>();
  const about = [
    programme.funder ? `Funded by ${programme.funder}` : null,
    programme.convenor ? `convened by ${programme.convenor}` : null,
  ]
    .filter(Boolean)
    .join(" · ");
  return (
    <PlainPage
      width="wide"
      isName
      title={programme.title}
      above={about || undefined}
      lead={
        <>
          <p>{programme.summary}</p>
          <p className="muted small programme-note">
            {[formatMonths(programme.startsOn, programme.endsOn), "In order of sector; nobody is ranked."]
              .filter(Boolean)
              .join(". ")}{" "}
            {programme.isIllustrative ? <Illustrative /> : null}
          </p>
        </>
      }
      tools={
        canManage ? (
          <ButtonLink icon="plus" to={`/programmes/${programme.slug}/partnerships/new`}>
            New partnership
          </ButtonLink>
        ) : null
      }
    >
      {sectors.length > 1 ? (
        <Form method="get" className="filters" aria-label="Filter partnerships">
          <SelectField small label="Sector" name="sector" defaultValue={sector ?? ""} key={sector ?? ""}>
            <option value="">All sectors</option>
            {sectors.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </SelectField>
          <Button small className="filter-go">
            Show
          </Button>
          {sector ? (
            <Link className="small filter-clear" to={`/programmes/${programme.slug}`}>
              All sectors
            </Link>
          ) : null}
        </Form>
      ) : null}
      {total > 0 ? (
        <p className="small muted shown" role="status">
          Showing {lines.length} of {total}
        </p>
      ) : null}
      {lines.length === 0 ? (
        <EmptyState title={sector ? "No partnership in this sector" : "No partnership yet"}>
          <p>
            {sector
              ? "Choose another sector."
              : canManage
                ? "A partnership is a provider and an employer who write together. Add the first one."
                : "Partnerships stand here as soon as they are started."}
          </p>
        </EmptyState>
      ) : (
        <Table
          caption="Partnerships of the programme"
          className="prog"
          rows={lines}
          rowKey={(line) => line.id}
          columns={[
            {
              heading: "Partnership and sector",
              cell: (line) => (
                <>
                  {line.isOpen ? <Link to={`/partnerships/${line.slug}`}>{line.title}</Link> : line.title}
                  {line.sector && line.sector !== line.title ? (
                    <span className="sub">{line.sector}</span>
                  ) : null}
                </>
              ),
            },
            { heading: "Provider side", cell: (line) => <SideOf line={line} side="provider" /> },
            { heading: "Employer side", cell: (line) => <SideOf line={line} side="employer" /> },
            {
              heading: "Last exchange",
              cell: (line) =>
                !line.isOpen
                  ? ofMembers
                  : line.lastExchange
                    ? formatDate(line.lastExchange.startsAt)
                    : "None recorded",
            },
            {
              heading: "Next exchange",
              cell: (line) =>
                !line.isOpen
                  ? ""
                  : line.nextExchange
                    ? formatDate(line.nextExchange.startsAt)
                    : "None recorded",
            },
            {
              heading: "Plan",
              cell: (line) =>
                !line.isOpen ? (
                  ""
                ) : line.plan ? (
                  <>
                    {line.plan.versions} {line.plan.versions === 1 ? "version" : "versions"}
                    <span className="sub">changed {formatDate(line.plan.changedAt)}</span>
                  </>
                ) : (
                  "None here yet"
                ),
            },
          ]}
        />
      )}
    </PlainPage>
  );
}
