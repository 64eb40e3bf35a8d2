/**
 * The frame around every page: language, styles, policy nonce, the shell with the
 * signed-in person, and what is shown when a page cannot be found or drawn. Pages that
 * are a tool of their own (sign-in, the editor) export `handle = { frame: "none" }`.
 */
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useLocation,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { type ReactNode, useEffect } from "react";
import { ErrorPage, NotFoundPage, RefusedPage } from "./components/error-pages.tsx";
import { ForgetfulFields, ForgetfulTitle } from "./components/forgetful.tsx";
import { KeptForm } from "./components/kept-form.tsx";
import { unansweredFields, useRememberSent } from "./components/last-sent.ts";
import { Shell } from "./components/shell.tsx";
import type { SentFields } from "./domain/sent-fields.ts";
import { useNonce } from "./nonce-context.ts";
import { readShell } from "./operations/read-shell.ts";
import { optionalUser } from "./web/guard.server.ts";
import { refusalHeaders } from "./web/refuse.server.ts";
import "./styles/index.css";

export const meta: MetaFunction = () => [{ title: "Two-Way" }];
export const headers = refusalHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { requestId } = context;
  const signedIn = await optionalUser({ request, context });
  if (signedIn === null) return { requestId, person: null };
  const { user, services } = signedIn;
  const shell = await readShell(services, signedIn);
  const { isSharedComputer } = signedIn;
  return { requestId, person: { name: user.name, jobTitle: user.jobTitle, isSharedComputer, ...shell } };
}

/**
 * The bar changes with what is posted (sign-in, account, roles), not with where one goes,
 * and stays while a refused form waits to be sent again.
 */
export function shouldRevalidate({ formMethod, actionStatus = 200 }: ShouldRevalidateFunctionArgs): boolean {
  return formMethod !== undefined && formMethod !== "GET" && actionStatus < 400;
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const isForgetful = useRouteLoaderData<typeof loader>("root")?.person?.isSharedComputer ?? false;
  return (
    <html lang="en-GB">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta property="csp-nonce" nonce={nonce} suppressHydrationWarning />
        {isForgetful ? <ForgetfulTitle /> : <Meta />}
        <Links />
      </head>
      <body>
        {children}
        {isForgetful ? <ForgetfulFields /> : null}
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

/** Does the page draw itself without the shell? */
function drawsAlone(handle: unknown): boolean {
  return typeof handle === "object" && handle !== null && "frame" in handle && handle.frame === "none";
}

/** Has this browser's page shown something since it was loaded? Never set on the server. */
let wasDrawn = false;

export default function Root() {
  const { person } = useLoaderData<typeof loader>();
  useRememberSent();
  useEffect(() => {
    wasDrawn = true;
  }, []);
  const isAlone = useMatches().some((match) => drawsAlone(match.handle));
  if (isAlone) return <Outlet />;
  return (
    <Shell person={person}>
      <Outlet />
    </Shell>
  );
}

/** The sentence of a refusal that a loader threw, or null. */
function sentenceIn(data: unknown): string | null {
  if (typeof data !== "object" || data === null || !("refusal" in data)) return null;
  const { refusal } = data;
  if (typeof refusal !== "object" || refusal === null || !("sentence" in refusal)) return null;
  return typeof refusal.sentence === "string" ? refusal.sentence : null;
}

/** What a form held that could not be taken, where the answer carries it along. */
function sentIn(data: unknown): SentFields | null {
  if (typeof data !== "object" || data === null || !("sent" in data) || !Array.isArray(data.sent))
    return null;
  return data.sent.filter(
    (field): field is [string, string] =>
      Array.isArray(field) && typeof field[0] === "string" && typeof field[1] === "string",
  );
}

/** A broken line, a page of a proxy, a server that starts, a bug: was it taken before that? Nobody can say here. */
const noAnswer =
  "No answer came, or none that can be read here. What you typed stands below: send it again when there is a connection.";

export function ErrorBoundary() {
  const error = useRouteError();
  const { pathname } = useLocation();
  const root = useRouteLoaderData<typeof loader>("root");
  const person = root?.person ?? null;
  const sentence = isRouteErrorResponse(error) ? sentenceIn(error.data) : null;
  const sent = isRouteErrorResponse(error) ? sentIn(error.data) : null;
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const unanswered = sentence === null && status !== 404 ? unansweredFields(pathname) : null;
  // The number here is that of the first request: of a later one only the log knows.
  const reference = wasDrawn ? null : (root?.requestId ?? null);
  return (
    <Shell person={person}>
      {status === 404 ? (
        <NotFoundPage />
      ) : sentence !== null && sent !== null ? (
        <KeptForm title="You are signed out" refusal={{ code: "session-ended", sentence }} sent={sent} />
      ) : unanswered !== null ? (
        <KeptForm
          title="This may not have been stored"
          refusal={{ code: "not-answered", sentence: noAnswer }}
          sent={unanswered}
        />
      ) : sentence !== null && status < 500 ? (
        <RefusedPage sentence={sentence} isSignedOut={status === 401} />
      ) : (
        <ErrorPage reference={reference} sentence={sentence} />
      )}
    </Shell>
  );
}
