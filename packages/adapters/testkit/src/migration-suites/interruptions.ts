/** Installing, upgrading, removing and returning, interrupted at every call: run again, the database is as if nothing had happened. */

import { type CrmOptions, type MigrationOptions, runMigrations } from "@relata/core";
import type { AnyPlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { dumpRecords, dumpSchema } from "./dump.ts";
import { failingAt } from "./faults.ts";
import { fillGear, gearOne, gearTwo } from "./gear.ts";

interface Change {
  /** What the database goes through before. */
  prepare(options: CrmOptions): Promise<unknown>;
  readonly to: readonly AnyPlugin[];
  readonly plurals: readonly string[];
}

const changes: Readonly<Record<string, Change>> = {
  "installing a plugin": { prepare: runMigrations, to: [gearTwo], plurals: ["accounts", "devices"] },
  "upgrading a plugin": { prepare: fillGear, to: [gearTwo], plurals: ["accounts", "devices"] },
  "removing a plugin": { prepare: fillGear, to: [], plurals: ["accounts"] },
  "installing it again": {
    async prepare(options) {
      await fillGear(options);
      await runMigrations(options);
    },
    to: [gearOne],
    plurals: ["accounts", "tools"],
  },
};

/** More calls than any of them takes. */
const MOST_CALLS = 1_000;

async function checkEveryCall(bench: CrmBench, { prepare, to, plurals }: Change): Promise<void> {
  const dump = async (options: MigrationOptions) => [
    ...(await dumpSchema(options)),
    ...(await dumpRecords(options, plurals)),
  ];
  const undisturbed = { ...(await bench.options()), plugins: to };
  await prepare(withoutPlugins(undisturbed));
  await runMigrations(undisturbed);
  const expected = await dump(undisturbed);

  for (let at = 1; at < MOST_CALLS; at++) {
    const options = { ...(await bench.options()), plugins: to };
    await prepare(withoutPlugins(options));
    const fault = { at, calls: 0 };
    const error = await runMigrations({ ...options, storage: failingAt(options.storage, fault) }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) {
      expect(fault.calls).toBe(at - 1);
      return;
    }
    expect(String(error)).toContain(`Call ${at} fails.`);
    await runMigrations(options);
    expect(await dump(options)).toEqual(expected);
  }
  throw new Error("It never ran to its end.");
}

function withoutPlugins({ plugins: _, ...options }: MigrationOptions): CrmOptions {
  return options;
}

export const interruptions: CrmSuite = {
  name: "an interruption",
  facts: Object.entries(changes).map(([name, change]) =>
    crmFact(`${name} is done whole when it is run again, whichever call has failed`, (bench) =>
      checkEveryCall(bench, change),
    ),
  ),
};
