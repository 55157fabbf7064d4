/** Steps in words, and how much care each needs. */
import type { MigrationStep } from "../storage/storage-adapter.ts";

/** `safe`: nothing is lost and nothing that worked stops. `risky`: older code stops working. `destructive`: data is gone. */
export type Risk = "safe" | "risky" | "destructive";

export interface StepDescription {
  readonly description: string;
  /** The same, as what is wrong before it is taken. */
  readonly difference: string;
  readonly risk: Risk;
}

export function describeStep(step: MigrationStep): StepDescription {
  const { name } = step.table;
  switch (step.kind) {
    case "create_table":
      return words(`create the table ${name}`, `the table ${name} is missing`);
    case "add_column":
      return words(
        `add the column ${step.column.name} to ${name}`,
        `the column ${step.column.name} of ${name} is missing`,
      );
    case "widen_column":
      return words(
        `let the column ${step.column.name} of ${name} accept more`,
        `the column ${step.column.name} of ${name} accepts less`,
      );
    case "allow_null":
      return words(
        `allow no value in the column ${step.column} of ${name}`,
        `the column ${step.column} of ${name} must have a value, but is not declared any more`,
      );
    case "create_index":
      return words(
        `create the index ${step.index.name} of ${name}`,
        `the index ${step.index.name} of ${name} is missing`,
      );
    case "drop_index":
      return words(
        `drop the index ${step.index.name} of ${name}`,
        `the index ${step.index.name} of ${name} holds a rule that is not declared any more`,
      );
    case "insert_row":
      return words(`note ${step.values[1]} in ${name}`, `${step.values[1]} is not noted in ${name}`);
    case "rename_table":
      return words(
        `rename the table ${name} to ${step.to.name}`,
        `the table ${name} is not renamed to ${step.to.name}`,
        "risky",
      );
    case "rename_column":
      return words(
        `rename the column ${step.column} of ${name} to ${step.to.name}`,
        `the column ${step.column} of ${name} is not renamed to ${step.to.name}`,
        "risky",
      );
    case "set_meaning":
      return words(
        `keep that the column ${step.column} of ${name} is ${step.meaning}`,
        `the column ${step.column} of ${name} is not known as ${step.meaning}`,
      );
    case "forbid_null":
      return words(
        `ask for a value in the column ${step.column} of ${name}`,
        `the column ${step.column} of ${name} may be empty`,
        "risky",
      );
    case "drop_column":
      return words(
        `drop the column ${step.column} of ${name}`,
        `the column ${step.column} of ${name} is there`,
        "destructive",
      );
    case "drop_table":
      return words(`drop the table ${name}`, `the table ${name} is there`, "destructive");
    case "create_policies":
      return words(
        `create the policies of row-level security of ${name}`,
        `the table ${name} has not the policies of row-level security`,
      );
    case "drop_policies":
      return words(
        `drop the policies of row-level security of ${name}`,
        `the table ${name} has policies of row-level security, which is switched off`,
      );
    default:
      return step satisfies never;
  }
}

function words(description: string, difference: string, risk: Risk = "safe"): StepDescription {
  return { description, difference, risk };
}
