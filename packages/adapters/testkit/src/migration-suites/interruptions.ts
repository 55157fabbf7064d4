/** Installing, upgrading, removing and returning, interrupted at every call: run again, the database is as if nothing had happened. */

import { type CrmOptions, type MigrationOptions, runMigrations } from "@relata/core";
import type { AnyPlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { dumpRecords, dumpSchema } from "./dump.ts";
import { type Fault, failingAt } from "./faults.ts";
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

/** Calls at which a storage that is not asked for all of them is interrupted. */
const POINTS = 20;

async function checkCalls(bench: CrmBench, change: Change, every: boolean): Promise<void> {
  const { prepare, to, plurals } = change;
  const dump = async (options: MigrationOptions) => [
    ...(await dumpSchema(options)),
    ...(await dumpRecords(options, plurals)),
  ];
  const run = async (fault: Fault) => {
    const options = { ...(await bench.options()), plugins: to };
    await prepare(withoutPlugins(options));
    const running = runMigrations({ ...options, storage: failingAt(options.storage, fault) });
    const error = await running.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { options, error };
  };

  const undisturbed = { at: 0, calls: 0 };
  const { options } = await run(undisturbed);
  const expected = await dump(options);
  const stride = every ? 1 : Math.ceil(undisturbed.calls / POINTS);
  for (let at = 1; at <= undisturbed.calls; at += stride) {
    const disturbed = await run({ at, calls: 0 });
    expect(String(disturbed.error)).toContain(`Call ${at} fails.`);
    await runMigrations(disturbed.options);
    expect(await dump(disturbed.options)).toEqual(expected);
  }
}

function withoutPlugins({ plugins: _, ...options }: MigrationOptions): CrmOptions {
  return options;
}

/** `every`: at every call; else at some, spread over all of them. */
export function interruptions(every: boolean): CrmSuite {
  return {
    name: "an interruption",
    facts: Object.entries(changes).map(([name, change]) =>
      crmFact(`${name} is done whole when it is run again, whichever call has failed`, (bench) =>
        checkCalls(bench, change, every),
      ),
    ),
  };
}
