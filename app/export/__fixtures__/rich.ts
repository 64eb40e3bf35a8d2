/** A text with every kind of block, and where it comes from. */
import type { Provenance } from "../provenance.ts";

export const imageId = "22222222-2222-4222-8222-222222222222";
export const from: Provenance = {
  title: "Maintenance plan",
  kindName: "Curriculum plan",
  partnershipTitle: "An invented college with an invented employer",
  programmeTitle: "Side by Side",
  sides: [
    { side: "provider", organisations: ["Invented College"] },
    { side: "employer", organisations: ["Invented Dairies", "Invented Bakery"] },
  ],
  isIllustrative: true,
  version: { number: 4, name: "After exchange 3", madeAt: Date.UTC(2026, 5, 9, 14) },
  asAt: Date.UTC(2026, 5, 9, 14),
  contentHash: "ab".repeat(32),
  exportedBy: "Nadia Rahmani, Invented College",
  exportedAt: Date.UTC(2026, 5, 10, 8, 30),
  url: "http://localhost:3000/documents/x",
};
export const text = (value: string, ...marks: unknown[]) => ({ type: "text", text: value, marks });
export const paragraph = (...content: unknown[]) => ({ type: "paragraph", content });
export const doc = (...content: unknown[]) => ({ type: "doc", content });

export const rich = doc(
  { type: "heading", attrs: { level: 1 }, content: [text("Why this plan")] },
  paragraph(
    text("Bold", { type: "bold" }),
    text(" and "),
    text("a link", { type: "link", attrs: { href: "https://example.org/a?b=1&c=2" } }),
  ),
  { type: "heading", attrs: { level: 3 }, content: [text("Deeper")] },
  { type: "bulletList", content: [{ type: "listItem", content: [paragraph(text("one"))] }] },
  {
    type: "orderedList",
    attrs: { start: 3 },
    content: [{ type: "listItem", content: [paragraph(text("three"))] }],
  },
  {
    type: "taskList",
    content: [
      { type: "taskItem", attrs: { checked: true }, content: [paragraph(text("done"))] },
      { type: "taskItem", attrs: { checked: false }, content: [paragraph(text("open"))] },
    ],
  },
  { type: "blockquote", content: [paragraph(text("said"))] },
  { type: "callout", attrs: { tone: "warning" }, content: [paragraph(text("mind"))] },
  { type: "codeBlock", content: [text("a < b")] },
  { type: "horizontalRule" },
  {
    type: "table",
    content: [
      {
        type: "tableRow",
        content: [
          { type: "tableHeader", content: [paragraph(text("Module"))] },
          { type: "tableHeader", content: [paragraph(text("Hours"))] },
        ],
      },
      {
        type: "tableRow",
        content: [
          { type: "tableCell", content: [paragraph(text("M1 | a"))] },
          { type: "tableCell", content: [paragraph(text("60"))] },
        ],
      },
    ],
  },
  { type: "image", attrs: { imageId, alt: "A valve" } },
  paragraph(
    { type: "mention", attrs: { id: "u", label: "Helen Mistry" } },
    { type: "hardBreak" },
    text("after"),
  ),
  paragraph(),
);
