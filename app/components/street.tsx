/**
 * The street, drawn on the server: x is per cent of the time range and y is pixels, so
 * that text never scales and no script is needed. The provider's lane is above the
 * road, the employer's hatched below it. The list beside it says the same.
 */
import { Link } from "@remix-run/react";
import { formatDate, formatDayMonth } from "../domain/dates.ts";
import type { Street as StreetPicture } from "../domain/street.ts";
import { SideName } from "./side.tsx";

const height = 374;
const road = { top: 172, bottom: 216 };
const tallest = 112;

function Hatch() {
  return (
    <defs>
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="5" height="5" className="hatch-ground" />
        <rect width="2.6" height="5" className="hatch-line" />
      </pattern>
    </defs>
  );
}

function Bars({ street }: { street: StreetPicture }) {
  const tall = (words: number) => Math.max(2, Math.round((tallest * words) / street.scale));
  const gap = Math.min(0.7, (street.slots[0]?.width ?? 1) * 0.25);
  return (
    <>
      {street.slots.map((slot) => (
        <g key={slot.startsAt}>
          {slot.providerWords > 0 ? (
            <rect
              className="bar-p"
              x={`${slot.left}%`}
              width={`${slot.width - gap}%`}
              y={road.top - 3 - tall(slot.providerWords)}
              height={tall(slot.providerWords)}
            >
              <title>{`About ${slot.providerWords} words by the provider, ${street.unit} of ${formatDate(slot.startsAt, "UTC")}`}</title>
            </rect>
          ) : null}
          {slot.employerWords > 0 ? (
            <rect
              className="bar-e"
              x={`${slot.left}%`}
              width={`${slot.width - gap}%`}
              y={road.bottom + 3}
              height={tall(slot.employerWords)}
            >
              <title>{`About ${slot.employerWords} words by the employer, ${street.unit} of ${formatDate(slot.startsAt, "UTC")}`}</title>
            </rect>
          ) : null}
        </g>
      ))}
    </>
  );
}

function Months({ street }: { street: StreetPicture }) {
  // More than a year of names would touch: every second or third is written.
  const step = Math.max(1, Math.ceil(street.months.length / 10));
  return (
    <>
      {street.months.map((month, index) => (
        <g key={`${month.year} ${month.name}`}>
          <line className="st-month" x1={`${month.left}%`} x2={`${month.left}%`} y1="44" y2="344" />
          {index % step === 0 ? (
            <svg x={`${month.left}%`} y="0" className="ov" aria-hidden="true">
              <text className={index % (3 * step) === 0 ? "st-axis" : "st-axis st-thin"} x="6" y="364">
                {month.name}
                {index === 0 || month.name === "January" ? ` ${month.year}` : ""}
              </text>
            </svg>
          ) : null}
        </g>
      ))}
    </>
  );
}

function Exchanges({ street, slug }: { street: StreetPicture; slug: string }) {
  return (
    <>
      {street.exchanges.map((exchange) => {
        const planned = exchange.isPlanned ? " planned" : "";
        return (
          <svg key={exchange.id} x={`${exchange.left}%`} y="0" className="ov">
            <title>{exchange.title}</title>
            <Link
              to={`/partnerships/${slug}/exchanges#exchange-${exchange.number}`}
              className="st-a"
              aria-label={`${exchange.number}. Exchange: ${exchange.title}, ${formatDate(exchange.startsAt)}${exchange.isPlanned ? ", planned" : ""}`}
            >
              <rect className="zground" x="-19" y={road.top + 1} width="38" height="42" />
              <g className={`zebra${planned}`}>
                {[0, 9, 18, 27, 36].map((y) => (
                  <rect key={y} x="-17" y={road.top + 2 + y} width="34" height="4" />
                ))}
              </g>
              <rect className="hit" x="-20" y={road.top - 4} width="40" height="52" />
              <circle className={`disc${planned}`} cx="0" cy="194" r="11" />
              <text className={`disc-n${planned}`} x="0" y="199" textAnchor="middle">
                {exchange.number}
              </text>
            </Link>
          </svg>
        );
      })}
    </>
  );
}

/** Rows for the signs of one lane, so that two of them never lie over each other. */
function rowsOf(posts: StreetPicture["posts"]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  const ends: number[] = [];
  for (const post of posts) {
    // A sign takes about a fifth of the width; it reads away from the nearer end.
    const [from, to] = post.left < 80 ? [post.left, post.left + 20] : [post.left - 20, post.left];
    const free = ends.findIndex((end) => end <= from);
    const row = free === -1 ? ends.length : free;
    ends[row] = to;
    rows.set(post.id, row);
  }
  return rows;
}

