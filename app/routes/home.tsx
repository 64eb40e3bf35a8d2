/** Home: what changed since I was here, where I was, and my partnerships. */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "../components/button.tsx";
import { DeedLine } from "../components/deeds.tsx";
import { MiniStreet } from "../components/mini-street.tsx";
import { EmptyState, Illustrative } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { SidePair } from "../components/side.tsx";
import { roleNames } from "../domain/access.ts";
import { formatDate, formatDateTime, formatRecent } from "../domain/dates.ts";
import { documentKindNames } from "../domain/documents.ts";
import { readHome } from "../operations/read-home.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Home · Two-Way" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const home = await readHome(signedIn.services, signedIn);
  if (!home.ok) return throwRefusal(home.refusal);
  return { ...home.value, isAdmin: signedIn.user.isProgrammeAdmin };
}

type Home = ReturnType<typeof useLoaderData<typeof loader>>;

function Recent({ home }: { home: Home }) {
  const first = home.partnerships[0];
  if (home.recent.length === 0) {
    return (
      <EmptyState title="Nothing opened yet">
        <p>The plans, notes and pages that you open will stand here, the newest first.</p>
        {first ? (
          <p>
            <ButtonLink look="primary" to={`/partnerships/${first.slug}`}>
              Open {first.title}
            </ButtonLink>
          </p>
        ) : null}
      </EmptyState>
    );
  }
  return (
    <ul className="rows">
      {home.recent.map((document) => (
        <li key={document.id} className="recent">
          <p className="label">{documentKindNames[document.kind]}</p>
          <div>
            <Link className="recent-title" to={`/documents/${document.id}`}>
              {document.title}
            </Link>
            <p className="small muted">{document.partnershipTitle}</p>
          </div>
          <p className="small muted recent-when">{formatRecent(document.visitedAt, home.now)}</p>
        </li>
      ))}
    </ul>
  );
}

function Partnership({ partnership }: { partnership: Home["partnerships"][number] }) {
  const { lastExchange, nextExchange, street } = partnership;
  return (
    <li className="pship">
      <div>
        <Link className="name" to={`/partnerships/${partnership.slug}`}>
          {partnership.title}
        </Link>
        <p className="small">
          <SidePair
            organisations={partnership.organisations.filter(
              ({ side }) => side === "provider" || side === "employer",
            )}
          />
        </p>
        <p className="small muted pship-role">
          {roleNames[partnership.role]}, {partnership.organisation}
          {partnership.isIllustrative ? <Illustrative /> : null}
        </p>
      </div>
      {street && street.scale > 0 ? (
        <MiniStreet street={street} />
      ) : (
        <span className="small muted">No writing yet</span>
      )}
      <div className="small">
        <span className="label">Last exchange</span>
        {lastExchange ? formatDate(lastExchange.startsAt) : "None yet"}
        {lastExchange ? <span className="muted pship-sub">{lastExchange.title}</span> : null}
      </div>
      <div className="small">
        <span className="label">Next exchange</span>
        {nextExchange ? formatDateTime(nextExchange.startsAt) : "None planned"}
        {nextExchange ? <span className="muted pship-sub">{nextExchange.title}</span> : null}
      </div>
    </li>
  );
}

/** What the others did; on a first visit, what there is to catch up with. */
function Since({ home, isFirst }: { home: Home; isFirst: boolean }) {
  return (
    <div className="since">
      <h2 className="h3" id="since">
        {isFirst ? "What others did lately" : "Since you were here"}
      </h2>
      {home.since.length === 0 ? (
        <p className="muted since-none">Nobody else has changed anything.</p>
      ) : (
        <ul className={isFirst ? "plain since-list since-wide" : "plain since-list"}>
          {home.since.map((deed) => (
            <li key={deed.key}>
              <DeedLine
                deed={deed}
                now={home.now}
                {...(home.partnerships.length > 1 ? { place: deed.partnershipTitle } : {})}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export default function HomePage() {
  const home = useLoaderData<typeof loader>();
  // Nothing was opened yet: there is no place to go back to, so the partnerships come first.
  const isFirst = home.recent.length === 0;
  const hasNews = home.since.length > 0;
  return (
    <PlainPage title={isFirst ? "Welcome" : "Where you left off"} above={formatDate(home.now)}>
      <div className="grid">
        {isFirst ? (
          home.partnerships.length > 0 ? (
            <section className="c-12" aria-label="Recently opened">
              <Recent home={home} />
            </section>
          ) : null
        ) : (
          <>
            <section className="c-8" aria-label="Recently opened">
              <Recent home={home} />
            </section>
            <section className="c-4" aria-labelledby="since">
              <Since home={home} isFirst={false} />
            </section>
          </>
        )}
        <section className="c-12" aria-labelledby="mine">
          <div className="section-head">
            <h2 id="mine">My partnerships</h2>
            {home.programmes.length > 0 ? (
              <Link className="small" to="/programmes">
                All in the programme
              </Link>
            ) : null}
          </div>
          {home.partnerships.length === 0 ? (
            <EmptyState title={home.isAdmin ? "You run programmes" : "No partnership yet"}>
              <p>
                {home.isAdmin
                  ? "As an administrator you see every partnership of every programme, and stand on no side of any."
                  : "A partnership is a college or training provider and an employer who write a curriculum together. A leader of your side can invite you."}
              </p>
              {home.isAdmin ? (
                <p>
                  <ButtonLink look="primary" to="/programmes">
                    Open the programmes
                  </ButtonLink>
                </p>
              ) : null}
            </EmptyState>
          ) : (
            <ul className="rows">
              {home.partnerships.map((partnership) => (
                <Partnership key={partnership.id} partnership={partnership} />
              ))}
            </ul>
          )}
        </section>
        {isFirst && hasNews ? (
          <section className="c-12" aria-labelledby="since">
            <Since home={home} isFirst />
          </section>
        ) : null}
      </div>
    </PlainPage>
  );
}
