/** Asks for the address of a link: with the words it is for, and a sentence when it cannot be taken. */
import type { ChainedCommands, Editor } from "@tiptap/core";
import { getMarkRange } from "@tiptap/core";
import { type FormEvent, useEffect, useState } from "react";
import { Dialog } from "../components/dialog.tsx";
import { FormField, type FormRefusal } from "../components/form.tsx";
import { hrefFromTyped } from "../document/safe-link.ts";

/** The words of the selection, or of the link the cursor stands in. */
function chosenWords(editor: Editor): string {
  const { state } = editor;
  const type = state.schema.marks["link"];
  const around = type && state.selection.empty ? getMarkRange(state.selection.$from, type) : undefined;
  const { from, to } = around ?? state.selection;
  return state.doc.textBetween(from, to, " ");
}

/** Changes the link around the cursor and leaves the cursor where it was: a selected word is typed over. */
function inItsPlace(editor: Editor, change: (chain: ChainedCommands) => ChainedCommands): void {
  const { from, to } = editor.state.selection;
  change(editor.chain().focus()).setTextSelection({ from, to }).run();
}

export function LinkDialog({
  editor,
  isOpen,
  onClose,
}: {
  editor: Editor;
  isOpen: boolean;
  onClose: () => void;
}) {
  const [address, setAddress] = useState("");
  const [words, setWords] = useState("");
  const [refusal, setRefusal] = useState<FormRefusal | null>(null);
  const [wasLink, setWasLink] = useState(false);
  const [needsWords, setNeedsWords] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    const href: unknown = editor.getAttributes("link")["href"];
    const chosen = chosenWords(editor);
    setAddress(typeof href === "string" ? href : "");
    setWasLink(editor.isActive("link"));
    setWords(chosen);
    setNeedsWords(chosen === "");
    setRefusal(null);
  }, [isOpen, editor]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const href = hrefFromTyped(address);
    if (href === null) {
      setRefusal({
        code: "address",
        field: "address",
        sentence:
          "That is not an address we can link to. Use a web address, an e-mail address or tel: and a number.",
      });
      return;
    }
    onClose();
    if (needsWords) {
      const text = words.trim() === "" ? address.trim() : words;
      const link = { type: "text", text, marks: [{ type: "link", attrs: { href } }] };
      editor.chain().focus().insertContent(link).run();
    } else inItsPlace(editor, (change) => change.extendMarkRange("link").linkTo({ href }));
  };
  return (
    <Dialog title={wasLink ? "Change the link" : "Add a link"} isOpen={isOpen} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <FormField
          label="Address"
          name="address"
          hint="For example skillsengland.education.gov.uk or name@college.ac.uk"
          value={address}
          autoComplete="off"
          refusal={refusal}
          onChange={(event) => setAddress(event.target.value)}
        />
        {needsWords ? (
          <FormField
            label="Words to show"
            name="words"
            hint="Say where it leads, in place of “click here”."
            value={words}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
          />
        ) : null}
        <div className="btn-row">
          <button type="submit" className="btn btn-primary">
            {wasLink ? "Change" : "Add"}
          </button>
          {wasLink ? (
            <button
              type="button"
              className="btn"
              onClick={() => {
                onClose();
                inItsPlace(editor, (change) => change.extendMarkRange("link").unlink());
              }}
            >
              Remove the link
            </button>
          ) : null}
          <button type="button" className="btn btn-quiet" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
