/** A partnership's overview: the two sides, what is next, the street, the work and the profile. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "../components/button.tsx";
import { DeedLane } from "../components/deeds.tsx";
import { DocumentTree } from "../components/document-tree.tsx";
import { EmptyState, Facts, Illustrative, Note } from "../components/parts.tsx";
import { Page } from "../components/shell.tsx";
import { By, SideName } from "../components/side.tsx";
import { Street } from "../components/street.tsx";
import { StreetList } from "../components/street-list.tsx";
import { formatDate, formatDateTime, formatMonths } from "../domain/dates.ts";
import { partnershipStateNames } from "../domain/partnership.ts";
import type { Side } from "../domain/sides.ts";
import { readPartnershipOverview } from "../operations/read-partnership-overview.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.partnership.title} · Two-Way` : "Two-Way" },
];

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const overview = await readPartnershipOverview(signedIn.services, signedIn, { slug: params["slug"] ?? "" });
  if (!overview.ok) return throwRefusal(overview.refusal);
  return overview.value;
}

type Overview = ReturnType<typeof useLoaderData<typeof loader>>;

/** "● A, ● B and ◆ C": providers and employers in one line, as equals. */
function TwoSides({ organisations }: { organisations: Overview["organisations"] }) {
  const named = organisations.filter(({ side }) => side === "provider" || side === "employer");
  return named.map(({ name, side }, index) => (
    <span key={`${side} ${name}`}>
      {index === 0 ? null : index === named.length - 1 ? " and " : ", "}
      <SideName side={side} wraps>
        {name}
      </SideName>
    </span>
  ));
}

function Since({ since }: { since: Overview["since"] }) {
  if (since === null) return <p>This is your first visit.</p>;
  const by = (side: Side) => since.deeds.filter((deed) => deed.side === side).length;
  const parts = (["provider", "employer", "intermediary"] as const).filter((side) => by(side) > 0);
  if (parts.length === 0) return <p>Nobody else has changed anything.</p>;
  return (
    <p className="cluster">
      {parts.map((side) => (
        <By key={side} side={side}>
          {by(side)} {by(side) === 1 ? "change" : "changes"}
        </By>
      ))}
    </p>
  );
}

function Strip({ overview }: { overview: Overview }) {
  const { nextExchange, since, partnership, meetings } = overview;
  const last = meetings.findLast((meeting) => meeting.state === "held");
  return (
    <div className="strip">
      <div>
        <span className="label">Next exchange</span>
        {nextExchange ? (
          <p>
            <Link to={`/partnerships/${partnership.slug}/exchanges#exchange-${nextExchange.number}`}>
              {formatDateTime(nextExchange.startsAt, nextExchange.timeZone)}
            </Link>
            : {nextExchange.title}
          </p>
        ) : (
          <p>None planned</p>
        )}
      </div>
      <div>
        <span className="label">Last exchange</span>
        <p>
          {last ? (
            <>
              <Link to={`/partnerships/${partnership.slug}/exchanges#exchange-${last.number}`}>
                {formatDate(last.startsAt, last.timeZone)}
              </Link>
              : {last.title}
            </>
          ) : (
            "None yet"
          )}
        </p>
      </div>
      <div>
        <span className="label">Since you were here{since ? ` on ${formatDate(since.at)}` : ""}</span>
        <Since since={since} />
      </div>
    </div>
  );
}

function Lanes({ overview }: { overview: Overview }) {
  const lane = (side: Side) => overview.deeds.filter((deed) => deed.side === side);
  const names = (side: Side) =>
    overview.organisations.filter((organisation) => organisation.side === side).map(({ name }) => name);
  return (
    <div className="two">
      {(["provider", "employer"] as const).map((side) => (
        <div key={side}>
          <h3>
            <SideName side={side} wraps>
              {names(side).join(", ")}
            </SideName>
          </h3>
          {lane(side).length > 0 ? (
            <DeedLane deeds={lane(side)} />
          ) : (
            <p className="muted two-none">Nothing written from this side yet.</p>
          )}
        </div>
      ))}
    </div>
  );
}

