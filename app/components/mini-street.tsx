/** The street in a line of a list: who wrote when, and the exchanges. A picture; its words are beside it. */
import type { Street } from "../domain/street.ts";

const width = 200;
const road = { top: 19, bottom: 25 };
const tallest = 15;

/** What the picture shows, for people who do not see it. */
function describe(street: Street): string {
  const wrote = (words: (slot: Street["slots"][number]) => number) =>
    street.slots.filter((slot) => words(slot) > 0).length;
  const provider = wrote((slot) => slot.providerWords);
  const employer = wrote((slot) => slot.employerWords);
  const held = street.exchanges.filter((exchange) => !exchange.isPlanned).length;
  const many = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;
  return `The provider wrote in ${many(provider, street.unit)}, the employer in ${many(employer, street.unit)}; ${many(held, "exchange")} held.`;
}

export function MiniStreet({ street, isBig = false }: { street: Street; isBig?: boolean }) {
  const height = (words: number) =>
    words === 0 || street.scale === 0 ? 0 : Math.max(0.7, (tallest * words) / street.scale);
  return (
    <svg
      className={isBig ? "mini mini-big" : "mini"}
      viewBox={`0 0 ${width} 44`}
      role="img"
      aria-label={describe(street)}
    >
      {street.slots.map((slot) => {
        const x = (slot.left / 100) * width;
        const w = Math.max(0.8, (slot.width / 100) * width - 1.4);
        const up = height(slot.providerWords);
        const down = height(slot.employerWords);
        return (
          <g key={slot.startsAt}>
            {up > 0 ? <rect className="bar-p" x={x} y={road.top - 1 - up} width={w} height={up} /> : null}
            {down > 0 ? <rect className="mini-e" x={x} y={road.bottom + 1} width={w} height={down} /> : null}
          </g>
        );
      })}
      <rect className="road" x="0" y={road.top} width={width} height={road.bottom - road.top} />
      {street.exchanges.map((exchange) => {
        const x = (exchange.left / 100) * width;
        return (
          <path
            key={exchange.id}
            className={exchange.isPlanned ? "mini-x mini-planned" : "mini-x"}
            d={`M${x - 1.6} ${road.top}v6M${x + 1.6} ${road.top}v6`}
          />
        );
      })}
    </svg>
  );
}
