/**
 * A small menu that opens from its button: a `<details>`, so that it works before and
 * without JavaScript; with it, Escape and a click elsewhere close it.
 */
import { type ReactNode, type RefObject, useEffect, useRef } from "react";

/** Closes a `<details>` that floats: by Escape, which leads back to its button, and by a click or focus elsewhere. */
export function useClosing(element: RefObject<HTMLDetailsElement>): void {
  useEffect(() => {
    const details = element.current;
    if (!details) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !details.contains(event.target)) details.open = false;
    };
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary")?.focus();
    };
    document.addEventListener("click", closeOutside);
    document.addEventListener("focusin", closeOutside);
    document.addEventListener("keydown", closeOnEscape);
    return () => {
      document.removeEventListener("click", closeOutside);
      document.removeEventListener("focusin", closeOutside);
      document.removeEventListener("keydown", closeOnEscape);
    };
  }, [element]);
}

export function Menu({
  button,
  label,
  className = "menu",
  children,
}: {
  button: ReactNode;
  /** Names the button for screen readers where its content is only a picture. */
  label?: string;
  className?: string;
  children: ReactNode;
}) {
  const element = useRef<HTMLDetailsElement>(null);
  useClosing(element);
  useEffect(() => {
    const details = element.current;
    if (!details) return;
    // A choice closes the menu; the page it leads to may be the same one.
    const closeOnChoice = (event: Event) => {
      if (event.target instanceof Element && event.target.closest("a")) details.open = false;
    };
    details.addEventListener("click", closeOnChoice);
    return () => details.removeEventListener("click", closeOnChoice);
  }, []);
  return (
    <details className={className} ref={element}>
      <summary aria-label={label}>{button}</summary>
      <div className="float menu-body">{children}</div>
    </details>
  );
}
