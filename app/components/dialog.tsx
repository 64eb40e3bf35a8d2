/**
 * A question that needs an answer first: only for leaving a partnership, ending
 * sessions and deleting. Everything else is undone instead. The browser's own
 * `<dialog>` keeps the focus inside and closes on Escape.
 *
 * One that the server draws is opened by a button that names it (`dialogButton`): that
 * works before the page has woken up, and without JavaScript.
 */
import { type ReactNode, useEffect, useId, useRef } from "react";

export function Dialog({
  title,
  id,
  isOpen,
  onClose,
  children,
}: {
  title: string;
  /** For the buttons that open and close it; then `isOpen` is left out. */
  id?: string;
  isOpen?: boolean;
  onClose?: () => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog || isOpen === undefined) return;
    if (isOpen && !dialog.open) dialog.showModal();
    if (!isOpen && dialog.open) dialog.close();
  }, [isOpen]);
  return (
    <dialog ref={element} id={id} className="float dialog" aria-labelledby={titleId} onClose={onClose}>
      <h2 className="h3" id={titleId}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/**
 * What a button carries to open or close the dialog of that id. Newer browsers do it by
 * themselves; for the others React does, once it is there.
 */
export function dialogButton(id: string, command: "show-modal" | "close") {
  return {
    type: "button",
    commandfor: id,
    command,
    onClick: () => {
      const dialog = document.getElementById(id);
      if (!(dialog instanceof HTMLDialogElement)) return;
      if (command === "close") dialog.close();
      else if (!dialog.open) dialog.showModal();
    },
  } as const;
}
