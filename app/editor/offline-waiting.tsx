/** The page without a network while, or where, no text can be shown: the sign of the house and a sentence. */
import type { ReactNode } from "react";
import { Brand } from "../components/shell.tsx";

export function OfflineWaiting({ children }: { children: ReactNode }) {
  return (
    <main className="plain-main plain-narrow" id="main">
      <div className="stack">
        <p>
          <Brand />
        </p>
        {children}
      </div>
    </main>
  );
}

/** Until the text is found, or found missing. */
export function LookingForCopy() {
  return (
    <OfflineWaiting>
      <p className="muted" role="status">
        Looking for the document on this device…
      </p>
    </OfflineWaiting>
  );
}
