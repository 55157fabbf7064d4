/** The command line, parsed. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CrmError } from "@relata/core";

export interface Options {
  /** The folder of CSV files to read; undefined for the generated team. */
  readonly from: string | undefined;
  /** The database file; undefined for one in memory. */
  readonly db: string | undefined;
  readonly help: boolean;
}

export const usage = `Loads a sales team's data into a CRM and reports on it.

  npm run demo                      a generated team, into crm.db
  npm run demo -- --from DIR        the CSV files of DIR: sales_teams.csv, accounts.csv, products.csv,
                                    sales_pipeline.csv and, if they are there, contacts.csv, activities.csv
  npm run demo -- --db FILE         into another file than crm.db
  npm run demo -- --memory          into memory: nothing is kept

Both can be run again: what is there already is not doubled.`;

/**
 * Relative paths start at `folder`, where the user is.
 *
 * @throws `usage` for an option that is unknown, or lacks its value
 */
export function parseOptions(args: readonly string[], folder: string): Options {
  const { from, db, memory, help } = parse(args);
  return {
    from: from === undefined ? undefined : resolve(folder, from),
    db: memory === true ? undefined : resolve(folder, db ?? "crm.db"),
    help: help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        from: { type: "string" },
        db: { type: "string" },
        memory: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.from === "" || values.db === "") throw new Error("An option has an empty value.");
    if (values.memory === true && values.db !== undefined) throw new Error("--memory and --db exclude each other.");
    return values;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CrmError("usage", `${why}\n\n${usage}`, { cause: error });
  }
}
