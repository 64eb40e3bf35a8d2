/** Every address that no other route knows. The root's error page draws the answer. */
import { throwRefusal } from "../web/refuse.server.ts";

export function loader() {
  return throwRefusal({ code: "not-found", facts: {} });
}

export default function NotFound() {
  return null;
}
