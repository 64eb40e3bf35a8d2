/** Versions of a document, newest first: number, kind, name, who wrote since the one before, when. */
import { Link } from "@remix-run/react";
import { formatDate, formatDateTime } from "../domain/dates.ts";
import type { Side } from "../domain/sides.ts";
import { When } from "./parts.tsx";
import { By } from "./side.tsx";

export type VersionKind = "created" | "auto" | "handover" | "named" | "before_restore" | "restored";

export type VersionAuthor = {
  readonly userId: string;
  readonly name: string;
  readonly side: Side | null;
};

export type VersionLine = {
  readonly id: string;
  readonly number: number;
  readonly kind: VersionKind;
  readonly name: string | null;
  readonly note: string | null;
  readonly words: number;
  readonly createdAt: number;
  /** When its text was erased, ms; null while it can be read. */
  readonly erasedAt: number | null;
  readonly authors: readonly VersionAuthor[];
  readonly restoredFrom: { readonly number: number; readonly name: string | null } | null;
};

/** What a version is, where nobody gave it a name. */
export const versionKindNames: Readonly<Record<VersionKind, string>> = {
  created: "Made from the template",
  auto: "Kept by itself",
  handover: "Kept when the writing passed to the other side",
  named: "Named",
  before_restore: "Before an earlier version was brought back",
  restored: "An earlier version brought back",
};

/** A version by number, and by name where somebody gave it one: `version 3, “After the March exchange”`. */
export function versionAndName({ number, name }: { number: number; name: string | null }): string {
  return name === null ? `version ${number}` : `version ${number}, “${name}”`;
}

/** What a list calls a version: its name, or else what it is. */
function captionOf({ name, kind, restoredFrom }: VersionLine): string {
  if (name !== null) return name;
  return restoredFrom === null ? versionKindNames[kind] : `Brought back: ${versionAndName(restoredFrom)}`;
}

/** Who wrote since the version before, by side. */
export function Authors({ authors }: { authors: readonly VersionAuthor[] }) {
  if (authors.length === 0) return <span className="muted">Nobody wrote since the version before</span>;
  return (
    <span className="version-authors">
      {authors.map((author) => (
        <By key={`${author.userId} ${author.side}`} side={author.side}>
          {author.name}
        </By>
      ))}
    </span>
  );
}

export function VersionList({
  documentId,
  versions,
}: {
  documentId: string;
  versions: readonly VersionLine[];
}) {
  return (
    <ol className="rows plain" reversed>
      {versions.map((version) => (
        <li key={version.id} className="version-line">
          <span className="version-number">
            <span className="vh">Version </span>
            <span aria-hidden="true">v</span>
            {version.number}
          </span>
          <div>
            <p className={version.name ? "version-name" : undefined}>
              <Link to={`/documents/${documentId}/versions/${version.id}`}>
                {captionOf(version)}
                <span className="vh">, version {version.number}</span>
              </Link>
            </p>
            {version.note ? <p className="small">{version.note}</p> : null}
            <p className="small muted">
              {version.name && version.kind !== "named" ? `${versionKindNames[version.kind]} · ` : ""}
              {version.erasedAt === null
                ? `${version.words.toLocaleString("en-GB")} words`
                : `Text erased on ${formatDate(version.erasedAt)}`}
            </p>
          </div>
          <p className="small">
            <Authors authors={version.authors} />
          </p>
          <p className="small muted nowrap">
            <When at={version.createdAt}>{formatDateTime(version.createdAt)}</When>
          </p>
        </li>
      ))}
    </ol>
  );
}
