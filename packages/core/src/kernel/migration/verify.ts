/** Refusing a database that is not as declared, with everything that differs. */
import { CrmError } from "../../errors.ts";
import type { MigrationStep } from "../storage/storage-adapter.ts";
import { describeStep } from "./describe-step.ts";
import type { Problem } from "./plan.ts";

export interface Differences {
  /** "plugin/id" of migrations that are not applied, or not to the end. */
  readonly migrations: readonly string[];
  readonly steps: readonly MigrationStep[];
  readonly problems: readonly Problem[];
}

/** @throws `schema_mismatch` where anything differs; its details list all `differences`. */
export function refuseDifferences({ migrations, steps, problems }: Differences): void {
  const differences = [
    ...problems.map(({ message }) => message.replace(/\.$/, "")),
    ...migrations.map((migration) => `the migration ${migration} is not applied`),
    ...steps.map((step) => describeStep(step).difference),
  ];
  const [first] = differences;
  if (first === undefined) return;
  const others = differences.length > 1 ? ` ${differences.length - 1} more changes are needed.` : "";
  const advice = problems.length > 0 ? "Correct it, or write a migration." : 'Open it once with migrate: "auto".';
  const [problem] = problems;
  const entity = problem?.entity ?? steps[0]?.table.entity;
  throw new CrmError("schema_mismatch", `The database is not as declared: ${first}.${others} ${advice}`, {
    details: {
      ...(entity === undefined ? {} : { entity }),
      ...(problem ? { field: problem.field } : {}),
      missing: differences.length,
      differences,
    },
  });
}
