/** What somebody did, in a sentence with the side's mark: for "recent activity" and "since you were here". */
import { Link } from "@remix-run/react";
import { formatDateTime, formatRecent } from "../domain/dates.ts";
import type { Side } from "../domain/sides.ts";
import { When } from "./parts.tsx";
import { By } from "./side.tsx";

export type DeedView = {
  readonly key: string;
  readonly kind: "wrote" | "removed" | "named" | "restored";
  readonly documentId: string;
  readonly documentTitle: string;
  readonly words: number;
  readonly versionId: string | null;
  readonly versionNumber: number | null;
  readonly versionName: string | null;
  /** Name and work, for a line of its own. */
  readonly by: string;
  /** Name alone, for the beginning of a sentence. */
  readonly byName: string;
  readonly side: Side | null;
  readonly at: number;
};

/** What was done, as a sentence without its subject; links lead to the text concerned. */
export function Deed({ deed }: { deed: DeedView }) {
  const document = <Link to={`/documents/${deed.documentId}`}>{deed.documentTitle}</Link>;
  const words = `about ${deed.words.toLocaleString("en-GB")} word${deed.words === 1 ? "" : "s"}`;
  switch (deed.kind) {
    case "wrote":
      return (
        <>
          wrote {words} in {document}
        </>
      );
    case "removed":
      return (
        <>
          took {words} out of {document}
        </>
      );
    case "named":
      return (
        <>
          named version {deed.versionNumber} of {document}{" "}
          <Link to={`/documents/${deed.documentId}/versions/${deed.versionId}`}>“{deed.versionName}”</Link>
        </>
      );
    case "restored":
      return <>brought an earlier version of {document} back</>;
  }
}

/** With who and when, for a list over several partnerships. */
export function DeedLine({ deed, now, place }: { deed: DeedView; now: number; place?: string }) {
  return (
    <>
      <By side={deed.side}>{deed.byName}</By> <Deed deed={deed} />
      <span className="when small muted">
        {place ? `${place} · ` : null}
        <When at={deed.at}>{formatRecent(deed.at, now)}</When>
      </span>
    </>
  );
}

/** One lane of recent activity: the side is in the lane's heading. */
export function DeedLane({ deeds }: { deeds: readonly DeedView[] }) {
  return (
    <ul className="plain">
      {deeds.map((deed) => (
        <li key={deed.key}>
          <span className="deed">
            <Deed deed={deed} />
          </span>
          <span className="when">
            <When at={deed.at}>{formatDateTime(deed.at)}</When> · {deed.by}
          </span>
        </li>
      ))}
    </ul>
  );
}
