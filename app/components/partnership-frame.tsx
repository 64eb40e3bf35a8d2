/**
 * The frame of everything inside one partnership: who it is, and where one can go. On
 * a phone the navigation is one disclosure that says where one is.
 */
import { NavLink, useLocation } from "@remix-run/react";
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import { type OrganisationOfSide, SideName } from "./side.tsx";

export type PartnershipNav = {
  readonly slug: string;
  readonly title: string;
  readonly organisations: readonly OrganisationOfSide[];
  readonly counts: {
    readonly plans: number;
    readonly exchanges: number;
    readonly caseStudies: number;
    readonly pages: number;
    readonly archived: number;
    readonly people: number;
  };
};

type Place = {
  readonly label: string;
  readonly path: string;
  readonly count?: number;
  readonly isGroupStart?: boolean;
};

function placesOf({ counts }: PartnershipNav): readonly Place[] {
  return [
    { label: "Overview", path: "" },
    { label: "Plans", path: "/plans", count: counts.plans, isGroupStart: true },
    { label: "Exchanges", path: "/exchanges", count: counts.exchanges },
    { label: "Case studies", path: "/case-studies", count: counts.caseStudies },
    { label: "Pages", path: "/pages", count: counts.pages },
    { label: "People", path: "/people", count: counts.people, isGroupStart: true },
    ...(counts.archived > 0 ? [{ label: "Archived", path: "/archived", count: counts.archived }] : []),
  ];
}

/** Reached from a page rather than from the list, or only while there is something in them. */
const otherPlaces: readonly Place[] = [
  { label: "Archived", path: "/archived" },
  { label: "Profile", path: "/profile" },
];

function Places({ nav }: { nav: PartnershipNav }) {
  return (
    <ul className="side-nav">
      {placesOf(nav).map((place) => (
        <li key={place.label} className={place.isGroupStart ? "gap-above" : undefined}>
          <NavLink to={`/partnerships/${nav.slug}${place.path}`} end={place.path === ""}>
            {place.label}
            {place.count === undefined ? null : <span className="count">{place.count}</span>}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

export function PartnershipFrame({ nav, children }: { nav: PartnershipNav; children: ReactNode }) {
  const { pathname } = useLocation();
  const rest = pathname.slice(`/partnerships/${nav.slug}`.length);
  const here =
    [...placesOf(nav), ...otherPlaces].find((place) => place.path !== "" && rest.startsWith(place.path))
      ?.label ?? "Overview";
  return (
    <div className="shell">
      <nav className="shell-nav" aria-label="Partnership">
        <div className="who">
          <strong>{nav.title}</strong>
          <ul className="plain">
            {nav.organisations
              .filter(({ side }) => side === "provider" || side === "employer")
              .map(({ name, side }) => (
                <li key={`${side} ${name}`}>
                  <SideName side={side} wraps>
                    {name}
                  </SideName>
                </li>
              ))}
          </ul>
        </div>
        <Places nav={nav} />
      </nav>
      {/* The key closes it on arrival at the next page. */}
      <details className="nav-phone" key={pathname}>
        <summary>
          <span>
            <span className="strong">{here}</span> <span className="muted">· {nav.title}</span>
          </span>
          <Icon name="chevron" />
        </summary>
        <nav aria-label="Partnership, small screen">
          <Places nav={nav} />
        </nav>
      </details>
      <main className="shell-main" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
