/**
 * The page a service worker keeps for times without a network: nobody's data in it. It
 * finds the document named in its address on this device.
 */
import type { MetaFunction } from "@remix-run/node";
import { lazy, Suspense, useEffect, useState } from "react";
import { LookingForCopy } from "../editor/offline-waiting.tsx";
import "../styles/editor.css";

export const handle = { frame: "none" };

export const meta: MetaFunction = () => [{ title: "Offline · Two-Way" }];

const OfflineDesk = lazy(() =>
  import("../editor/offline-desk.client.tsx").then((module) => ({ default: module.OfflineDesk })),
);

export default function OfflineRoute() {
  const [isAwake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  return isAwake ? (
    <Suspense fallback={<LookingForCopy />}>
      <OfflineDesk />
    </Suspense>
  ) : (
    <LookingForCopy />
  );
}
