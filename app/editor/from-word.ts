/**
 * Lists out of Word, made lists again. On the clipboard, Word writes every item as a
 * paragraph of its own (`MsoListParagraph`) with the bullet or number as words before it,
 * and Word for the web puts every item into a list of its own; how deep an item stands is
 * said in an attribute alone. Read by the schema as they are, dots and numbers would stay
 * as words, or every item would be a list that begins again.
 */

type ListKind = "ul" | "ol";

/** One item as Word tells it: how deep, in which of its lists, and from which number on. */
type Entry = {
  readonly level: number;
  readonly list: string;
  readonly kind: ListKind;
  readonly number: number;
  readonly content: readonly ChildNode[];
};

const blockFromDesktop = 'p[style*="mso-list" i]';
const blockFromWeb = "div.ListContainerWrapper";

/** `mso-list:l0 level2 lfo1`: which definition, how deep, which list of the document. */
const place = /mso-list:\s*l\d+\s+level(\d+)\s+lfo(\d+)/i;

/** The bullet or number that Word wrote before the words. */
const markerIn = (paragraph: Element): Element | undefined =>
  [...paragraph.querySelectorAll('[style*="mso-list" i]')].find((element) =>
    /mso-list:\s*Ignore/i.test(element.getAttribute("style") ?? ""),
  );

/** A number, or a letter with a stop behind it: the lone "o" is a bullet of Word's. */
const isNumber = (marker: string) => /\d/.test(marker) || /^\(?[a-z]{1,5}[.)]$/i.test(marker);

function entriesOf(block: Element): readonly Entry[] {
  if (block.matches(blockFromWeb)) {
    return [...block.querySelectorAll("li")].map((item) => ({
      level: Number(item.getAttribute("data-aria-level")) || 1,
      list: item.getAttribute("data-listid") ?? "",
      kind: item.parentElement?.matches("ol") ? "ol" : "ul",
      number: Number(item.parentElement?.getAttribute("start")) || 1,
      content: [...item.childNodes],
    }));
  }
  const [, level, list] = place.exec(block.getAttribute("style") ?? "") ?? [];
  const marker = markerIn(block);
  const written = marker?.textContent?.replace(/\s+/g, "") ?? "";
  marker?.remove();
  const words = block.ownerDocument.createElement("p");
  words.append(...block.childNodes);
  return [
    {
      level: Number(level),
      list: list ?? "",
      kind: isNumber(written) ? "ol" : "ul",
      number: Number(/^\(?(\d+)/.exec(written)?.[1] ?? 1),
      content: [words],
    },
  ];
}

/** Nested lists of items that follow one another. */
function listsOf(entries: readonly Entry[], page: Document): readonly Element[] {
  const roots: Element[] = [];
  const open: { readonly element: Element; readonly entry: Entry }[] = [];
  for (const entry of entries) {
    while ((open.at(-1)?.entry.level ?? 0) > entry.level) open.pop();
    const beside = open.at(-1)?.entry;
    const isSame = beside?.kind === entry.kind && (entry.kind === "ul" || beside.list === entry.list);
    if (beside?.level === entry.level && !isSame) open.pop();
    let around = open.at(-1);
    if (around === undefined || around.entry.level < entry.level) {
      const element = page.createElement(entry.kind);
      if (entry.kind === "ol" && entry.number > 1) element.setAttribute("start", String(entry.number));
      if (around) around.element.lastElementChild?.append(element);
      else roots.push(element);
      around = { element, entry };
      open.push(around);
    }
    const item = page.createElement("li");
    item.append(...entry.content);
    around.element.append(item);
  }
  return roots;
}

/** Pasted HTML with Word's items gathered into nested lists; any other HTML as it came. */
export function tidiedFromWord(html: string): string {
  if (!/mso-list|ListContainerWrapper|\bEOP\b/i.test(html)) return html;
  // Only read: nothing of it is loaded, run or shown.
  const page = new DOMParser().parseFromString(html, "text/html");
  // Word for the web ends every paragraph with a space that is no word of it.
  for (const end of page.querySelectorAll("span.EOP")) end.remove();
  const runs: Element[][] = [];
  for (const block of page.querySelectorAll(`${blockFromDesktop}, ${blockFromWeb}`)) {
    if (!block.matches(blockFromWeb) && !place.test(block.getAttribute("style") ?? "")) continue;
    const run = runs.at(-1);
    if (run && block.previousElementSibling === run.at(-1)) run.push(block);
    else runs.push([block]);
  }
  for (const run of runs) {
    const lists = listsOf(run.flatMap(entriesOf), page);
    run[0]?.before(...lists);
    for (const block of run) block.remove();
  }
  return page.body.innerHTML;
}
