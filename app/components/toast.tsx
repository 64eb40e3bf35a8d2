/** What just happened, with the way back where there is one. Announced politely. */
import type { ReactNode } from "react";

export function Toast({ children, undo }: { children: ReactNode; undo?: ReactNode }) {
  return (
    <div className="toast" role="status">
      <span>{children}</span>
      {undo}
    </div>
  );
}
