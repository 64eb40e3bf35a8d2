/**
 * The page in front of the house: sign in, ask for a new password, accept an invitation.
 * A form on the left; on the right the picture of the street, or what `aside` brings.
 */
import type { ReactNode } from "react";
import { Brand, SkipLink } from "./shell.tsx";

const provider = [
  2, 5, 14, 9, 6, 7, 4, 1, 0, 0, 4, 11, 15, 8, 5, 4, 3, 7, 6, 5, 4, 2, 1, 0, 0, 1, 5, 9, 11, 7, 4, 3,
];
const employer = [
  0, 1, 5, 3, 1, 1, 1, 0, 0, 1, 7, 9, 6, 4, 6, 4, 3, 2, 12, 10, 8, 5, 3, 2, 1, 0, 2, 4, 12, 6, 2, 5,
];
const exchanges = [16, 56, 94, 166, 191];
const left = (week: number) => 6 + week * 6;

/** Decoration: the idea of the street, of no partnership in particular. */
function StreetPicture() {
  return (
    <svg className="mini mini-big" viewBox="0 0 200 44" aria-hidden="true" focusable="false">
      {provider.map((height, week) => (
        <rect className="bar-p" key={left(week)} x={left(week)} y={18 - height} width="4" height={height} />
      ))}
      {employer.map((height, week) => (
        <rect className="mini-e" key={left(week)} x={left(week)} y={26} width="4" height={height} />
      ))}
      <rect className="road" x="0" y="19" width="200" height="6" />
      {exchanges.map((x) => (
        <path className="mini-x" key={x} d={`M${x - 1.6} 19v6M${x + 1.6} 19v6`} />
      ))}
      <path className="bridge" d="M171 2v40M173 2v40" />
    </svg>
  );
}

export function FrontDoor({
  title,
  children,
  aside,
}: {
  title: string;
  children: ReactNode;
  aside?: ReactNode;
}) {
  return (
    <>
      <SkipLink />
      <div className="signin">
        <main className="signin-form" id="main" tabIndex={-1}>
          <div className="stack door-stack">
            <p>
              <Brand to="/sign-in" />
            </p>
            <h1>{title}</h1>
            {children}
          </div>
        </main>
        <aside className="signin-art" aria-label="About Two-Way">
          <div>
            <StreetPicture />
            <p className="title door-motto">One table, two sides, a curriculum both will sign.</p>
          </div>
          {aside}
        </aside>
      </div>
    </>
  );
}
