/** A greeting formed of names by a pattern: a pure function. */
import { contactDisplay, type NameParts } from "@relata/core";
import type { GreetingRules } from "./greeting-rules.ts";

type Joining = Pick<GreetingRules, "and" | "separator" | "most" | "others">;

interface Group {
  readonly before: string;
  readonly inside: string[];
  readonly after: string;
}

/**
 * The persons in the order in which they are told; undefined for nobody. Who lacks what is told for each person is told by the whole name, or
 * left out where it is families that are told. What stands outside of the brackets without a field closes the whole, others included.
 */
export function greet(persons: readonly NameParts[], pattern: string, rules: Joining): string | undefined {
  const [before, each, after] = partsOf(pattern);
  const isOne = !`${before}${after}`.includes("{");
  const groups = new Map<string, Group>();
  for (const person of toldBy(each, persons)) {
    const told = filled(each, person);
    const inside = told ?? contactDisplay(person);
    const outside = (part: string) => (isOne ? part : told === undefined ? "" : written(part, person));
    const key = JSON.stringify([outside(before), outside(after), isOne || told !== undefined]);
    const group = groups.get(key) ?? { before: outside(before), inside: [], after: outside(after) };
    groups.set(key, group);
    if (inside !== "" && (isAboutPersons(each) || !group.inside.includes(inside))) group.inside.push(inside);
  }
  return told([...groups.values()], { isOne, rules });
}

function told(
  groups: readonly Group[],
  { isOne, rules }: { readonly isOne: boolean; readonly rules: Joining },
): string | undefined {
  let left = rules.most;
  const texts: string[] = [];
  const isMore = groups.reduce((count, { inside }) => count + inside.length, 0) > rules.most && rules.others !== "";
  for (const { before, inside, after } of groups) {
    const shown = inside.slice(0, left);
    left -= shown.length;
    if (shown.length === 0) continue;
    texts.push(tidy(`${before}${listed(isOne && isMore ? [...shown, rules.others] : shown, rules)}${after}`));
  }
  if (texts.length === 0) return undefined;
  return listed(isMore && !isOne ? [...texts, rules.others] : texts, rules);
}

function toldBy(each: string, persons: readonly NameParts[]): readonly NameParts[] {
  if (isAboutPersons(each)) return persons;
  const having = persons.filter((person) => filled(each, person) !== undefined);
  return having.length > 0 ? having : persons;
}

/** What stands before the brackets, in them, and after them; without brackets, all of it is told for each person. */
function partsOf(pattern: string): readonly [string, string, string] {
  const [, before, each, after] = /^([^[]*)\[([^\]]*)\](.*)$/s.exec(pattern) ?? [];
  return each === undefined ? ["", pattern, ""] : [before!, each, after!];
}

/** Two persons of one given name are two; of one family name, they are one family. */
function isAboutPersons(each: string): boolean {
  return /\{(?:given|full|informal)\}/.test(each);
}

/** Undefined where none of its fields but the honorific has a value. */
function filled(pattern: string, person: NameParts): string | undefined {
  const fields = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, field]) => field!);
  const named = fields.filter((field) => field !== "honorific");
  const isEmpty = (named.length > 0 ? named : fields).every((field) => fieldOf(field, person) === "");
  return isEmpty ? undefined : tidy(written(pattern, person));
}

function written(pattern: string, person: NameParts): string {
  return pattern.replace(/\{(\w+)\}/g, (_, field: string) => fieldOf(field, person));
}

function fieldOf(field: string, person: NameParts): string {
  switch (field) {
    case "given":
      return person.givenName ?? "";
    case "family":
      return [person.familyName, person.secondFamilyName].filter((name) => name).join(" ");
    case "honorific":
      return person.honorific ?? "";
    case "full":
      return contactDisplay(person);
    default:
      return contactDisplay(person, { form: "informal" });
  }
}

function listed(texts: readonly string[], { and, separator }: Joining): string {
  if (texts.length < 2) return texts[0] ?? "";
  return `${texts.slice(0, -1).join(separator)}${and}${texts.at(-1)}`;
}

function tidy(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
