/** The programmes one may see; with a single one, straight to it. */
import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "../components/button.tsx";
import { EmptyState, Illustrative } from "../components/parts.tsx";
import { PlainPage } from "../components/shell.tsx";
import { formatMonths } from "../domain/dates.ts";
import { readProgrammes } from "../operations/read-programmes.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export const meta: MetaFunction = () => [{ title: "Programmes · Two-Way" }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const programmes = await readProgrammes(signedIn.services, signedIn);
  if (!programmes.ok) return throwRefusal(programmes.refusal);
  const canManage = signedIn.user.isProgrammeAdmin;
  const only = programmes.value[0];
  if (only && programmes.value.length === 1 && !canManage) throw redirect(`/programmes/${only.slug}`);
  return { programmes: programmes.value, canManage };
}

export default function Programmes() {
  const { programmes, canManage } = useLoaderData<typeof loader>();
  return (
    <PlainPage
      title="Programmes"
      lead="A programme brings several partnerships of colleges and employers together."
      tools={
        canManage ? (
          <ButtonLink icon="plus" to="/programmes/new">
            New programme
          </ButtonLink>
        ) : null
      }
    >
      {programmes.length === 0 ? (
        <EmptyState title="No programme yet">
          <p>You see a programme here as soon as you are a member of one of its partnerships.</p>
        </EmptyState>
      ) : (
        <ul className="rows">
          {programmes.map((programme) => (
            <li key={programme.slug} className="programme-line">
              <div>
                <Link className="name" to={`/programmes/${programme.slug}`}>
                  {programme.title}
                </Link>
                <p className="muted">{programme.summary}</p>
              </div>
              <p className="small muted">
                {programme.partnerships} {programme.partnerships === 1 ? "partnership" : "partnerships"}
                <span className="pship-sub">{formatMonths(programme.startsOn, programme.endsOn)}</span>
                {programme.isIllustrative ? <Illustrative /> : null}
              </p>
            </li>
          ))}
        </ul>
      )}
    </PlainPage>
  );
}
