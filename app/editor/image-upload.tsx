/**
 * Adding a picture: chosen, pasted or dropped, then its description is asked for before
 * it is stored (design guide §6). The server re-encodes it; the document holds its id.
 */
import { type FormEvent, useEffect, useState } from "react";
import { Dialog } from "../components/dialog.tsx";
import { FormField, type FormRefusal, FormRefusalNote } from "../components/form.tsx";
import { altLengthMax } from "../document/attributes.ts";
import { isOwnPicture } from "../document/nodes/image.ts";
import { isId } from "../domain/ids.ts";
import { tooLargeImage } from "../domain/image-limits.ts";
import { sentenceOf } from "../domain/refusals.ts";

/** What the file dialog offers; the server decides by content. */
export const imageTypes = ["image/png", "image/jpeg", "image/webp"];

/**
 * How many pictures of other pages there are in pasted HTML. The text is read as a page
 * that is never shown, so nothing is fetched by looking.
 */
export function foreignPicturesIn(html: string): number {
  if (!/<img/i.test(html)) return 0;
  const pictures = new DOMParser().parseFromString(html, "text/html").querySelectorAll("img");
  return [...pictures].filter((picture) => !isOwnPicture(picture.getAttribute("src") ?? "")).length;
}

/** The first picture among dropped or pasted files. */
export function pictureIn(files: FileList | null | undefined): File | null {
  return [...(files ?? [])].find((file) => file.type.startsWith("image/")) ?? null;
}

/** What a paste or a drop brings beside HTML and moved text. */
type Brought = { readonly picture: File | null; readonly isOtherFile: boolean };

/**
 * Whether files are what a paste or a drop brings. Office programs send what was copied
 * once more as its picture: where there are words as well, these are meant.
 */
export function filesBrought(brought: DataTransfer | null): Brought {
  if ((brought?.getData("text/plain") ?? "").trim() !== "") return { picture: null, isOtherFile: false };
  const picture = pictureIn(brought?.files);
  return { picture, isOtherFile: picture === null && (brought?.files.length ?? 0) > 0 };
}

const lost: FormRefusal = {
  code: "not-sent",
  sentence: "The picture could not be sent just now. Try again when you are connected.",
};

/** Said before it is sent: a server that stops reading cannot be heard while one is still sending. */
function whyTooLarge(file: File): FormRefusal | null {
  const refusal = tooLargeImage(file.size);
  return refusal && { code: refusal.code, sentence: sentenceOf(refusal) };
}

async function upload(documentId: string, file: File): Promise<{ imageId: string } | FormRefusal> {
  const tooLarge = whyTooLarge(file);
  if (tooLarge !== null) return tooLarge;
  const body = new FormData();
  body.set("file", file);
  try {
    const response = await fetch(`/documents/${documentId}/images`, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    const answer = (await response.json()) as { imageId?: unknown; refusal?: FormRefusal };
    if (isId(answer.imageId)) return { imageId: answer.imageId };
    return answer.refusal ? { ...answer.refusal, field: null } : lost;
  } catch {
    // No network, or an answer that is none: nothing was added, the file is still chosen.
    return lost;
  }
}

/** Asks for the words that stand for a picture. */
export function PictureDescription({ value, onChange }: { value: string; onChange: (alt: string) => void }) {
  return (
    <FormField
      label="Describe the picture"
      name="alt"
      hint="For people who cannot see it: what does it show that matters here? Leave this empty if it only decorates."
      maxLength={altLengthMax}
      value={value}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function ImageDialog({
  documentId,
  file,
  onClose,
  onAdded,
}: {
  documentId: string;
  file: File | null;
  onClose: () => void;
  onAdded: (image: { imageId: string; alt: string }) => void;
}) {
  const [alt, setAlt] = useState("");
  const [refusal, setRefusal] = useState<FormRefusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [preview, setPreview] = useState<string | null>(null);
  useEffect(() => {
    setAlt("");
    setRefusal(null);
    if (file === null) return;
    setRefusal(whyTooLarge(file));
    const address = URL.createObjectURL(file);
    setPreview(address);
    return () => {
      setPreview(null);
      URL.revokeObjectURL(address);
    };
  }, [file]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (file === null || isBusy) return;
    setBusy(true);
    const answer = await upload(documentId, file);
    setBusy(false);
    if ("imageId" in answer) onAdded({ imageId: answer.imageId, alt: alt.trim() });
    else setRefusal(answer);
  };
  return (
    <Dialog title="Add a picture" isOpen={file !== null} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <FormRefusalNote refusal={refusal} />
        {preview === null ? null : (
          <img className="image-preview" src={preview} alt="" onError={() => setPreview(null)} />
        )}
        <PictureDescription value={alt} onChange={setAlt} />
        <div className="btn-row">
          <button type="submit" className="btn btn-primary" aria-disabled={isBusy || undefined}>
            {isBusy ? "Adding…" : "Add"}
          </button>
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
