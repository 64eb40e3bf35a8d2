/**
 * Buttons: ink on paper, reversed for the one primary button of a view; never in a
 * side's colour. Their words are verbs.
 */
import { Link } from "@remix-run/react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

export type ButtonLook = "normal" | "primary" | "quiet";

function classes(look: ButtonLook, small: boolean, className?: string): string {
  return ["btn", look !== "normal" && `btn-${look}`, small && "btn-s", className].filter(Boolean).join(" ");
}

type Parts = { look?: ButtonLook; small?: boolean; icon?: IconName; children: ReactNode; className?: string };

/** A button; `type` is "submit" unless said otherwise, because most stand in forms. */
export function Button({
  look = "normal",
  small = false,
  icon,
  children,
  className,
  type = "submit",
  ...rest
}: Parts & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type={type} className={classes(look, small, className)} {...rest}>
      {icon ? <Icon name={icon} small={small} /> : null}
      {children}
    </button>
  );
}

/** A link that looks like a button, for going somewhere. `isFile` leaves the router out. */
export function ButtonLink({
  look = "normal",
  small = false,
  icon,
  children,
  className,
  to,
  isFile = false,
}: Parts & { to: string; isFile?: boolean }) {
  return (
    <Link to={to} reloadDocument={isFile} className={classes(look, small, className)}>
      {icon ? <Icon name={icon} small={small} /> : null}
      {children}
    </Link>
  );
}
