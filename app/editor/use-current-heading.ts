/** Which heading one is reading: the last one above a line near the top of the column. */
import { type RefObject, useEffect, useState } from "react";

const headings = ".doc :is(h2, h3, h4, h5, h6):not(.doc-title)";

/** Headings of the text inside an element, in order. */
export function headingElements(column: HTMLElement): readonly HTMLElement[] {
  return [...column.querySelectorAll<HTMLElement>(headings)];
}

/** Index of the current heading, or null above the first. `version` changes with the text. */
export function useCurrentHeading(column: RefObject<HTMLElement | null>, version: unknown): number | null {
  const [current, setCurrent] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the headings are found anew when the text changes.
  useEffect(() => {
    const element = column.current;
    if (!element) return;
    let frame = 0;
    const find = () => {
      frame = 0;
      const line = Math.max(element.getBoundingClientRect().top, 0) + 140;
      let index: number | null = null;
      for (const [place, heading] of headingElements(element).entries()) {
        if (heading.getBoundingClientRect().top > line) break;
        index = place;
      }
      setCurrent(index);
    };
    const later = () => {
      if (frame === 0) frame = requestAnimationFrame(find);
    };
    find();
    // The column scrolls on a large screen, the page on a phone.
    element.addEventListener("scroll", later, { passive: true });
    window.addEventListener("scroll", later, { passive: true });
    return () => {
      element.removeEventListener("scroll", later);
      window.removeEventListener("scroll", later);
      if (frame !== 0) cancelAnimationFrame(frame);
    };
  }, [column, version]);
  return current;
}
