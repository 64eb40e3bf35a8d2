/**
 * A question that needs an answer first: only for leaving a partnership, ending
 * sessions and deleting. Everything else is undone instead. The browser's own
 * `<dialog>` keeps the focus inside and closes on Escape.
 */
import { type ReactNode, useEffect, useId, useRef } from "react";

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (isOpen && !dialog.open) dialog.showModal();
    if (!isOpen && dialog.open) dialog.close();
  }, [isOpen]);
  return (
    <dialog ref={element} className="float dialog" aria-labelledby={id} onClose={onClose}>
      <h2 className="h3" id={id}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}
