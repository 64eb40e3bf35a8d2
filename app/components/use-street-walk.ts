/**
 * Walking along the street: the Tab key reaches it once, arrow keys go from mark to mark
 * in order of date, Home and End to its ends. The chosen mark fills the reading line; a
 * pointer chooses first and follows the link of what is chosen already. Without
 * JavaScript every mark is a plain link.
 */
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import type { Street } from "../domain/street.ts";
import type { StreetMark } from "./street-marks.ts";

const chosenFirst = (marks: readonly StreetMark[]) => marks.findLast(({ isDone }) => isDone) ?? marks[0];

/** What a mark's link carries besides its address. */
export type MarkProps = {
  readonly className: string;
  readonly "data-mark": string;
  readonly "aria-current": "true" | undefined;
  readonly tabIndex: number | undefined;
  readonly onFocus: () => void;
  readonly onClick: (event: MouseEvent) => void;
};

export function useStreetWalk(marks: readonly StreetMark[]) {
  const [chosenKey, choose] = useState<string | undefined>(() => chosenFirst(marks)?.key);
  const [isAwake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const chosen = marks.find(({ key }) => key === chosenKey) ?? chosenFirst(marks);
  // A pointer gives the focus before it clicks: what was chosen before both decides.
  const chosenAtPress = useRef<string | undefined>(undefined);

  const walk = (event: KeyboardEvent<SVGSVGElement>) => {
    const here = marks.findIndex(({ key }) => key === chosen?.key);
    const places: Readonly<Record<string, number>> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: marks.length - 1,
    };
    const place = places[event.key];
    if (place === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = marks[Math.min(marks.length - 1, Math.max(0, place))];
    const links = [...event.currentTarget.querySelectorAll<SVGAElement>("[data-mark]")];
    links.find((link) => link.dataset["mark"] === next?.key)?.focus();
  };

  return {
    chosen,
    /** For the drawing as a whole. */
    street: {
      onKeyDown: walk,
      onPointerDown: () => {
        chosenAtPress.current = chosen?.key;
      },
    },
    markProps: (key: string): MarkProps => ({
      className: key === chosen?.key ? "st-a is-open" : "st-a",
      "data-mark": key,
      "aria-current": key === chosen?.key ? "true" : undefined,
      tabIndex: isAwake && key !== chosen?.key ? -1 : undefined,
      onFocus: () => choose(key),
      onClick: (event) => {
        // A key press follows the link at once: walking has chosen it.
        if (event.detail > 0 && chosenAtPress.current !== key) event.preventDefault();
        choose(key);
      },
    }),
  };
}

/** What both drawings of a street are given. */
export type DrawnStreet = {
  readonly street: Street;
  readonly title: string;
  /** What a mark is, in words, for people who do not see it. */
  readonly nameOf: (key: string) => string;
  readonly walk: {
    readonly street: ReturnType<typeof useStreetWalk>["street"];
    readonly props: (key: string) => MarkProps;
    readonly addressOf: (key: string) => string;
  };
};
