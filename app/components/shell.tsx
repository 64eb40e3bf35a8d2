/**
 * The frame of a page: skip link, top bar, the page, footer. The partnership's own
 * navigation is in `partnership-frame.tsx`. Pages that are a tool of their own (the
 * editor, sign-in) leave the frame out through their route's handle.
 */
import { Form, Link, NavLink } from "@remix-run/react";
import { type ReactNode, useEffect, useRef } from "react";
import type { Side } from "../domain/sides.ts";
import { Face } from "./face.tsx";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { Breadcrumb, type Crumb } from "./parts.tsx";

/** The signed-in person, as the top bar shows them. */
export type PersonInBar = {
  readonly name: string;
  readonly jobTitle: string | null;
  readonly organisation: string | null;
  readonly side: Side | null;
  /** Then nothing may stay in the browser, its history included (promise W12). */
  readonly isSharedComputer: boolean;
};

/** Two lanes, a round and a square traveller: the sign of the house. */
export function Brand({ to = "/" }: { to?: string }) {
  return (
    <Link className="brand" to={to}>
      <svg viewBox="0 0 34 24" aria-hidden="true" focusable="false">
        <path d="M1 9h32" stroke="var(--provider)" strokeWidth="2" />
        <path d="M1 15h32" stroke="var(--employer)" strokeWidth="2" strokeDasharray="4 3" />
        <circle cx="9" cy="9" r="4.5" fill="var(--provider)" stroke="var(--paper)" strokeWidth="1.5" />
        <path
          d="m25 9.2 5.8 5.8-5.8 5.8L19.2 15Z"
          fill="var(--employer)"
          stroke="var(--paper)"
          strokeWidth="1.5"
        />
      </svg>
      Two-Way
    </Link>
  );
}

/**
 * Moves the focus and not the address: through an entry of the browser's history that the
 * router did not make, Back leaves a document without the question about unsaved words.
 */
function goToMain(event: Event): void {
  const main = document.getElementById("main");
  if (main === null) return;
  event.preventDefault();
  main.focus();
  main.scrollIntoView();
}

/** First stop of the Tab key: past the bar, to what the page is about. */
export function SkipLink() {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    const element = link.current;
    element?.addEventListener("click", goToMain);
    return () => element?.removeEventListener("click", goToMain);
  }, []);
  return (
    <a className="skip" href="#main" ref={link}>
      Skip to the content
    </a>
  );
}

/**
 * Search from any page; `/` puts the cursor into it unless something is being written.
 * On a shared computer the words go in the body: an address stays in the browser's history.
 */
function SearchBox({ isForgetful }: { isForgetful: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focusOnSlash = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      const isWriting =
        target instanceof HTMLElement &&
        (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
      // The search page has a box of its own; on a phone this one is not shown.
      const box = document.querySelector<HTMLInputElement>("[data-main-search]") ?? input.current;
      if (isWriting || !box || box.offsetParent === null) return;
      event.preventDefault();
      box.focus();
      box.select();
    };
    document.addEventListener("keydown", focusOnSlash);
    return () => document.removeEventListener("keydown", focusOnSlash);
  }, []);
  return (
    <>
      <Form
        className="searchbox"
        role="search"
        action="/search"
        method={isForgetful ? "post" : "get"}
        aria-label="All documents"
      >
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Search all documents"
          placeholder="Search"
          autoComplete="off"
        />
        <kbd>/</kbd>
      </Form>
      <Link className="search-phone" to="/search">
        <Icon name="search" />
        <span className="vh">Search</span>
      </Link>
    </>
  );
}

function AccountMenu({ person }: { person: PersonInBar }) {
  return (
    <Menu
      className="menu menu-me"
      button={
        <span className="me">
          <Face person={person} isNamedBeside />
          <span className="me-text">
            <span className="me-name">{person.name}</span>
            <span className="muted">{person.organisation ?? person.jobTitle ?? ""}</span>
          </span>
          <span className="vh">Your account</span>
        </span>
      }
    >
      <p className="menu-head">
        <span className="strong">{person.name}</span>
        <span className="label">{[person.jobTitle, person.organisation].filter(Boolean).join(", ")}</span>
      </p>
      <ul className="plain">
        <li>
          <Link to="/account">
            <Icon name="people" />
            Your account
          </Link>
        </li>
        <li className="only-phone">
          <Link to="/">
            <Icon name="list" />
            Home
          </Link>
        </li>
        <li className="only-phone">
          <Link to="/programmes">
            <Icon name="grid" />
            Programme
          </Link>
        </li>
        <li>
          <Link to="/help">
            <Icon name="help" />
            Help
          </Link>
        </li>
        <li>
          <Form method="post" action="/sign-out">
            <button type="submit">
              <Icon name="arrow" />
              Sign out
            </button>
          </Form>
        </li>
      </ul>
    </Menu>
  );
}

/** Top bar and footer around a page. Without a person only the sign, help and sign-in are shown. */
export function Shell({ person, children }: { person: PersonInBar | null; children: ReactNode }) {
  return (
    <>
      <SkipLink />
      <header className="top">
        <Brand />
        <nav aria-label="Main">
          <ul className="plain">
            {person ? (
              <>
                <li>
                  <NavLink to="/" end>
                    Home
                  </NavLink>
                </li>
                <li>
                  <NavLink to="/programmes">Programme</NavLink>
                </li>
              </>
            ) : null}
            <li>
              <NavLink to="/help">Help</NavLink>
            </li>
          </ul>
        </nav>
        <span className="grow" />
        {person ? (
          <>
            <SearchBox isForgetful={person.isSharedComputer} />
            <AccountMenu person={person} />
          </>
        ) : (
          <Link className="btn btn-s" to="/sign-in">
            Sign in
          </Link>
        )}
      </header>
      {children}
      <footer className="foot">
        <span>Two-Way</span>
        <Link to="/help">Help and keyboard</Link>
        <Link to="/help#accessibility">Accessibility</Link>
      </footer>
    </>
  );
}

type PageHead = {
  title: ReactNode;
  /** Small line above the title. */
  above?: ReactNode;
  /** A sentence or two below it. */
  lead?: ReactNode;
  crumbs?: readonly Crumb[];
  /** What one can do here, beside the title. */
  tools?: ReactNode;
  /** Serif, for names of partnerships and documents. */
  isName?: boolean;
};

/** The head of a page: where am I, what is this, what can I do. */
export function PageHead({ title, above, lead, crumbs, tools, isName = false }: PageHead) {
  return (
    <div className="page-head">
      {crumbs ? <Breadcrumb crumbs={crumbs} /> : null}
      {above ? <div className="small muted page-above">{above}</div> : null}
      <div className="spread">
        <h1 className={isName ? "title" : undefined}>{title}</h1>
        {tools ? <div className="btn-row">{tools}</div> : null}
      </div>
      {lead ? <div className="lead page-lead">{lead}</div> : null}
    </div>
  );
}

/** A page inside a partnership's frame (which draws `<main>` and the navigation). */
export function Page({ children, ...head }: PageHead & { children: ReactNode }) {
  return (
    <>
      <PageHead {...head} />
      {children}
    </>
  );
}

/** A page of its own, without a partnership's navigation. `wide` for broad tables, `narrow` for forms. */
export function PlainPage({
  width = "normal",
  children,
  ...head
}: PageHead & { width?: "normal" | "wide" | "narrow"; children: ReactNode }) {
  return (
    <main className={width === "normal" ? "plain-main" : `plain-main plain-${width}`} id="main" tabIndex={-1}>
      <PageHead {...head} />
      {children}
    </main>
  );
}
