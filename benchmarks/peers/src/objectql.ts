/** ObjectQL, the data engine of ObjectStack, on its SQL driver (knex, better-sqlite3): objects of its own, filled with the same rows. */
import { SqlDriver } from "@objectstack/driver-sql";
import { ObjectQL } from "@objectstack/objectql";
import { type NewOpportunity, PAGE_SIZE, type PageQuery } from "../../src/sales/contestant.ts";
import { createIds } from "../../src/sales/ids.ts";
import {
  FIVE_FIELDS_COLUMNS,
  type FiveFieldsRow,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  type OpportunityRow,
  opportunityOf,
  pageOf,
  type StageEntryRow,
} from "../../src/sales/rows.ts";
import { OPPORTUNITY_TYPES, STAGE_ENTRY_TYPES } from "./columns.ts";
import { connectTo } from "./connection.ts";
import { copyRows, OWN_COLUMNS, type OwnTablesOptions, REFERENCES, type Renamed, TARGETS } from "./own-tables.ts";
import type { Peer } from "./peer.ts";
import { moveChanges, readStages } from "./stages.ts";

/** It stamps columns of these names itself, by a clock of its own, beside which the benchmark's clock needs others. */
export const RENAMED: Renamed = {
  created_at: "recorded_at",
  created_by: "recorded_by",
  updated_at: "changed_at",
  updated_by: "changed_by",
};

const ROWS_AT_ONCE = 100;

export async function objectql({ filename, original, clock }: OwnTablesOptions): Promise<Peer> {
  const newId = createIds(clock);
  const stages = readStages(original);
  const { engine, driver } = await openEngine(filename);
  copyRows(original, connectTo(filename, "better-sqlite3"), RENAMED);

  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, stages.first, { id: newId(), now: clock(), index });
  const entryOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const insertRows = (rows: readonly OpportunityRow[]) =>
    engine.transaction(async () => {
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        const some = rows.slice(from, from + ROWS_AT_ONCE);
        const entries = some.map((row) => entryOf(row.id, row.stage_id, row.created_at));
        await engine.insert("opportunity", some.map(opportunityData));
        await engine.insert("opportunity_stage_entry", entries.map(entryData));
      }
    });
  const find = (query: PageQuery, fields?: readonly string[]) =>
    engine.find("opportunity", {
      where: pageWhere(query),
      orderBy: [
        { field: "expected_close_date", order: "asc" },
        { field: "id", order: "asc" },
      ],
      limit: PAGE_SIZE + 1,
      ...(fields && { fields: [...fields] }),
    });

  return {
    async create(input) {
      const row = newRow(input);
      await insertRows([row]);
      return opportunityOf(row);
    },
    async createMany(inputs) {
      const rows = inputs.map(newRow);
      await insertRows(rows);
      return rows.map(opportunityOf);
    },
    get: async (id) => opportunityOf(rowOf(await engine.findOne("opportunity", { where: { id } }))),
    list: async (query) => pageOf((await find(query)).map(rowOf<OpportunityRow>), PAGE_SIZE, opportunityOf),
    listFiveFields: async (query) =>
      pageOf<FiveFieldsRow, ReturnType<typeof fiveFieldsOf>>(
        await find(query, FIVE_FIELDS_COLUMNS),
        PAGE_SIZE,
        fiveFieldsOf,
      ),
    move: (id, key) =>
      engine.transaction(async () => {
        const now = clock();
        const row = rowOf<OpportunityRow>(await engine.findOne("opportunity", { where: { id } }));
        const changes = { ...moveChanges(stages.byKey(key), now), version: row.version + 1 };
        const changed = await engine.update("opportunity", renamed(changes), {
          where: { id, version: row.version },
          multi: true,
        });
        if (changed !== 1) throw new Error(`${id} has changed`);
        const stay = rowOf<StageEntryRow>(
          await engine.findOne("opportunity_stage_entry", { where: { record_id: id, left_at: null } }),
        );
        const left = { left_at: now, duration_ms: now - stay.entered_at, updated_at: now, version: stay.version + 1 };
        await engine.update("opportunity_stage_entry", { id: stay.id, ...renamed(left) });
        await engine.insert("opportunity_stage_entry", entryData(entryOf(id, changes.stage_id, now)));
        return opportunityOf({ ...row, ...changes });
      }),
    close: () => driver.disconnect(),
  };
}

