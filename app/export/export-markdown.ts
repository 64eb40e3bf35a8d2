/**
 * A document as Markdown (CommonMark with GitHub's tables, tasks and strike-through;
 * callouts as directives), with its provenance as front matter. Made through a syntax
 * tree, so that a paragraph beginning with `#` stays a paragraph (exports guide §5).
 */
import type {
  BlockContent,
  DefinitionContent,
  ListItem,
  PhrasingContent,
  Root,
  RootContent,
  TableCell,
} from "mdast";
import { directiveToMarkdown } from "mdast-util-directive";
import { frontmatterToMarkdown } from "mdast-util-frontmatter";
import { gfmToMarkdown } from "mdast-util-gfm";
import { toMarkdown } from "mdast-util-to-markdown";
import {
  type ExportBlock,
  type ExportCell,
  type ExportInline,
  exportTree,
  type UntrustedJson,
} from "./export-tree.ts";
import { inlineMarkdown } from "./inline-markdown.ts";
import { type Provenance, sideLine, versionLabel } from "./provenance.ts";

type Flow = BlockContent | DefinitionContent;

function phrasing(inline: readonly ExportInline[]): PhrasingContent[] {
  const content = inlineMarkdown(inline);
  // A break as the last thing of a block would not be read back as one.
  while (content.at(-1)?.type === "break") content.pop();
  return content;
}

/** The words of blocks on one line: a Markdown cell holds no blocks. */
function onOneLine(blocks: readonly ExportBlock[]): PhrasingContent[] {
  return blocks
    .flatMap(linesOf)
    .filter((line) => line.length > 0)
    .flatMap((line, index): PhrasingContent[] =>
      index === 0 ? line : [{ type: "text", value: " / " }, ...line],
    );
}

function linesOf(block: ExportBlock): PhrasingContent[][] {
  switch (block.kind) {
    case "paragraph":
    case "heading":
      return [phrasing(block.inline.map((piece) => (piece.kind === "break" ? space : piece)))];
    case "list":
      return block.items.map((item) => onOneLine(item.blocks));
    case "quote":
    case "callout":
      return [onOneLine(block.blocks)];
    case "table":
      return block.rows.flat().map((cell) => onOneLine(cell.blocks));
    case "code":
      return [[{ type: "inlineCode", value: block.text.replace(/\s+/g, " ") }]];
    case "image":
      return block.alt === "" ? [] : [[{ type: "text", value: `[${block.alt}]` }]];
    case "rule":
      return [];
  }
}
const space: ExportInline = { kind: "text", text: " ", marks: {}, href: null };

function flow(blocks: readonly ExportBlock[], imageUrl: (imageId: string) => string): Flow[] {
  return blocks.flatMap((block) => flowOf(block, imageUrl));
}

function flowOf(block: ExportBlock, imageUrl: (imageId: string) => string): Flow[] {
  switch (block.kind) {
    case "paragraph": {
      const children = phrasing(block.inline);
      return children.length === 0 ? [] : [{ type: "paragraph", children }];
    }
    case "heading": {
      const depth = Math.min(6, Math.max(1, block.level)) as 1 | 2 | 3 | 4 | 5 | 6;
      return [
        {
          type: "heading",
          depth,
          children: phrasing(block.inline.map((piece) => (piece.kind === "break" ? space : piece))),
        },
      ];
    }
    case "list":
      return [
        {
          type: "list",
          ordered: block.isOrdered,
          start: block.isOrdered ? block.start : null,
          spread: false,
          children: block.items.map(
            (item): ListItem => ({
              type: "listItem",
              checked: item.isDone,
              spread: false,
              children: flow(item.blocks, imageUrl),
            }),
          ),
        },
      ];
    case "quote":
      return [{ type: "blockquote", children: flow(block.blocks, imageUrl) }];
    case "callout":
      return [
        {
          type: "containerDirective",
          name: block.tone,
          attributes: {},
          children: flow(block.blocks, imageUrl),
        },
      ];
    case "code":
      return [{ type: "code", value: block.text }];
    case "rule":
      return [{ type: "thematicBreak" }];
    case "table": {
      const rows = inColumns(block.rows).map((row) =>
        row.map((cell): TableCell => ({ type: "tableCell", children: cell ? onOneLine(cell.blocks) : [] })),
      );
      return [
        { type: "table", align: [], children: rows.map((children) => ({ type: "tableRow", children })) },
      ];
    }
    case "image":
      return [
        { type: "paragraph", children: [{ type: "image", url: imageUrl(block.imageId), alt: block.alt }] },
      ];
  }
}

/** Places merged cells may cover in one table; nobody draws more, but a hand-made update may. */
const coveredMax = 100_000;

/**
 * Cells under their columns. A merged cell stands in its first place; null in the others
 * it covers, to the right and below, so that columns stay in line.
 */
function inColumns(rows: readonly (readonly ExportCell[])[]): readonly (readonly (ExportCell | null)[])[] {
  const covered = rows.flat().reduce((sum, cell) => sum + cell.columns * cell.rows - 1, 0);
  if (covered > coveredMax) return rows;
  const grid: (ExportCell | null | undefined)[][] = rows.map(() => []);
  for (const [y, row] of rows.entries()) {
    let x = 0;
    for (const cell of row) {
      while (grid[y]?.[x] !== undefined) x++;
      for (const below of grid.slice(y, y + cell.rows))
        for (let column = x; column < x + cell.columns; column++) below[column] ??= null;
      const line = grid[y];
      if (line) line[x] = cell;
      x += cell.columns;
    }
  }
  return grid.map((line) => Array.from(line, (cell) => cell ?? null));
}

/** JSON strings are YAML strings; nothing in a title can end one early. */
function frontMatter(from: Provenance): string {
  const facts: readonly (readonly [string, string | number | readonly string[] | null])[] = [
    ["title", from.title],
    ["lang", "en-GB"],
    ["kind", from.kindName],
    ["partnership", from.partnershipTitle],
    ["programme", from.programmeTitle],
    ["sides", from.sides.map(sideLine)],
    ["illustrative", from.isIllustrative ? "Illustrative content" : null],
    ["version", versionLabel(from.version)],
    ["as_at", new Date(from.asAt).toISOString()],
    ["content_sha256", from.contentHash],
    ["exported_by", from.exportedBy],
    ["exported_at", new Date(from.exportedAt).toISOString()],
    ["source", from.url],
  ];
  return facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join("\n");
}

const extensions = [
  gfmToMarkdown({ tablePipeAlign: false }),
  frontmatterToMarkdown(["yaml"]),
  directiveToMarkdown(),
];

/** A syntax tree as this product writes Markdown; used for export and to test its fixed point. */
export function writeMarkdown(root: Root): string {
  return toMarkdown(root, {
    extensions,
    bullet: "-",
    emphasis: "_",
    rule: "-",
    fences: true,
    listItemIndent: "one",
  });
}

/** The whole file as text. Pictures stay on the server; the text holds their address. */
export function exportMarkdown(
  json: UntrustedJson,
  from: Provenance,
  imageUrl: (imageId: string) => string,
): string {
  const children: RootContent[] = [
    { type: "yaml", value: frontMatter(from) },
    { type: "heading", depth: 1, children: [{ type: "text", value: from.title }] },
    ...flow(exportTree(json), imageUrl),
  ];
  return writeMarkdown({ type: "root", children });
}
