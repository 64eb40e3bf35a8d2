/** Documents of a partnership as a tree of lines: kind, title, size, last change with its side. */
import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { formatRecent } from "../domain/dates.ts";
import { type DocumentKind, documentKindNames } from "../domain/documents.ts";
import type { Side } from "../domain/sides.ts";
import { Icon } from "./icon.tsx";
import { When } from "./parts.tsx";
import { By } from "./side.tsx";

export type DocumentLine = {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly title: string;
  readonly words: number;
  readonly changedAt: number;
  readonly children: readonly DocumentLine[];
};

export type LastChange = { readonly by: string; readonly side: Side | null; readonly at: number };

/** `tools` are what one can do with a line, at its end. */
export function DocumentTree({
  documents,
  lastChangeOf,
  now,
  tools,
  isInner = false,
}: {
  documents: readonly DocumentLine[];
  lastChangeOf: Readonly<Record<string, LastChange>>;
  now: number;
  tools?: (document: DocumentLine) => ReactNode;
  isInner?: boolean;
}) {
  return (
    <ul className={isInner ? "doc-tree doc-tree-inner" : "doc-tree"}>
      {documents.map((document) => {
        const change = lastChangeOf[document.id];
        return (
          <li key={document.id}>
            <div className="doc-line">
              <Icon name="document" />
              <div className="doc-what">
                <Link className="doc-title" to={`/documents/${document.id}`}>
                  {document.title}
                </Link>
                <p className="small muted">
                  {documentKindNames[document.kind]} · {document.words.toLocaleString("en-GB")} words
                </p>
              </div>
              <p className="small muted doc-change">
                {change ? (
                  <>
                    <By side={change.side}>{change.by}</By>
                    <When at={change.at}>{formatRecent(change.at, now)}</When>
                  </>
                ) : (
                  <>
                    <span>Not changed yet</span>
                    <When at={document.changedAt}>made {formatRecent(document.changedAt, now)}</When>
                  </>
                )}
              </p>
              {tools ? <div className="doc-tools">{tools(document)}</div> : null}
            </div>
            {document.children.length > 0 ? (
              <DocumentTree
                documents={document.children}
                lastChangeOf={lastChangeOf}
                now={now}
                {...(tools ? { tools } : {})}
                isInner
              />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
