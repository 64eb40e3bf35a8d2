/**
 * Signs out. On a shared computer the browser is told to forget the pictures and pages it
 * kept (promise W12). Not "storage": that would take the unsent words of everybody else who
 * writes on this device, and the page that follows removes what belongs to this person
 * (`forget-copies`). Nor "cookies": browsers then clear those of all our domain's other hosts.
 */
import { type ActionFunctionArgs, redirect, redirectDocument } from "@remix-run/node";
import { signOut } from "../operations/sign-out.ts";
import { orNotStored } from "../web/answer-form.server.ts";
import { optionalUser } from "../web/guard.server.ts";
import { throwRefusal } from "../web/refuse.server.ts";
import { endedSessionCookie } from "../web/session-cookie.ts";

export function loader() {
  return redirect("/");
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = await optionalUser({ request, context });
  const headers = new Headers({ "Set-Cookie": endedSessionCookie });
  if (signedIn !== null) {
    await orNotStored(
      { context },
      () => throwRefusal({ code: "not-stored", facts: {} }),
      () => signOut(signedIn.services, signedIn),
    );
    if (signedIn.isSharedComputer) headers.set("Clear-Site-Data", '"cache"');
  }
  return redirectDocument("/sign-in?left", { headers });
}

export default function SignOut() {
  return null;
}