/** Write-ahead log and `synchronous = normal` are the driver's own settings. */
async function openEngine(filename: string) {
  const engine = new ObjectQL({ logger: SILENT });
  engine.registry.logLevel = "silent";
  const driver = new SqlDriver({ client: "better-sqlite3", connection: { filename }, useNullAsDefault: true });
  engine.registerDriver(driver, true);
  for (const name of TARGETS) engine.registerObject({ name, label: name, tenancy: NO_TENANCY, fields: {} });
  engine.registerObject({
    name: "opportunity",
    label: "Opportunity",
    tenancy: NO_TENANCY,
    fields: fieldsOf("opportunity"),
    indexes: [
      ["status", "expected_close_date", "id"],
      ["status", "stage_entered_at", "id"],
      ["pipeline_id", "status", "stage_id", "id"],
      ["owner_id", "status", "id"],
      ["stage_id", "board_position", "id"],
      ["changed_at", "id"],
      ["account_id"],
      ["contact_id"],
      ["lost_reason_id"],
      ["team_id"],
      ["queue_id"],
    ].map((fields) => ({ fields })),
  });
  engine.registerObject({
    name: "opportunity_stage_entry",
    label: "Stage entry",
    tenancy: NO_TENANCY,
    fields: fieldsOf("opportunity_stage_entry"),
    indexes: [["record_id", "entered_at", "id"], ["changed_at", "id"], ["stage_id"]].map((fields) => ({ fields })),
  });
  await engine.init();
  await engine.syncSchemas();
  return { engine, driver };
}

const NO_TENANCY = { enabled: false };
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

type Fields = Parameters<ObjectQL["registerObject"]>[0]["fields"];

function fieldsOf(table: keyof typeof OWN_COLUMNS): Fields {
  const types = { ...OPPORTUNITY_TYPES, ...STAGE_ENTRY_TYPES };
  const fields = OWN_COLUMNS[table]
    .filter((column) => column !== "id")
    .map((column) => {
      const { type, nullable } = types[column as keyof typeof types];
      return [RENAMED[column] ?? column, { required: !nullable, ...fieldTypeOf(column, type) }];
    });
  return Object.fromEntries(fields) as Fields;
}

function fieldTypeOf(column: string, type: "text" | "integer") {
  const reference = REFERENCES[column];
  if (reference !== undefined) return { type: "lookup", reference };
  if (column === "status") {
    return { type: "select", options: ["open", "won", "lost"].map((value) => ({ label: value, value })) };
  }
  return { type: type === "text" ? "text" : "number" };
}

function opportunityData({ tenant_id, name_folded, ...row }: OpportunityRow) {
  return renamed(row);
}

function entryData({ tenant_id, ...row }: StageEntryRow) {
  return renamed(row);
}

function renamed(row: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [RENAMED[column] ?? column, value]));
}

function rowOf<Row>(record: Readonly<Record<string, unknown>>): Row {
  const { recorded_at, recorded_by, changed_at, changed_by, ...row } = record;
  return {
    ...row,
    created_at: recorded_at,
    created_by: recorded_by,
    updated_at: changed_at,
    updated_by: changed_by,
  } as Row;
}

function pageWhere({ from, after }: PageQuery) {
  const open = { status: "open", archived_at: null };
  if (after === undefined) return { ...open, expected_close_date: { $gte: from } };
  const [day, id] = after as [string, string];
  return {
    ...open,
    expected_close_date: { $gte: day },
    $or: [{ expected_close_date: { $gt: day } }, { id: { $gt: id } }],
  };
}
