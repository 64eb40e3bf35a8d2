/**
 * Provenance: what a file says about where it comes from. The same facts stand in the
 * title block of the HTML, in its last line and in the front matter of the Markdown.
 */
import { formatDateTime } from "../domain/dates.ts";
import { type Side, sideMarks, sideNames } from "../domain/sides.ts";

export type Provenance = {
  readonly title: string;
  readonly kindName: string;
  readonly partnershipTitle: string;
  readonly programmeTitle: string;
  readonly sides: readonly { readonly side: Side; readonly organisations: readonly string[] }[];
  readonly isIllustrative: boolean;
  /** Null: the present text, not a version. */
  readonly version: { readonly number: number; readonly name: string | null; readonly madeAt: number } | null;
  /** The moment whose text this is, ms. */
  readonly asAt: number;
  /** SHA-256 of the canonical content, hex; null when it was not computed. */
  readonly contentHash: string | null;
  readonly exportedBy: string;
  readonly exportedAt: number;
  /** Address of the living document. */
  readonly url: string;
};

/** "v4 “After exchange 3”", "v5" or "Draft". */
export function versionLabel(version: Provenance["version"]): string {
  if (version === null) return "Draft";
  return version.name === null ? `v${version.number}` : `v${version.number} “${version.name}”`;
}

/** One side in words, with its mark: "● Provider: Wendlemoor College". */
export function sideLine(side: Provenance["sides"][number]): string {
  return `${sideMarks[side.side]} ${sideNames[side.side]}: ${side.organisations.join(", ")}`;
}

/** The line at the foot of a file. */
export function provenanceLine(from: Provenance): string {
  return [
    from.title,
    versionLabel(from.version),
    `as at ${formatDateTime(from.asAt)}`,
    from.contentHash === null ? "" : `content SHA-256 ${from.contentHash}`,
    `exported by ${from.exportedBy} on ${formatDateTime(from.exportedAt)}`,
    from.url,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}