function Posts({ street }: { street: StreetPicture }) {
  const above = street.posts.filter((post) => post.side !== "employer");
  const below = street.posts.filter((post) => post.side === "employer");
  const rows = new Map([...rowsOf(above), ...rowsOf(below)]);
  return (
    <>
      {street.posts.map((post) => {
        const isAbove = post.side !== "employer";
        const row = Math.min(rows.get(post.id) ?? 0, 1);
        const foot = isAbove ? road.top : road.bottom;
        const top = isAbove ? 18 + row * 20 : 328 - row * 20;
        const readsRight = post.left < 80;
        const sign = readsRight ? 1 : -1;
        return (
          <svg key={post.id} x={`${post.left}%`} y="0" className="ov">
            <title>{`${post.label}, ${formatDate(post.at)}`}</title>
            <Link
              to={`/documents/${post.documentId}/versions/${post.id}`}
              className="st-a"
              aria-label={`${post.label} v${post.number} · ${formatDate(post.at)}`}
            >
              <line className="post" x1="0" x2="0" y1={foot} y2={top} />
              <path
                className="flag"
                d={`M0 ${top - 6}h${sign * 15}l${sign * -4} 5.5 ${sign * 4} 5.5h${sign * -15}Z`}
              />
              <circle className="post-foot" cx="0" cy={foot} r="3.5" />
              <text
                className="st-lab halo"
                x={sign * 22}
                y={top + 5}
                textAnchor={readsRight ? "start" : "end"}
              >
                {post.label}{" "}
                <tspan className="st-sub">{`v${post.number} · ${formatDayMonth(post.at)}`}</tspan>
              </text>
              <rect className="hit" x={readsRight ? -4 : -120} y={top - 12} width="124" height="26" />
            </Link>
          </svg>
        );
      })}
    </>
  );
}

function Legend() {
  return (
    <figcaption className="legend">
      <span>
        <svg viewBox="0 0 22 16" aria-hidden="true">
          <rect className="bar-p" x="1" y="4" width="8" height="12" />
          <rect className="bar-e" x="12.5" y="4.5" width="8" height="11" />
        </svg>
        about how many words, six characters to a word
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
      <span>
        <svg viewBox="0 0 22 16" aria-hidden="true">
          <path className="post" d="M8 16V1" />
          <path className="flag" d="M8 1h11l-3 3.5 3 3.5H8Z" />
        </svg>
        named version of a plan, on the side that named it
      </span>
    </figcaption>
  );
}

/** `providers` and `employers` are the names of the organisations of each lane. */
export function Street({
  street,
  slug,
  providers,
  employers,
}: {
  street: StreetPicture;
  slug: string;
  providers: readonly string[];
  employers: readonly string[];
}) {
  const from = street.months[0];
  const to = street.months.at(-1);
  return (
    <figure className="panel street-fig" aria-labelledby="street-heading">
      <div className="street-head">
        <h2 id="street-heading">The street</h2>
        <span className="small muted">each {street.unit}</span>
      </div>
      <p className="lane">
        <SideName side="provider" wraps>
          {providers.join(", ")}
        </SideName>
        <span className="muted">above the road</span>
      </p>
      <div className="street-frame">
        {/* biome-ignore lint/a11y/useSemanticElements: a drawing with links in it; there is no such HTML element */}
        <svg
          className="street"
          width="100%"
          height={height}
          role="group"
          aria-labelledby="street-title street-desc"
        >
          <title id="street-title">{`The street: ${from?.name} ${from?.year} to ${to?.name} ${to?.year}`}</title>
          <desc id="street-desc">
            Two lanes along one line of time. Bars show about how many words each side wrote; exchanges cross
            the road, named versions stand as posts. The lists on this page say the same.
          </desc>
          <Hatch />
          <Months street={street} />
          {street.scale > 0 ? (
            <>
              <line
                className="st-scale"
                x1="0"
                x2="100%"
                y1={road.top - 3 - tallest}
                y2={road.top - 3 - tallest}
              />
              <text className="st-axis halo" x="100%" y={road.top - 9 - tallest} textAnchor="end">
                {street.scale.toLocaleString("en-GB")} words
              </text>
              <Bars street={street} />
            </>
          ) : null}
          <rect className="road" x="0" y={road.top} width="100%" height={road.bottom - road.top} />
          <line className="road-dash" x1="0" x2="100%" y1="194" y2="194" />
          <line className="kerb-p" x1="0" x2="100%" y1={road.top} y2={road.top} />
          <line className="kerb-e" x1="0" x2="100%" y1={road.bottom} y2={road.bottom} />
          <Exchanges street={street} slug={slug} />
          <Posts street={street} />
          {street.today === null ? null : (
            <svg x={`${street.today}%`} y="0" className="ov" aria-hidden="true">
              <line className="today" x1="0" x2="0" y1="44" y2="344" />
              <text
                className="st-today halo"
                x={street.today < 90 ? 6 : -6}
                y="340"
                textAnchor={street.today < 90 ? "start" : "end"}
              >
                Today
              </text>
            </svg>
          )}
        </svg>
      </div>
      <p className="lane">
        <SideName side="employer" wraps>
          {employers.join(", ")}
        </SideName>
        <span className="muted">below the road</span>
      </p>
      <Legend />
    </figure>
  );
}
