/** The tables whose rows are copied where a database is made as large as wanted, and their ids, whose last four digits tell the copy. */
export interface CopiedTable {
  readonly table: string;
  readonly ids: readonly string[];
}

export const OPPORTUNITIES: readonly CopiedTable[] = [{ table: "opportunity", ids: ["id"] }];
export const WITH_STAGE_ENTRIES: readonly CopiedTable[] = [
  ...OPPORTUNITIES,
  { table: "opportunity_stage_entry", ids: ["id", "record_id"] },
];
