/** At a chosen picture: what it is described as, and changing that (design guide §6). */
import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";
import { useEditorState } from "@tiptap/react";
import { type FormEvent, memo, useState } from "react";
import { Dialog } from "../components/dialog.tsx";
import { PictureDescription } from "./image-upload.tsx";
import { PlaceBar } from "./place-bar.tsx";

/** The description of the picture that is chosen; null where none is. */
function descriptionIn(editor: Editor): string | null {
  const { selection } = editor.state;
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== "image") return null;
  const alt: unknown = selection.node.attrs["alt"];
  return typeof alt === "string" ? alt : "";
}

const isAtPicture = (editor: Editor) => descriptionIn(editor) !== null;

export const PictureBar = memo(function PictureBar({ editor }: { editor: Editor }) {
  const description = useEditorState({ editor, selector: ({ editor: current }) => descriptionIn(current) });
  const [changed, setChanged] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChanged(null);
    editor
      .chain()
      .focus()
      .updateAttributes("image", { alt: (changed ?? "").trim() })
      .run();
  };
  return (
    <>
      <PlaceBar
        editor={editor}
        name="pictureBar"
        isThere={isAtPicture}
        change={description ? "Change" : "Describe"}
        onChange={() => setChanged(description ?? "")}
      >
        <span className={description ? undefined : "muted"}>{description || "No description"}</span>
      </PlaceBar>
      <Dialog title="Describe the picture" isOpen={changed !== null} onClose={() => setChanged(null)}>
        <form className="stack" onSubmit={submit}>
          <PictureDescription value={changed ?? ""} onChange={setChanged} />
          <div className="btn-row">
            <button type="submit" className="btn btn-primary">
              Describe
            </button>
            <button type="button" className="btn btn-quiet" onClick={() => setChanged(null)}>
              Cancel
            </button>
          </div>
        </form>
      </Dialog>
    </>
  );
});
