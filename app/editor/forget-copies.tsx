/**
 * Where somebody signs in, nobody is signed in: what earlier people left on this device
 * goes, except work that no server has (promise W12). That stays until its person
 * comes back, and the page says so. After a backup was brought back everybody signs in
 * again, and what their devices hold is wanted: then only who signs out leaves nothing.
 */
import { useEffect, useState } from "react";
import { Note } from "../components/parts.tsx";
import { forgetPersonOfThisDevice } from "./service-worker.ts";

export function ForgetCopies({ keepsAll }: { keepsAll: boolean }) {
  const [kept, setKept] = useState(0);
  useEffect(() => {
    forgetPersonOfThisDevice();
    // Loaded late: it reads documents with Yjs, 25 kB that nobody who signs in should wait for.
    void import("./local-copies.ts")
      .then(({ forgetLocalCopies }) => forgetLocalCopies(keepsAll))
      .then(setKept);
  }, [keepsAll]);
  if (kept === 0) return null;
  return (
    <Note icon="info">
      <p>
        {kept === 1 ? "One document" : `${kept} documents`} on this device {kept === 1 ? "holds" : "hold"}{" "}
        work that has not been sent yet. Sign in and open {kept === 1 ? "it" : "them"} again, and it is sent.
      </p>
    </Note>
  );
}
