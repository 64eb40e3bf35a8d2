/** The frame of everything inside one partnership. Each page below asks for its rights itself. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData } from "@remix-run/react";
import { PartnershipFrame } from "../components/partnership-frame.tsx";
import { readPartnershipNav } from "../operations/read-partnership-nav.ts";
import { requireUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  const signedIn = await requireUser({ request, context });
  const nav = await readPartnershipNav(signedIn.services, signedIn, { slug: params["slug"] ?? "" });
  if (!nav.ok) return throwRefusal(nav.refusal);
  const { slug, title, organisations, counts } = nav.value;
  return { nav: { slug, title, organisations, counts } };
}

export default function PartnershipLayout() {
  const { nav } = useLoaderData<typeof loader>();
  return (
    <PartnershipFrame nav={nav}>
      <Outlet />
    </PartnershipFrame>
  );
}
