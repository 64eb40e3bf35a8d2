/**
 * The document's bar and the tools lie over the text: at the top of the window, and on
 * phones at its bottom as well. What must be seen keeps clear of them.
 */

export type Covered = { readonly top: number; readonly bottom: number };

/** How much of the window's upper and lower edge the bars cover (px). */
export function coveredByBars(): Covered {
  let top = 0;
  let bottom = 0;
  for (const bar of document.querySelectorAll(".docbar, .toolbars")) {
    const edge = bar.getBoundingClientRect();
    if (edge.top < window.innerHeight / 2) top = Math.max(top, edge.bottom);
    else bottom = Math.max(bottom, window.innerHeight - edge.top);
  }
  return { top, bottom };
}

/**
 * Tells the styles how high the document's bar is, as long as it is there: on phones its
 * rows are as many as title and people need. The answer ends it.
 */
export function tellHeightOf(bar: HTMLElement): () => void {
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty("--docbar-height", `${bar.offsetHeight}px`));
  observer.observe(bar);
  return () => {
    observer.disconnect();
    style.removeProperty("--docbar-height");
  };
}

/** As in the styles: up to here the window scrolls, beyond it the column of the text alone. */
const phones = "(max-width: 760px)";
/** Between a line one writes in and whatever covers the text (px). */
const clear = 12;
/** Height of the tools above the column (px). */
const toolsHeight = 46;

/** For ProseMirror's `scrollMargin` and `scrollThreshold`, which it reads each time it scrolls. */
export const roomAroundCaret = {
  left: 0,
  right: 0,
  get top() {
    return clear + (matchMedia(phones).matches ? coveredByBars().top : toolsHeight);
  },
  get bottom() {
    return clear + (matchMedia(phones).matches ? coveredByBars().bottom : 0);
  },
};
