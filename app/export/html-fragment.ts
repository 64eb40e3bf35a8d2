/**
 * Document content as HTML: read views and the one-file export. Everything is escaped
 * here, once; a renderer that forgets to is not possible because nothing else makes
 * markup.
 */
import type { CalloutTone } from "../document/attributes.ts";
import {
  type ExportBlock,
  type ExportCell,
  type ExportInline,
  exportTree,
  type UntrustedJson,
} from "./export-tree.ts";

/** Text for element content and for attributes in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

export type ImageSource = (imageId: string) => string | null;

/** Pictures by their own address on this server. */
export const ownImages: ImageSource = (imageId) => `/images/${imageId}`;

export const calloutNames: Readonly<Record<CalloutTone, string>> = {
  note: "Note",
  tip: "Tip",
  important: "Important",
  warning: "Warning",
};

function inlineHtml(inline: readonly ExportInline[]): string {
  return inline
    .map((piece) => {
      if (piece.kind === "break") return "<br>";
      let html = escapeHtml(piece.text);
      const { marks } = piece;
      if (marks.isCode) html = `<code>${html}</code>`;
      if (marks.isUnderlined) html = `<u>${html}</u>`;
      if (marks.isStruck) html = `<s>${html}</s>`;
      if (marks.isEmphasised) html = `<em>${html}</em>`;
      if (marks.isStrong) html = `<strong>${html}</strong>`;
      if (piece.href !== null) {
        html = `<a href="${escapeHtml(piece.href)}" rel="noopener noreferrer nofollow">${html}</a>`;
      }
      return html;
    })
    .join("");
}

function cellHtml(cell: ExportCell, isFirstRow: boolean, images: ImageSource): string {
  const tag = cell.isHeader ? "th" : "td";
  const span =
    (cell.columns > 1 ? ` colspan="${cell.columns}"` : "") + (cell.rows > 1 ? ` rowspan="${cell.rows}"` : "");
  const scope = cell.isHeader ? ` scope="${isFirstRow ? "col" : "row"}"` : "";
  return `<${tag}${scope}${span}>${blocksHtml(cell.blocks, images)}</${tag}>`;
}

function tableHtml(rows: readonly (readonly ExportCell[])[], images: ImageSource): string {
  const isHead = (row: readonly ExportCell[]) => row.every((cell) => cell.isHeader);
  const rowHtml = (row: readonly ExportCell[], index: number) =>
    `<tr>${row.map((cell) => cellHtml(cell, index === 0, images)).join("")}</tr>`;
  const [first, ...rest] = rows;
  // A head of its own repeats on every printed page.
  const html =
    first !== undefined && isHead(first) && rest.length > 0
      ? `<thead>${rowHtml(first, 0)}</thead><tbody>${rest.map((row, index) => rowHtml(row, index + 1)).join("")}</tbody>`
      : `<tbody>${rows.map(rowHtml).join("")}</tbody>`;
  return `<div class="table-frame"><table>${html}</table></div>`;
}

function blockHtml(block: ExportBlock, images: ImageSource): string {
  switch (block.kind) {
    case "paragraph":
      return `<p>${inlineHtml(block.inline)}</p>`;
    case "heading":
      return `<h${block.level}>${inlineHtml(block.inline)}</h${block.level}>`;
    case "list": {
      const items = block.items
        .map((item) => {
          const body = blocksHtml(item.blocks, images);
          if (item.isDone === null) return `<li>${body}</li>`;
          return `<li class="task"><span class="task-state" role="img" aria-label="${item.isDone ? "Done" : "Open"}">${item.isDone ? "☑" : "☐"}</span><div>${body}</div></li>`;
        })
        .join("");
      if (block.isOrdered) return `<ol${block.start === 1 ? "" : ` start="${block.start}"`}>${items}</ol>`;
      return block.items.some((item) => item.isDone !== null)
        ? `<ul class="tasks">${items}</ul>`
        : `<ul>${items}</ul>`;
    }
    case "quote":
      return `<blockquote>${blocksHtml(block.blocks, images)}</blockquote>`;
    case "callout":
      return `<div class="callout" data-tone="${block.tone}" role="note"><p class="callout-label">${calloutNames[block.tone]}</p>${blocksHtml(block.blocks, images)}</div>`;
    case "code":
      return `<pre><code>${escapeHtml(block.text)}</code></pre>`;
    case "rule":
      return "<hr>";
    case "table":
      return tableHtml(block.rows, images);
    case "image": {
      const source = images(block.imageId);
      if (source === null) return block.alt === "" ? "" : `<p>[${escapeHtml(block.alt)}]</p>`;
      return `<figure><img src="${escapeHtml(source)}" alt="${escapeHtml(block.alt)}"></figure>`;
    }
  }
}

/** Blocks of a tree as HTML. */
export function blocksHtml(blocks: readonly ExportBlock[], images: ImageSource): string {
  return blocks.map((block) => blockHtml(block, images)).join("\n");
}

/**
 * Safe HTML of a document's content, for read views: no script, no style, no address
 * but http, https, mailto, tel and our own pictures.
 */
export function fragmentHtml(json: UntrustedJson, images: ImageSource = ownImages): string {
  return blocksHtml(exportTree(json), images);
}
