/** How the numbers of a program's members are written: "{year}-{number:4}" gives "2026-0042". Pure functions. */
import type { InputIssue } from "@relata/core/plugin";

const TOKEN = /\{([^{}]*)\}/g;
const KNOWN = /^(?:number(?::([1-9]|1[0-8]))?|year|program)$/;

export interface NumberParts {
  readonly number: number;
  /** The first day as a member. */
  readonly joinedOn: string;
  /** The program's key. */
  readonly program: string;
}

/** `{number}`, `{number:6}` (with zeros in front, at least so many digits), `{year}` of joining, and `{program}`, its key. */
export function formatNumber(format: string, { number, joinedOn, program }: NumberParts): string {
  return format.replace(TOKEN, (_, token: string) => {
    if (token === "year") return joinedOn.slice(0, 4);
    if (token === "program") return program;
    return String(number).padStart(Number(token.split(":")[1] ?? 1), "0");
  });
}

export interface Numbering {
  readonly numberFormat?: string | null | undefined;
  readonly numberRestart?: "never" | "yearly" | undefined;
}

/** What is wrong with the numbering of a program. */
export function numberingIssues({ numberFormat, numberRestart = "never" }: Numbering): readonly InputIssue[] {
  if (numberFormat === null || numberFormat === undefined) return [];
  const wrong = (message: string) => [{ field: "numberFormat", code: "invalid_value", message }];
  const tokens = [...numberFormat.matchAll(TOKEN)].map(([, token]) => token!);
  const unknown = tokens.find((token) => !KNOWN.test(token));
  if (unknown !== undefined || /[{}]/.test(numberFormat.replace(TOKEN, "")))
    return wrong(`has something in braces that is none of {number}, {number:6}, {year} and {program}`);
  if (tokens.filter((token) => token.startsWith("number")).length !== 1)
    return wrong("has {number} not exactly once: each member has a number of its own by it");
  if (numberRestart === "yearly" && !tokens.includes("year"))
    return wrong("has no {year}, and numbers begin anew each year: two members would have the same one");
  return [];
}
