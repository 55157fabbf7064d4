/** Checks that what was refused has left nothing: not in the records, and not in JavaScript's own prototypes. */

import { CrmError } from "@relata/core";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import type { CrmBench } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

export const ABSENT_ID = "01890a5d-ac96-774b-bcce-b302099a8057";

/** What must be refused, on a CRM with the crate "c1" and one specimen, whose id it is given. */
export type Attempt = (crm: SampleCrm, id: string) => Promise<unknown>;

/**
 * Makes each attempt, and finds everything untouched after it. `error` is what each must fail with: the code, the names, and
 * the code of the first issue, as in "invalid_input specimen.weight not_whole".
 */
export async function refuseAll(bench: CrmBench, calls: readonly Attempt[], error: string): Promise<void> {
  const { crm, id, untouched } = await specimenOf(bench);
  for (const call of calls) {
    const thrown = await failure(call(crm, id));
    expect(`${describeError(thrown)} by ${call}`).toBe(`${error} by ${call}`);
    expect(await state(crm)).toEqual(untouched);
    expect(polluted()).toEqual([]);
  }
}

const specimens = new WeakMap<CrmBench, ReturnType<typeof withSpecimen>>();

/** One for all calls of a fact: none of them changes it. */
function specimenOf(bench: CrmBench): ReturnType<typeof withSpecimen> {
  const known = specimens.get(bench) ?? withSpecimen(bench);
  specimens.set(bench, known);
  return known;
}

async function withSpecimen(bench: CrmBench) {
  const crm = await bench.open();
  await crm.crates.create({ id: "c1" });
  const { id } = await crm.specimens.create({ code: "a", weight: 1, crateId: "c1" });
  return { crm, id, untouched: await state(crm) };
}

async function state(crm: SampleCrm) {
  const crates = await crm.crates.list({ archived: "include" });
  const specimens = await crm.specimens.list({ archived: "include" });
  return {
    crates: crates.items,
    specimens: specimens.items,
    samples: await crm.samples.count(),
    opportunities: await crm.opportunities.count(),
  };
}

function describeError(thrown: unknown): string {
  if (!CrmError.is(thrown)) return String(thrown);
  const { entity, field, issues } = thrown.details;
  const name = [entity, field].filter((part) => part !== undefined).join(".");
  return [thrown.code, name, issues?.[0]?.code].filter((part) => part !== undefined && part !== "").join(" ");
}

/** What every object would have, and does not. */
function polluted(): string[] {
  const keys: string[] = [];
  for (const key in {}) keys.push(key);
  return keys.concat(["polluted", "code", "weight", "currency", "fn", "field", "eq"].filter((name) => name in {}));
}
