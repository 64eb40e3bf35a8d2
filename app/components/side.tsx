/**
 * Whose voice is it? A shape, a line and a colour, always together, and the word for
 * screen readers. `SideName` is coloured and underlined, for headings and pairs; `By`
 * colours only its mark, for lists; `SideMark` is the mark alone.
 */
import type { ReactNode } from "react";
import { type Side, sideNames } from "../domain/sides.ts";

/** Conveners and funders share one mark (▲): they do not write as equals. */
export type SideStyle = "provider" | "employer" | "intermediary";

/** The look of a side; none is drawn as a convener's (rulings 21). */
export function sideStyle(side: Side | null): SideStyle {
  return side === "provider" || side === "employer" ? side : "intermediary";
}

const shapes: Readonly<Record<SideStyle, ReactNode>> = {
  provider: <circle cx="6" cy="6" r="5" />,
  employer: <path d="M6 .2 11.8 6 6 11.8.2 6Z" />,
  intermediary: <path d="M6 .8 11.8 11.2H.2Z" />,
};

/** ● ◆ ▲ drawn, so that every font shows the same shape. */
export function SideMark({ side }: { side: Side | null }) {
  return (
    <svg className="m" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      {shapes[sideStyle(side)]}
    </svg>
  );
}

/** The word for a side, for people who do not see the shape. */
export function sideWord(side: Side | null): string {
  return side === null ? "no side" : sideNames[side].toLowerCase();
}

/** Names of ordinary length stay on one line; longer ones break, and words of this length inside. */
const lineLengthMax = 30;
const wordLengthMax = 24;

const isLong = (name: ReactNode) => typeof name === "string" && name.length > lineLengthMax;

/** Keeps the mark and the first word on one line: a mark alone at a line's end belongs to nobody. */
function Marked({ side, children }: { side: Side | null; children: ReactNode }) {
  const [first, ...rest] = typeof children === "string" ? children.split(" ") : [children];
  const breaks = typeof first === "string" && first.length > wordLengthMax;
  return (
    <>
      <span className={breaks ? undefined : "nowrap"}>
        <SideMark side={side} />
        {first}
      </span>
      {rest.length > 0 ? ` ${rest.join(" ")}` : null}
    </>
  );
}

/** A name in the colour and line of its side. `wraps` lets a long name break. */
export function SideName({
  side,
  children,
  wraps = false,
}: {
  side: Side;
  children: ReactNode;
  wraps?: boolean;
}) {
  return (
    <span className={`side side-${sideStyle(side)}${wraps || isLong(children) ? " side-wrap" : ""}`}>
      <Marked side={side}>{children}</Marked>
      <span className="vh"> ({sideWord(side)})</span>
    </span>
  );
}

/** A name or figure with the mark of its side, for lists and running text. */
export function By({ side, children }: { side: Side | null; children: ReactNode }) {
  return (
    <span className={`by by-${sideStyle(side)}${isLong(children) ? " by-wrap" : ""}`}>
      <Marked side={side}>{children}</Marked>
      <span className="vh"> ({sideWord(side)})</span>
    </span>
  );
}

/** What both sides did together, as equals. */
export function ByBoth() {
  return (
    <span className="by by-both">
      <span className="nowrap">
        <SideMark side="provider" />
        <SideMark side="employer" />
        Both
      </span>{" "}
      sides
    </span>
  );
}

export type OrganisationOfSide = { readonly name: string; readonly side: Side };

/** The organisations of both sides in a row, providers first. */
export function SidePair({ organisations }: { organisations: readonly OrganisationOfSide[] }) {
  return (
    <span className="pair">
      {organisations.map((organisation) => (
        <SideName key={`${organisation.side} ${organisation.name}`} side={organisation.side} wraps>
          {organisation.name}
        </SideName>
      ))}
    </span>
  );
}
