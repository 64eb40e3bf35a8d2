/**
 * The top bar of a document: where one is, its title, whether it is saved, who is here,
 * and what one can do with the whole of it.
 */
import { Form, Link } from "@remix-run/react";
import { type ReactNode, useEffect, useRef } from "react";
import { ButtonLink } from "../components/button.tsx";
import { Faces } from "../components/face.tsx";
import type { FormRefusal } from "../components/form.tsx";
import { Icon } from "../components/icon.tsx";
import { Menu, useClosing } from "../components/menu.tsx";
import type { Crumb } from "../components/parts.tsx";
import { Tag } from "../components/parts.tsx";
import { By, SideMark, sideStyle } from "../components/side.tsx";
import type { PersonPresent } from "../document/wire.ts";
import { titleLengthMax } from "../domain/documents.ts";
import { tellHeightOf } from "./beside-bars.ts";
import { everyoneOnce } from "./people-present.ts";
import { SaveLine } from "./save-line.tsx";
import type { SaveState } from "./save-state.ts";

/** More faces than this are counted. */
const facesShown = 8;

function RenameForm({ title, refusal }: { title: string; refusal: FormRefusal | null }) {
  const details = useRef<HTMLDetailsElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new title means that renaming is done.
  useEffect(() => {
    if (details.current && !refusal) details.current.open = false;
  }, [title, refusal]);
  useClosing(details);
  return (
    <details
      className="rename"
      ref={details}
      open={refusal !== null || undefined}
      onToggle={(event) => {
        if (event.currentTarget.open) event.currentTarget.querySelector<HTMLInputElement>(".input")?.select();
      }}
    >
      <summary aria-label="Rename" title="Rename">
        <Icon name="suggest" small />
      </summary>
      <Form method="post" className="float rename-form">
        <input type="hidden" name="intent" value="rename" />
        <label htmlFor="rename-title">Title</label>
        {refusal ? (
          <p className="field-error" id="rename-refused">
            <Icon name="stop" small />
            {refusal.sentence}
          </p>
        ) : null}
        <input
          id="rename-title"
          className="input"
          name="title"
          dir="auto"
          defaultValue={title}
          key={title}
          maxLength={titleLengthMax + 50}
          autoComplete="off"
          aria-invalid={refusal ? true : undefined}
          aria-describedby={refusal ? "rename-refused" : undefined}
        />
        <button type="submit" className="btn btn-s btn-primary">
          Rename
        </button>
      </Form>
    </details>
  );
}

/** Where there is no room for faces: how many of each side are here, and who, once opened. */
function Presence({ people }: { people: readonly PersonPresent[] }) {
  const groups = (["provider", "employer", "intermediary"] as const)
    .map((style) => ({ style, here: people.filter(({ side }) => sideStyle(side) === style) }))
    .filter(({ here }) => here.length > 0);
  return (
    <Menu
      className="menu only-phone docbar-presence"
      button={groups.map(({ style, here }, index) => (
        <span key={style} className={`by by-${style}`}>
          {index === 0 ? <span className="vh">Here now: </span> : null}
          <SideMark side={here[0]?.side ?? null} />
          {here.length}
          <span className="vh">
            {style === "intermediary" ? " of no side" : ` of the ${style} side`}
            {index < groups.length - 1 ? ", " : null}
          </span>
        </span>
      ))}
    >
      <ul className="plain" aria-label="Here now">
        {groups.flatMap(({ here }) =>
          here.map(({ userId, name, side, organisation }) => (
            <li key={userId}>
              <By side={side}>{organisation ? `${name}, ${organisation}` : name}</By>
            </li>
          )),
        )}
      </ul>
    </Menu>
  );
}

export type DocumentBarProps = {
  readonly crumbs: readonly Crumb[];
  readonly title: string;
  readonly state: string | null;
  readonly canRename: boolean;
  readonly renameRefusal: FormRefusal | null;
  readonly save: SaveState | null;
  /** The save state is for those who can change something. */
  readonly showsSave: boolean;
  readonly people: readonly PersonPresent[];
  readonly versionsAddress: string;
  readonly tools: ReactNode;
};

export function DocumentBar(props: DocumentBarProps) {
  const people = everyoneOnce(props.people);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => (bar.current ? tellHeightOf(bar.current) : undefined), []);
  return (
    <header className="docbar" ref={bar}>
      <div className="docbar-where">
        <nav className="crumbs" aria-label="Where you are">
          <ol className="plain">
            {props.crumbs.map((crumb) => (
              <li key={`${crumb.to} ${crumb.label}`}>
                {crumb.to ? <Link to={crumb.to}>{crumb.label}</Link> : crumb.label}
              </li>
            ))}
          </ol>
        </nav>
        <div className="titleline">
          <h1>{props.title}</h1>
          {props.canRename ? <RenameForm title={props.title} refusal={props.renameRefusal} /> : null}
          {props.state ? <Tag>{props.state}</Tag> : null}
          {props.showsSave ? <SaveLine save={props.save} /> : null}
        </div>
      </div>
      <div className="docbar-tools">
        {people.length > 0 ? <Presence people={people} /> : null}
        {people.length > 0 ? (
          <div className="hide-phone docbar-faces">
            <Faces
              label="Here now"
              people={people.slice(0, facesShown).map((person) => ({ ...person, id: person.userId }))}
            />
            {people.length > facesShown ? (
              <span className="small muted">and {people.length - facesShown} more</span>
            ) : null}
          </div>
        ) : null}
        <ButtonLink to={props.versionsAddress} small icon="history">
          Versions
        </ButtonLink>
        {props.tools}
      </div>
    </header>
  );
}
