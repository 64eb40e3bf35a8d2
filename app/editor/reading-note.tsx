/** Why one reads here and does not write, and the way to change that where there is one. */
import { Link } from "@remix-run/react";
import { Note } from "../components/parts.tsx";
import type { DocumentFacts } from "./document-facts.ts";

export function ReadingNote({ facts }: { facts: DocumentFacts }) {
  if (facts.canWrite || facts.whyNotWrite === null) return null;
  return (
    <Note icon="lock" title="You are reading this document.">
      <p>{facts.whyNotWrite}</p>
      {facts.isArchived && facts.canOrganise ? (
        <p className="note-act">
          <Link to={`/documents/${facts.id}/organise`}>Bring it back or move it</Link>
        </p>
      ) : null}
    </Note>
  );
}
