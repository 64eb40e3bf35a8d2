/**
 * What a paste or a drop brings from elsewhere, judged before the editor takes it in:
 * files, pictures of other pages, and more than one goes in at once.
 */
import type { EditorProps, EditorView } from "@tiptap/pm/view";
import { yUndoPluginKey } from "@tiptap/y-tiptap";
import { useMemo, useRef, useState } from "react";
import type { UndoManager } from "yjs";
import { tidiedFromWord } from "./from-word.ts";
import { filesBrought, foreignPicturesIn } from "./image-upload.tsx";
import type { PasteNews } from "./paste-note.tsx";
import { tooMuchToPaste } from "./pasting.ts";

const noPicture =
  "Of files, a text takes pictures alone (PNG, JPEG or WebP). Nothing was added. Copy the words out of the file and paste them here.";

/** What is brought is undone by itself, and not with the words typed a moment before. */
function asOneStep(view: EditorView): void {
  const history = yUndoPluginKey.getState(view.state) as { undoManager?: UndoManager } | undefined;
  history?.undoManager?.stopCapturing();
}

export type Judged = {
  /** What became of the last paste, where it was not taken in as it was. */
  readonly news: PasteNews | null;
  forget(): void;
  /** For the editor; the same from first to last. */
  readonly editorProps: EditorProps;
};

/** `onPicture` is handed a picture where one may be added. */
export function useBrought(mayAddImages: boolean, onPicture: (picture: File) => void): Judged {
  const [news, setNews] = useState<PasteNews | null>(null);
  const now = useRef({ mayAddImages, onPicture });
  now.current = { mayAddImages, onPicture };
  const editorProps = useMemo<EditorProps>(() => {
    const refuse = (sentence: string, event: Event) => {
      setNews({ kind: "refused", sentence });
      event.preventDefault();
      return true;
    };
    const refuseTooMuch = (brought: DataTransfer | null, event: Event): boolean => {
      const sentence = tooMuchToPaste(
        brought?.getData("text/plain") ?? "",
        brought?.getData("text/html") ?? "",
      );
      if (sentence !== null) return refuse(sentence, event);
      setNews(null);
      return false;
    };
    const takePicture = (brought: DataTransfer | null, event: Event): boolean => {
      const { picture, isOtherFile } = filesBrought(brought);
      // A browser would leave the page to show the file.
      if (isOtherFile) return refuse(noPicture, event);
      if (picture !== null && now.current.mayAddImages) {
        event.preventDefault();
        now.current.onPicture(picture);
        return true;
      }
      const count = foreignPicturesIn(brought?.getData("text/html") ?? "");
      if (count > 0) setNews({ kind: "without-pictures", count });
      return false;
    };
    return {
      // Before the editor reads it: reading is what takes the time.
      handleDOMEvents: {
        paste: (_view, event) => refuseTooMuch(event.clipboardData, event),
        drop: (view, event) => view.dragging === null && refuseTooMuch(event.dataTransfer, event),
      },
      transformPastedHTML: tidiedFromWord,
      handlePaste: (view, event) => {
        asOneStep(view);
        return takePicture(event.clipboardData, event);
      },
      handleDrop: (view, event, _slice, isMoved) => {
        asOneStep(view);
        return !isMoved && takePicture(event.dataTransfer, event);
      },
    };
  }, []);
  return { news, forget: () => setNews(null), editorProps };
}
