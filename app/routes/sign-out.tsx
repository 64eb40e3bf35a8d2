/** Signs out. On a shared computer the browser is told to forget all it kept (promise W12). */
import { type ActionFunctionArgs, redirect, redirectDocument } from "@remix-run/node";
import { signOut } from "../operations/sign-out.ts";
import { optionalUser } from "../web/guard.server.ts";
import { endedSessionCookie } from "../web/session-cookie.ts";

export function loader() {
  return redirect("/");
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = await optionalUser({ request, context });
  const headers = new Headers({ "Set-Cookie": endedSessionCookie });
  if (signedIn !== null) {
    await signOut(signedIn.services, signedIn);
    if (signedIn.isSharedComputer) headers.set("Clear-Site-Data", '"cache", "cookies", "storage"');
  }
  return redirectDocument("/sign-in", { headers });
}

export default function SignOut() {
  return null;
}
