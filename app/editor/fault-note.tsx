/**
 * Why nothing can be typed at the moment: something in the shared text is not as the
 * editor can show it. Usually two changes met, and the server's repair is on its way;
 * where none comes, the text stays as it is and the person is told the way out.
 */
import { useEffect, useState } from "react";
import { Note } from "../components/parts.tsx";
import type { Fault } from "../document/check-fragment.ts";

/** A repair that has not come by then will not come by itself (ms). */
const repairWithinMs = 15_000;

export function FaultNote({ fault }: { fault: Fault | null }) {
  const [hasWaited, setWaited] = useState(false);
  useEffect(() => {
    setWaited(false);
    if (fault !== "invalid") return;
    const timer = setTimeout(() => setWaited(true), repairWithinMs);
    return () => clearTimeout(timer);
  }, [fault]);
  if (fault === null) return null;
  if (fault === "invalid" && !hasWaited) {
    return (
      <Note title="Two changes met in the same place." isAnnounced icon="clock">
        <p>The text is being put in order. You can go on writing in a moment; nothing is lost.</p>
      </Note>
    );
  }
  return (
    <Note title="A part of this document cannot be shown in this editor." tone="warning" isAnnounced>
      <p>
        So that nothing of it is lost, the document can only be read here. Reload the page to get the newest
        editor. If that does not help, bring back an earlier version under Versions.
      </p>
    </Note>
  );
}
