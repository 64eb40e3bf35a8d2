/**
 * The street: what each side wrote, week by week, along one line of time, with the
 * exchanges and named versions on it. Drawn on the server, lying down on a desk and
 * upright on a phone (the style shows one of the two). Below it the reading line says
 * what the chosen mark is; the list further down says the same in words.
 */
import { Link } from "@remix-run/react";
import { useMemo } from "react";
import type { Street as StreetPicture } from "../domain/street.ts";
import type { ExchangeLine } from "./exchange-table.tsx";
import { SideName } from "./side.tsx";
import { type StreetMark, streetMarks } from "./street-marks.ts";
import { TallStreet } from "./street-tall.tsx";
import { WideStreet } from "./street-wide.tsx";
import { type DrawnStreet, useStreetWalk } from "./use-street-walk.ts";

function Legend({ unit, hasPosts }: { unit: string; hasPosts: boolean }) {
  return (
    <figcaption className="legend">
      <span>
        <svg viewBox="0 0 22 16" aria-hidden="true">
          <rect className="bar-p" x="1" y="4" width="8" height="12" />
          <rect className="bar-e" x="12.5" y="4.5" width="8" height="11" />
        </svg>
        about how many words in a {unit}
      </span>
      <span>
        <svg viewBox="0 0 22 16" aria-hidden="true">
          <rect className="road" width="22" height="16" />
          <g className="zebra">
            <rect x="5" y="1.5" width="12" height="2.5" />
            <rect x="5" y="6.7" width="12" height="2.5" />
            <rect x="5" y="12" width="12" height="2.5" />
          </g>
        </svg>
        exchange
      </span>
      {hasPosts ? (
        <span>
          <svg viewBox="0 0 22 16" aria-hidden="true">
            <path className="post" d="M8 16V1" />
            <path className="flag" d="M8 1h11l-3 3.5 3 3.5H8Z" />
          </svg>
          named version of a plan, on the side that named it
        </span>
      ) : null}
    </figcaption>
  );
}

/** What the chosen mark is; a pointer below the drawing says where it stands. */
function Reading({ mark }: { mark: StreetMark }) {
  return (
    <div className="reading">
      <svg className="reading-tip" width="100%" height="8" aria-hidden="true">
        <svg x={`${mark.left}%`} className="ov" aria-hidden="true">
          <path d="M-7 8.5 0 1.5 7 8.5" />
        </svg>
      </svg>
      <div role="status">
        <p>
          <span className="strong">{mark.heading}</span> <span className="muted">{mark.when}</span>
        </p>
        {mark.words ? <p className="small">{mark.words}</p> : null}
      </div>
      <Link className="small reading-open" to={mark.address}>
        {mark.open}
      </Link>
    </div>
  );
}

/** `providers` and `employers` are the names of the organisations of each lane. */
export function Street({
  street,
  slug,
  meetings,
  providers,
  employers,
}: {
  street: StreetPicture;
  slug: string;
  meetings: readonly ExchangeLine[];
  providers: readonly string[];
  employers: readonly string[];
}) {
  const marks = useMemo(() => streetMarks(street, meetings, slug), [street, meetings, slug]);
  const walk = useStreetWalk(marks);
  const markOf = (key: string) => marks.find((mark) => mark.key === key);
  const [from, to] = [street.months[0], street.months.at(-1)];
  const drawn: DrawnStreet = {
    street,
    title: `The street: ${from?.name} ${from?.year} to ${to?.name} ${to?.year}`,
    nameOf: (key) => {
      const mark = markOf(key);
      return mark ? `${mark.heading}, ${mark.when}${mark.isDone ? "" : ", planned"}` : "";
    },
    walk: { street: walk.street, props: walk.markProps, addressOf: (key) => markOf(key)?.address ?? "" },
  };
  const lane = (side: "provider" | "employer", names: readonly string[], wide: string, tall: string) => (
    <p className={`lane lane-${side}`}>
      <SideName side={side} wraps>
        {names.join(", ")}
      </SideName>
      <span className="muted lane-wide">{wide}</span>
      <span className="muted lane-tall">{tall}</span>
    </p>
  );
  return (
    <figure className="panel street-fig" aria-labelledby="street-heading">
      <h2 id="street-heading">The street</h2>
      <p className="vh" id="street-desc">
        Two lanes along one line of time. Bars show about how many words each side wrote; exchanges cross the
        road, named versions stand as posts. Arrow keys go from mark to mark. The list on this page says the
        same.
      </p>
      <div className="street-frame">
        {lane("provider", providers, "above the road", "left of the road")}
        <WideStreet {...drawn} />
        <TallStreet {...drawn} />
        {lane("employer", employers, "below the road", "right of the road")}
      </div>
      {walk.chosen ? <Reading mark={walk.chosen} /> : null}
      <Legend unit={street.unit} hasPosts={street.posts.length > 0} />
    </figure>
  );
}
