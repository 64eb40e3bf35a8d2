/** The save state in the bar: the sentence of `save-state.ts` with a shape of its own. */
import { useEffect, useState } from "react";
import { Icon, type IconName } from "../components/icon.tsx";
import { patienceMs, type SaveState, type SaveWords, saveWords } from "./save-state.ts";

const icons: Readonly<Record<SaveWords["kind"], IconName>> = {
  opening: "clock",
  saved: "tick",
  saving: "cloud",
  "not-saved": "warning",
  offline: "offline",
};

/** Kinds worth interrupting nobody for, but worth saying. "Saving…" at every key is not. */
const isSaid = (kind: SaveWords["kind"]) => kind === "not-saved" || kind === "offline";

export function SaveLine({ save }: { save: SaveState | null }) {
  const [now, setNow] = useState(() => Date.now());
  const waitingSince = save?.waitingSince ?? null;
  useEffect(() => {
    setNow(Date.now());
    if (waitingSince === null) return;
    // The sentence changes when patience ends, without any event.
    const timer = setTimeout(
      () => setNow(Date.now()),
      Math.max(0, waitingSince + patienceMs - Date.now()) + 20,
    );
    return () => clearTimeout(timer);
  }, [waitingSince]);
  const words: SaveWords = save
    ? saveWords(save, Math.max(now, waitingSince ?? 0))
    : { kind: "opening", text: "Opening…" };
  return (
    <>
      <span className={`saved saved-${words.kind}`} data-save={words.kind}>
        <Icon name={icons[words.kind]} small />
        {words.text}
      </span>
      <span className="vh" role="status">
        {isSaid(words.kind) ? words.text : ""}
      </span>
    </>
  );
}
