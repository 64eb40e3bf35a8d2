/**
 * A person as two letters in the shape of their side: round and solid, square and
 * dashed, round and dotted. Faces stand grouped by side with a rule between.
 */
import type { Side } from "../domain/sides.ts";
import { SideMark, sideStyle, sideWord } from "./side.tsx";

/** First letters of the first and last word of a name, at most two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first === undefined) return "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  const letter = (word: string | undefined) => (word === undefined ? "" : (Array.from(word)[0] ?? ""));
  return (letter(first) + letter(last)).toLocaleUpperCase("en-GB");
}

export type Person = {
  /** Tells two people of one name apart in a list. */
  readonly id?: string;
  readonly name: string;
  readonly side: Side | null;
  readonly organisation?: string | null;
};

/** `isNamedBeside`: the name stands next to the face, so screen readers skip the face. */
export function Face({ person, isNamedBeside = false }: { person: Person; isNamedBeside?: boolean }) {
  const title = person.organisation ? `${person.name}, ${person.organisation}` : person.name;
  const label = isNamedBeside
    ? { "aria-hidden": true as const }
    : { role: "img", "aria-label": `${title} (${sideWord(person.side)})` };
  return (
    <span className={`face face-${sideStyle(person.side)}`} title={title} {...label}>
      {initials(person.name)}
      <SideMark side={person.side} />
    </span>
  );
}

/** People grouped by side: providers, employers, then conveners. */
export function Faces({ people, label }: { people: readonly Person[]; label: string }) {
  const groups = (["provider", "employer", "intermediary"] as const)
    .map((style) => people.filter((person) => sideStyle(person.side) === style))
    .filter((group) => group.length > 0);
  return (
    <fieldset className="faces" aria-label={label}>
      {groups.map((group) => (
        <span className="faces-group" key={sideStyle(group[0]?.side ?? null)}>
          {group.map((person) => (
            <Face key={person.id ?? `${person.name}, ${person.organisation}`} person={person} />
          ))}
        </span>
      ))}
    </fieldset>
  );
}
