/** What became of a paste that was not taken in as it was: said where one is writing. */
import { Note } from "../components/parts.tsx";

export type PasteNews =
  /** Nothing of it was taken in, and why. */
  | { readonly kind: "refused"; readonly sentence: string }
  /** All but so many pictures of other pages. */
  | { readonly kind: "without-pictures"; readonly count: number };

function sentenceOn(news: PasteNews): string {
  if (news.kind === "refused") return news.sentence;
  return news.count === 1
    ? "One picture could not be taken over. Save it as a file, then add it with the button for pictures."
    : `${news.count} pictures could not be taken over. Save them as files, then add them with the button for pictures.`;
}

export function PasteNote({ news, onClose }: { news: PasteNews | null; onClose: () => void }) {
  if (news === null) return null;
  return (
    <div className="paste-note">
      <Note
        isAnnounced
        {...(news.kind === "refused" ? { tone: "warning" as const } : { icon: "photo" as const })}
      >
        <p>{sentenceOn(news)}</p>
        <div className="btn-row">
          <button type="button" className="btn btn-s" onClick={onClose}>
            Close
          </button>
        </div>
      </Note>
    </div>
  );
}
