/**
 * Small parts that many pages share: notes, tags, the label of invented content, empty
 * states, breadcrumbs and facts. They hold no rule and fetch nothing.
 */
import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "plain" | "agreed" | "warning" | "danger";

const noteIcons: Readonly<Record<Tone, IconName>> = {
  plain: "info",
  agreed: "agreed",
  warning: "warning",
  danger: "stop",
};

/** Something to know, with a shape, a word and a colour. `isAnnounced` for what just happened. */
export function Note({
  title,
  tone = "plain",
  icon,
  isAnnounced = false,
  children,
}: {
  title?: ReactNode;
  tone?: Tone;
  icon?: IconName;
  isAnnounced?: boolean;
  children?: ReactNode;
}) {
  return (
    <div
      className={tone === "plain" ? "note" : `note note-${tone}`}
      role={isAnnounced ? "status" : undefined}
    >
      <Icon name={icon ?? noteIcons[tone]} />
      <div>
        {title ? <p className="strong">{title}</p> : null}
        {children}
      </div>
    </div>
  );
}

/** A short fact in a frame, such as a version number. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className="tag">{children}</span>;
}

/** State in a word with its shape: agreed, waiting, refused. */
export function StateWord({
  tone,
  icon,
  children,
}: {
  tone: "agreed" | "warning" | "danger" | "muted";
  icon: IconName;
  children: ReactNode;
}) {
  return (
    <span className={`state state-${tone}`}>
      <Icon name={icon} small />
      {children}
    </span>
  );
}

/** Marks content that is invented, wherever it is shown. */
export function Illustrative() {
  return <span className="illus">Illustrative content</span>;
}

/** What this place is for, and the one next step. */
export function EmptyState({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <div className="empty">
      <h2 className="h3">{title}</h2>
      {children}
    </div>
  );
}

export type Crumb = { readonly label: string; readonly to?: string };

/** Where you are. The last one is this page and is no link. */
export function Breadcrumb({ crumbs }: { crumbs: readonly Crumb[] }) {
  return (
    <nav className="crumbs" aria-label="Where you are">
      <ol className="plain">
        {crumbs.map((crumb) => (
          <li key={crumb.label}>{crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}</li>
        ))}
      </ol>
    </nav>
  );
}

/** Label and value pairs; pairs without a value are left out. */
export function Facts({ facts }: { facts: readonly (readonly [label: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([label, value]) => (
          <div className="facts-row" key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A moment: readable for people, exact for machines. */
export function When({ at, children }: { at: number; children: ReactNode }) {
  return <time dateTime={new Date(at).toISOString()}>{children}</time>;
}
