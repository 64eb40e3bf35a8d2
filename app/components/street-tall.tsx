/** The street set upright, as a phone shows it: the provider left of the road, the employer right of it. */
import { Link } from "@remix-run/react";
import type { Street as StreetPicture } from "../domain/street.ts";
import { setUpright, type UprightStreet } from "../domain/street-upright.ts";
import type { DrawnStreet } from "./use-street-walk.ts";

/** Half of the road, and where bars begin beside it. */
const halfRoad = 24;
const kerb = halfRoad + 3;
/** The longest bar: room for a month's name stays beside it at 320 px. */
const longest = 84;

/** A label in at most two lines of about `most` letters; more is left to the reading line. */
function twoLines(label: string, most = 13): readonly string[] {
  const lines: string[] = [""];
  for (const word of label.split(" ")) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= most || line === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const [first = "", second = "", ...rest] = lines;
  const cut = (line: string) => (line.length > most ? `${line.slice(0, most - 1)}…` : line);
  if (second === "") return [cut(first)];
  return [cut(first), rest.length > 0 ? cut(`${second} …`) : cut(second)];
}

function Bars({ street, upright }: { street: StreetPicture; upright: UprightStreet }) {
  const long = (words: number) => Math.max(2, Math.round((longest * words) / street.scale));
  return (
    <>
      {upright.slots.map((slot) => (
        <g key={slot.startsAt}>
          {slot.providerWords > 0 ? (
            <rect
              className="bar-p"
              x={-kerb - long(slot.providerWords)}
              width={long(slot.providerWords)}
              y={slot.top + 2}
              height={upright.row - 4}
            />
          ) : null}
          {slot.employerWords > 0 ? (
            <rect
              className="bar-e"
              x={kerb}
              width={long(slot.employerWords)}
              y={slot.top + 2}
              height={upright.row - 4}
            />
          ) : null}
        </g>
      ))}
    </>
  );
}

function Exchanges({ upright, walk, nameOf }: DrawnStreet & { upright: UprightStreet }) {
  return (
    <>
      {upright.exchanges.map((exchange) => {
        const planned = exchange.isPlanned ? " planned" : "";
        const { top } = exchange;
        return (
          <Link
            key={exchange.id}
            to={walk.addressOf(exchange.id)}
            aria-label={nameOf(exchange.id)}
            {...walk.props(exchange.id)}
          >
            <rect className="zground" x={1 - halfRoad} y={top - 19} width={2 * halfRoad - 2} height="38" />
            <g className={`zebra${planned}`}>
              {[-20, -11, -2, 7, 16].map((x) => (
                <rect key={x} x={x} y={top - 17} width="4" height="34" />
              ))}
            </g>
            <rect className="hit" x={-halfRoad - 2} y={top - 22} width={2 * halfRoad + 4} height="44" />
            <circle className={`disc${planned}`} cx="0" cy={top} r="11" />
            <text className={`disc-n${planned}`} x="0" y={top + 5} textAnchor="middle">
              {exchange.number}
            </text>
          </Link>
        );
      })}
    </>
  );
}

function Posts({ upright, walk, nameOf }: DrawnStreet & { upright: UprightStreet }) {
  return (
    <>
      {upright.posts.map((post) => {
        const side = post.side === "employer" ? 1 : -1;
        const { top } = post;
        const lines = twoLines(post.label);
        return (
          <Link
            key={post.id}
            to={walk.addressOf(post.id)}
            aria-label={nameOf(post.id)}
            {...walk.props(post.id)}
          >
            <line className="post" x1={side * halfRoad} x2={side * 42} y1={top} y2={top} />
            <path
              className="flag"
              d={`M${side * 42} ${top + 1}v-15h${side * 11}l${side * -3} 4 ${side * 3} 4h${side * -11}Z`}
            />
            <circle className="post-foot" cx={side * halfRoad} cy={top} r="3.5" />
            <text className="st-lab halo" textAnchor={side === 1 ? "start" : "end"}>
              {lines.map((line, index) => (
                <tspan key={line} x={side * 58} y={top + 5 + (index - (lines.length - 1) / 2) * 18}>
                  {line}
                  {/* Read aloud, two lines are two words; seen, the space would push the first one aside. */}
                  {index < lines.length - 1 ? <tspan fontSize="0"> </tspan> : null}
                </tspan>
              ))}
            </text>
            <rect className="hit" x={side === 1 ? halfRoad - 4 : -148} y={top - 22} width="128" height="44" />
          </Link>
        );
      })}
    </>
  );
}

export function TallStreet(props: DrawnStreet) {
  const { street, title, walk } = props;
  const upright = setUpright(street);
  const { road } = upright;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with links in it; there is no such HTML element
    <svg
      className="street street-tall"
      width="100%"
      height={upright.height}
      role="group"
      aria-label={title}
      aria-describedby="street-desc"
      {...walk.street}
    >
      <defs>
        <pattern
          id="hatch-tall"
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="5" height="5" className="hatch-ground" />
          <rect width="2.6" height="5" className="hatch-line" />
        </pattern>
      </defs>
      <svg className="ov" aria-hidden="true">
        {upright.months.map((month, index) => (
          <g key={`${month.year} ${month.name}`}>
            <line className="st-month" x1="0" x2="100%" y1={month.top} y2={month.top} />
            <text className="st-axis halo" x="0" y={month.top + 16}>
              {month.name.slice(0, 3)}
              {index === 0 || month.name === "January" ? ` ${month.year}` : ""}
            </text>
          </g>
        ))}
      </svg>
      <svg x="50%" y="0" className="ov" role="presentation">
        {street.scale > 0 ? <Bars street={street} upright={upright} /> : null}
        <rect
          className="road"
          x={-halfRoad}
          width={2 * halfRoad}
          y={road.top}
          height={road.bottom - road.top}
        />
        <line className="road-dash" x1="0" x2="0" y1={road.top} y2={road.bottom} />
        <line className="kerb-p" x1={-halfRoad} x2={-halfRoad} y1={road.top} y2={road.bottom} />
        <line className="kerb-e" x1={halfRoad} x2={halfRoad} y1={road.top} y2={road.bottom} />
        <Posts {...props} upright={upright} />
        <Exchanges {...props} upright={upright} />
      </svg>
      {upright.today === null ? null : (
        <svg className="ov" aria-hidden="true">
          <line className="today" x1="0" x2="100%" y1={upright.today} y2={upright.today} />
          <text className="st-today halo" x="100%" y={upright.today + 17} textAnchor="end">
            Today
          </text>
        </svg>
      )}
    </svg>
  );
}