function Profile({ overview }: { overview: Overview }) {
  const { partnership, organisations, canEditProfile } = overview;
  const conveners = organisations.filter(({ side }) => side === "intermediary" || side === "funder");
  // The programme's own funder and convenor are said once, with their mark where they are members.
  const named = (name: string | null) => {
    const member = conveners.find((one) => one.name === name);
    return member ? <By side={member.side}>{member.name}</By> : name;
  };
  const others = conveners.filter(
    ({ name }) => name !== partnership.programme.funder && name !== partnership.programme.convenor,
  );
  return (
    <section className="c-4" aria-labelledby="profile">
      <div className="section-head">
        <h2 id="profile">Profile</h2>
        {canEditProfile ? (
          <Link className="small" to={`/partnerships/${partnership.slug}/profile`}>
            Edit the profile
          </Link>
        ) : null}
      </div>
      <div className="profile">
        <Facts
          facts={[
            ["Aim", partnership.aim],
            ["Background", partnership.background],
            ["Intended impact", partnership.intendedImpact],
            ["Sustainability", partnership.sustainability],
            ["Region", partnership.region],
            [
              "Programme",
              <Link key="programme" to={`/programmes/${partnership.programme.slug}`}>
                {partnership.programme.title}
              </Link>,
            ],
            ["Funder", named(partnership.programme.funder)],
            ["Convened by", named(partnership.programme.convenor)],
            ...organisations
              .filter(({ onBehalfOf }) => onBehalfOf !== null)
              .map(({ name, onBehalfOf }) => [name, `on behalf of ${onBehalfOf}`] as const),
            ...others.map(
              ({ name, roleText, side }) =>
                [
                  roleText ?? "With",
                  <By key={name} side={side}>
                    {name}
                  </By>,
                ] as const,
            ),
            ["Contact", partnership.contactLabel],
            ["Source", partnership.sourceText],
          ]}
        />
      </div>
    </section>
  );
}

export default function PartnershipOverviewPage() {
  const overview = useLoaderData<typeof loader>();
  const { partnership, organisations, street } = overview;
  const names = (side: Side) => organisations.filter((one) => one.side === side).map(({ name }) => name);
  const posts = street?.posts ?? [];
  const hasMarks = overview.meetings.length + posts.length > 0;
  const months = formatMonths(partnership.startsOn, partnership.endsOn);
  return (
    <Page
      isName
      above={[
        partnership.programme.title,
        formatMonths(partnership.programme.startsOn, partnership.programme.endsOn),
      ]
        .filter(Boolean)
        .join(" · ")}
      title={<TwoSides organisations={organisations} />}
      lead={
        <span className="pair muted overview-facts">
          {partnership.sector ? <span>{partnership.sector}</span> : null}
          <span>
            {partnershipStateNames[partnership.state]}
            {months ? ` ${months}` : ""}
          </span>
          {partnership.isIllustrative ? <Illustrative /> : null}
        </span>
      }
    >
      {overview.whyNoTexts ? (
        <Note title="You can see the overview and the exchanges" icon="lock">
          <p>{overview.whyNoTexts}</p>
        </Note>
      ) : null}
      <Strip overview={overview} />
      {street ? (
        <Street
          street={street}
          slug={partnership.slug}
          meetings={overview.meetings}
          providers={names("provider")}
          employers={names("employer")}
        />
      ) : null}
      <div className="grid overview-grid">
        <div className="c-8 stack-wide">
          {overview.whyNoTexts ? null : (
            <section aria-labelledby="documents">
              <div className="section-head">
                <h2 id="documents">Documents</h2>
                {overview.canOrganise && overview.documents.length > 0 ? (
                  <ButtonLink small icon="plus" to={`/partnerships/${partnership.slug}/plans?new`}>
                    New plan
                  </ButtonLink>
                ) : null}
              </div>
              {overview.documents.length === 0 ? (
                <EmptyState title="No document yet">
                  <p>
                    A curriculum plan says what is taught, when and why, and how it leads to work. Both sides
                    write in the same text.
                  </p>
                  {overview.canOrganise ? (
                    <p>
                      <ButtonLink look="primary" to={`/partnerships/${partnership.slug}/plans?new`}>
                        Start a plan
                      </ButtonLink>
                    </p>
                  ) : null}
                </EmptyState>
              ) : (
                <DocumentTree
                  documents={overview.documents}
                  lastChangeOf={overview.lastChangeOf}
                  now={overview.now}
                />
              )}
            </section>
          )}
          <section aria-labelledby="exchanges">
            <div className="section-head">
              <h2 id="exchanges">{hasMarks ? "The street as a list" : "Exchanges"}</h2>
              {overview.meetings.length > 0 ? (
                <Link className="small" to={`/partnerships/${partnership.slug}/exchanges`}>
                  Exchanges and notes
                </Link>
              ) : null}
            </div>
            {hasMarks ? (
              <StreetList meetings={overview.meetings} posts={posts} slug={partnership.slug} />
            ) : (
              <p className="muted">
                No exchange is recorded yet. An exchange is a meeting in which leaders of both sides decide
                what the plan shall say.
              </p>
            )}
          </section>
        </div>
        <Profile overview={overview} />
        {overview.whyNoTexts ? null : (
          <section className="c-12" aria-labelledby="activity">
            <div className="section-head">
              <h2 id="activity">Recent activity</h2>
            </div>
            <Lanes overview={overview} />
          </section>
        )}
      </div>
    </Page>
  );
}
