/**
 * The street lying down, as a desk shows it: x is per cent of the time range and y is
 * pixels, so that text never scales. The provider's lane is above the road, the
 * employer's hatched below it; named versions stand as posts with a sign.
 */
import { Link } from "@remix-run/react";
import { formatDate, formatDayMonth } from "../domain/dates.ts";
import type { Street as StreetPicture } from "../domain/street.ts";
import { placeSigns } from "../domain/street-signs.ts";
import type { DrawnStreet } from "./use-street-walk.ts";

const height = 374;
const road = { top: 172, bottom: 216 };
const tallest = 112;
const rowHeight = 20;

type Post = StreetPicture["posts"][number];

/** With less than this for the street, the signs' words are left out (street.css). */
const narrowest = 880;

const dateOf = (post: Post) => `v${post.number} · ${formatDayMonth(post.at)}`;
/** About how many pixels a sign takes, measured on the signs of the demonstration. */
const signWidth = (post: Post, hasDate: boolean) =>
  30 + 6.9 * post.label.length + (hasDate ? 5.9 * (dateOf(post).length + 1) : 0);

/** The signs of both lanes; without their dates where some would not fit inside the street. */
function signsOf(...lanes: readonly (readonly Post[])[]) {
  const place = (hasDate: boolean) =>
    lanes.map((posts) => ({
      hasDate,
      ...placeSigns(
        posts.map((post) => ({
          id: post.id,
          at: post.left,
          width: (100 * signWidth(post, hasDate)) / narrowest,
        })),
      ),
    }));
  const full = place(true);
  return full.every(({ isInside }) => isInside) ? full : place(false);
}

type Signs = ReturnType<typeof signsOf>[number];

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

/** Two crossings as near as this would touch: the later one moves on, its words keep the date. */
const crossingGap = (100 * 40) / narrowest;

function apart(lefts: readonly number[]): readonly number[] {
  const moved: number[] = [];
  for (const left of lefts) moved.push(Math.max(left, (moved.at(-1) ?? -crossingGap) + crossingGap));
  return moved;
}

function Exchanges({ street, walk, nameOf }: DrawnStreet) {
  const lefts = apart(street.exchanges.map(({ left }) => left));
  return (
    <>
      {street.exchanges.map((exchange, index) => {
        const planned = exchange.isPlanned ? " planned" : "";
        return (
          <svg key={exchange.id} x={`${lefts[index]}%`} y="0" className="ov">
            <title>{nameOf(exchange.id)}</title>
            <Link
              to={walk.addressOf(exchange.id)}
              aria-label={nameOf(exchange.id)}
              {...walk.props(exchange.id)}
            >
              <rect className="zground" x="-19" y={road.top + 1} width="38" height="42" />
              <g className={`zebra${planned}`}>
                {[0, 9, 18, 27, 36].map((y) => (
                  <rect key={y} x="-17" y={road.top + 2 + y} width="34" height="4" />
                ))}
              </g>
              <rect className="hit" x="-22" y={road.top - 4} width="44" height="52" />
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

function Posts({
  posts,
  signs,
  isAbove,
  walk,
  nameOf,
}: Pick<DrawnStreet, "walk" | "nameOf"> & {
  posts: readonly Post[];
  signs: Signs | undefined;
  isAbove: boolean;
}) {
  const foot = isAbove ? road.top : road.bottom;
  return (
    <>
      {posts.map((post) => {
        const { row, readsRight } = signs?.places.get(post.id) ?? { row: 0, readsRight: true };
        // The first row is nearest to the lane; more of them grow away from the road.
        const top = isAbove ? 38 - row * rowHeight : 344 + row * rowHeight;
        const sign = readsRight ? 1 : -1;
        const width = signWidth(post, signs?.hasDate ?? false);
        return (
          <svg key={post.id} x={`${post.left}%`} y="0" className="ov">
            <title>{nameOf(post.id)}</title>
            <Link to={walk.addressOf(post.id)} aria-label={nameOf(post.id)} {...walk.props(post.id)}>
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
                {post.label}
                {signs?.hasDate ? <tspan className="st-sub">{` ${dateOf(post)}`}</tspan> : null}
              </text>
              <rect className="hit hit-flag" x={readsRight ? -5 : -19} y={top - 10} width="24" height="20" />
              <rect
                className="hit hit-sign"
                x={readsRight ? -5 : 5 - width}
                y={top - 11}
                width={width}
                height="22"
              />
            </Link>
          </svg>
        );
      })}
    </>
  );
}

export function WideStreet(props: DrawnStreet) {
  const { street, title, walk, nameOf } = props;
  const above = street.posts.filter((post) => post.side !== "employer");
  const below = street.posts.filter((post) => post.side === "employer");
  const [signsAbove, signsBelow] = signsOf(above, below);
  // Without signs nothing stands above the tallest bar.
  const lift = above.length === 0 ? -24 : ((signsAbove?.rows ?? 1) - 1) * rowHeight;
  const drop = (signsBelow?.rows ?? 0) * rowHeight;
  // The words of the scale stand where no post runs through them.
  const isScaleRight = above.every(({ left }) => left < 91);
  const top = road.top - 3 - tallest;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with links in it; there is no such HTML element
    <svg
      className="street street-wide"
      width="100%"
      height={lift + height + drop}
      role="group"
      aria-label={title}
      aria-describedby="street-desc"
      {...walk.street}
    >
      <defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" className="hatch-ground" />
          <rect width="2.6" height="5" className="hatch-line" />
        </pattern>
      </defs>
      <svg y={lift} className="ov" role="presentation">
        <Months street={street} namesAt={364 + drop} />
        {street.scale > 0 ? (
          <>
            <line className="st-scale" x1="0" x2="100%" y1={top} y2={top} />
            <text
              className="st-axis halo"
              x={isScaleRight ? "100%" : "0"}
              y={top + 17}
              textAnchor={isScaleRight ? "end" : "start"}
            >
              {street.scale.toLocaleString("en-GB")} words
            </text>
            <Bars street={street} />
          </>
        ) : null}
        <rect className="road" x="0" y={road.top} width="100%" height={road.bottom - road.top} />
        <line className="road-dash" x1="0" x2="100%" y1="194" y2="194" />
        <line className="kerb-p" x1="0" x2="100%" y1={road.top} y2={road.top} />
        <line className="kerb-e" x1="0" x2="100%" y1={road.bottom} y2={road.bottom} />
        <Posts posts={above} signs={signsAbove} isAbove walk={walk} nameOf={nameOf} />
        <Posts posts={below} signs={signsBelow} isAbove={false} walk={walk} nameOf={nameOf} />
        <Exchanges {...props} />
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
  );
}
