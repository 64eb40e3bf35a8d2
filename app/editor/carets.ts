/**
 * Where others are: a caret with name and side. Identity comes from the server, never
 * from the peer (rulings 10). The flag rests after two seconds without movement, so
 * that it covers nobody's text; the caret stays.
 */
import { Extension } from "@tiptap/core";
import { yCursorPlugin } from "@tiptap/y-tiptap";
import type { Awareness } from "y-protocols/awareness";
import { isSide, type Side, sideNames } from "../domain/sides.ts";

/** How long a flag stays after its caret has moved (ms, design guide §7). */
export const flagRestsAfterMs = 2_000;

/** The look of a side; conveners share one (▲). */
function styleOf(side: unknown): "provider" | "employer" | "intermediary" {
  return side === "provider" || side === "employer" ? side : "intermediary";
}

const shapes = {
  provider: "M1 6a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
  employer: "M6 .2 11.8 6 6 11.8.2 6Z",
  intermediary: "M6 .8 11.8 11.2H.2Z",
} as const;

function sideWord(side: Side | null): string {
  return side === null ? "no side" : sideNames[side].toLowerCase();
}

function markOf(style: keyof typeof shapes): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "m");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", shapes[style]);
  svg.append(path);
  return svg;
}

/** The element of one caret. Text is set as text: names are not markup. */
export function caretElement(
  user: Record<string, unknown>,
  rests: (element: HTMLElement) => void,
): HTMLElement {
  const side = isSide(user["side"]) ? user["side"] : null;
  const style = styleOf(side);
  const name = typeof user["name"] === "string" ? user["name"] : "Someone";
  const caret = document.createElement("span");
  caret.className = `caret caret-${style}`;
  // The caret lies inside a paragraph: a screen reader would read the name as its text.
  caret.setAttribute("aria-hidden", "true");
  const flag = document.createElement("span");
  flag.className = "caret-flag";
  flag.append(markOf(style), name);
  flag.title = `${name} (${sideWord(side)})`;
  caret.append(flag);
  rests(caret);
  return caret;
}

function restLater(caret: HTMLElement): void {
  // Drawn anew at every movement, so the wait begins anew as well.
  setTimeout(() => caret.classList.add("is-resting"), flagRestsAfterMs);
}

/** Carets and selections of the others in the document. */
export function carets(awareness: Awareness) {
  return Extension.create({
    name: "carets",
    priority: 999,
    addProseMirrorPlugins() {
      return [
        yCursorPlugin(awareness, {
          cursorBuilder: (user: Record<string, unknown>) => caretElement(user, restLater),
          selectionBuilder: (user: Record<string, unknown>) => ({
            class: `selection-of selection-${styleOf(user["side"])}`,
          }),
        }),
      ];
    },
  });
}
