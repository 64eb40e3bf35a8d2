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

function Months({ street, namesAt }: { street: StreetPicture; namesAt: number }) {
  // More than a year of names would touch: every second or third is written.
  const step = Math.max(1, Math.ceil(street.months.length / 10));
  return (
    <>
      {street.months.map((month, index) => (
        <g key={`${month.year} ${month.name}`}>
          <line className="st-month" x1={`${month.left}%`} x2={`${month.left}%`} y1="44" y2="344" />
          {index % step === 0 ? (
            <svg x={`${month.left}%`} y="0" className="ov" aria-hidden="true">
              <text className={index % (3 * step) === 0 ? "st-axis" : "st-axis st-thin"} x="6" y={namesAt}>
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

type Post = StreetPicture["posts"][number];

const signOf = (post: Post) => `v${post.number} · ${formatDayMonth(post.at)}`;
/** A sign reads away from the nearer end of the street. */
const readsRight = (post: Post) => post.left < 75;

/**
 * Rows for the signs of one lane, row 0 nearest to the road: no two lie over each
 * other, and no post runs through the sign of another. A sign takes about 7.5 px a
 * letter, and the street is drawn about 840 px wide or wider.
 */
function rowsOf(posts: readonly Post[]): ReadonlyMap<string, number> {
  type Placed = { id: string; at: number; from: number; to: number; row: number };
  const placed: Placed[] = [];
  const spanOf = (post: Post): Omit<Placed, "row"> => {
    const width = (100 * (36 + 7.5 * (post.label.length + signOf(post).length))) / 840;
    const [from, to] = readsRight(post) ? [post.left, post.left + width] : [post.left - width, post.left];
    return { id: post.id, at: post.left, from, to };
  };
  const isInside = (at: number, sign: { from: number; to: number }) => at > sign.from && at < sign.to;
  // Signs reading right are placed from the right, the others from the left: an outer
  // sign then finds the inner ones placed, and goes above them.
  const right = posts.filter(readsRight).toReversed();
  const left = posts.filter((post) => !readsRight(post));
  for (const sign of [...right, ...left].map(spanOf)) {
    const isFree = (row: number) =>
      placed.every((other) => {
        if (other.row === row) return sign.to <= other.from || sign.from >= other.to;
        return other.row < row ? !isInside(sign.at, other) : !isInside(other.at, sign);
      });
    let row = 0;
    while (row <= posts.length && !isFree(row)) row += 1;
    placed.push({ ...sign, row });
  }
  return new Map(placed.map(({ id, row }) => [id, row]));
}

const rowHeight = 20;
const rowCount = (rows: ReadonlyMap<string, number>) => Math.max(0, ...rows.values()) + 1;

function Posts({
  posts,
  rows,
  isAbove,
}: {
  posts: readonly Post[];
  rows: ReadonlyMap<string, number>;
  isAbove: boolean;
}) {
  const foot = isAbove ? road.top : road.bottom;
  return (
    <>
      {posts.map((post) => {
        const row = rows.get(post.id) ?? 0;
        // The first row is nearest to the lane; more of them grow away from the road.
        const top = isAbove ? 38 - row * rowHeight : 344 + row * rowHeight;
        const sign = readsRight(post) ? 1 : -1;
        return (
          <svg key={post.id} x={`${post.left}%`} y="0" className="ov">
            <title>{`${post.label}, ${formatDate(post.at)}`}</title>
            <Link
              to={`/documents/${post.documentId}/versions/${post.id}`}
              className="st-a"
              aria-label={`${post.label} ${signOf(post)} ${new Date(post.at).getUTCFullYear()}`}
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
                textAnchor={sign === 1 ? "start" : "end"}
              >
                {post.label} <tspan className="st-sub">{signOf(post)}</tspan>
              </text>
              <rect className="hit" x={sign === 1 ? -4 : -120} y={top - 11} width="124" height="22" />
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
  const above = street.posts.filter((post) => post.side !== "employer");
  const below = street.posts.filter((post) => post.side === "employer");
  const [rowsAbove, rowsBelow] = [rowsOf(above), rowsOf(below)];
  const lift = above.length === 0 ? 0 : (rowCount(rowsAbove) - 1) * rowHeight;
  const drop = below.length === 0 ? 0 : rowCount(rowsBelow) * rowHeight;
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
          height={lift + height + drop}
          role="group"
          aria-labelledby="street-title street-desc"
        >
          <title id="street-title">{`The street: ${from?.name} ${from?.year} to ${to?.name} ${to?.year}`}</title>
          <desc id="street-desc">
            Two lanes along one line of time. Bars show about how many words each side wrote; exchanges cross
            the road, named versions stand as posts. The lists on this page say the same.
          </desc>
          <Hatch />
          <svg y={lift} className="ov" role="presentation">
            <Months street={street} namesAt={364 + drop} />
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
            <Posts posts={above} rows={rowsAbove} isAbove />
            <Posts posts={below} rows={rowsBelow} isAbove={false} />
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
