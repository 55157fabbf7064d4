/** Before anything is timed: do all entrants give the same answers, and leave the same rows behind? */
import { AssertionError } from "node:assert/strict";
import type { Answer, Entrant, Workload } from "./measure.ts";

/** Of each workload that does not say another number. */
const COMPARED = 3;
const UUID = /([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export interface Compared<Contestant> {
  readonly entrants: readonly Entrant<Contestant>[];
  readonly workloads: readonly Workload<Contestant>[];
  /** All rows of the tables that the workloads write, in an order that does not hang on new ids; undefined where nothing is written. */
  rows?(entrant: Entrant<Contestant>): Answer<unknown>;
  /** Ids made from this instant on (milliseconds, by the time in the id) are new: each is named by the order in which it is met. */
  readonly since: number;
}

/** @throws AssertionError naming the entrant and the workload that differ from the first one. */
export async function compareAnswers<Contestant>(compared: Compared<Contestant>): Promise<void> {
  const { entrants, workloads, rows, since } = compared;
  let expected:
    | { readonly name: string; readonly answers: ReadonlyMap<string, string>; readonly rows: string }
    | undefined;
  for (const entrant of entrants) {
    const named = nameNewIds(since);
    const answers = new Map<string, string>();
    for (const workload of workloads) {
      const operate = workload.prepare(entrant.contestant);
      let list = "";
      for (let number = 0; number < (workload.compared ?? COMPARED); number++)
        list += `${named(plain(await operate(number)))}\n`;
      answers.set(workload.name, list);
    }
    const own = { name: entrant.name, answers, rows: named(textOf(await rows?.(entrant))) };
    expected ??= own;
    for (const [workload, list] of answers) {
      assertSame(
        `${own.name} answers otherwise than ${expected.name}: ${workload}`,
        list,
        expected.answers.get(workload),
      );
    }
    assertSame(`${own.name} writes other rows than ${expected.name}`, own.rows, expected.rows);
  }
}

/** The message shows the first place at which the two are not the same. */
function assertSame(message: string, actual: string | undefined, expected: string | undefined): void {
  if (actual === expected) return;
  const [one = "", other = ""] = [actual, expected];
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 200), at + 100);
  throw new AssertionError({ message: `${message}\n  ${around(one)}\n  ${around(other)}`, actual, expected });
}

/** As text, without what only some of the contestants tell of a stage. */
function plain(answer: unknown): string {
  return JSON.stringify(answer, (key, value: unknown) => {
    if (typeof value === "bigint") return String(value);
    if (key !== "stage" || typeof value !== "object" || value === null) return value;
    const { id, key: stageKey } = value as { readonly id: string; readonly key: string };
    return { id, key: stageKey };
  });
}

function textOf(rows: unknown): string {
  return JSON.stringify(rows ?? null, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

/** Names each id from then on by the order in which it is met. */
export function nameNewIds(since: number): (text: string) => string {
  const names = new Map<string, string>();
  return (text) =>
    text.replace(UUID, (id, high: string, low: string) => {
      if (Number.parseInt(high + low, 16) < since) return id;
      if (!names.has(id)) names.set(id, `new ${names.size}`);
      return names.get(id)!;
    });
}
