/** Payload's local API on its SQLite adapter (libSQL): collections of its own, filled with the same rows. */
import { sqliteAdapter } from "@payloadcms/db-sqlite";
import { buildConfig, type CollectionConfig, type Field, getPayload, type Where } from "payload";
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
import { copyRows, OWN_COLUMNS, type OwnTablesOptions, REFERENCES, TARGETS } from "./own-tables.ts";
import type { Peer } from "./peer.ts";
import { moveChanges, readStages } from "./stages.ts";

export async function payload({ filename, original, clock }: OwnTablesOptions): Promise<Peer> {
  const newId = createIds(clock);
  const stages = readStages(original);
  const local = await openPayload(filename);
  copyRows(original, connectTo(filename, "libsql"));

  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, stages.first, { id: newId(), now: clock(), index });
  const entryOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const create = async (row: OpportunityRow) => {
    await local.create({ collection: "opportunity", data: dataOf(row, "opportunity"), depth: 0 });
    await enter(entryOf(row.id, row.stage_id, row.created_at));
  };
  const enter = (entry: StageEntryRow) =>
    local.create({
      collection: "opportunity_stage_entry",
      data: dataOf(entry, "opportunity_stage_entry"),
      depth: 0,
    });
  const find = async (query: PageQuery, select?: Readonly<Record<string, true>>) => {
    const { docs } = await local.find({
      collection: "opportunity",
      where: pageWhere(query),
      sort: ["expected_close_date", "id"],
      limit: PAGE_SIZE + 1,
      pagination: false,
      depth: 0,
      ...(select && { select }),
    });
    return docs;
  };
  const fiveFields = Object.fromEntries(FIVE_FIELDS_COLUMNS.map((column) => [fieldOf(column), true as const]));

  return {
    async create(input) {
      const row = newRow(input);
      await create(row);
      return opportunityOf(row);
    },
    async createMany(inputs) {
      const rows = inputs.map(newRow);
      for (const row of rows) await create(row);
      return rows.map(opportunityOf);
    },
    get: async (id) => opportunityOf(rowOf(await local.findByID({ collection: "opportunity", id, depth: 0 }))),
    list: async (query) => pageOf((await find(query)).map(rowOf<OpportunityRow>), PAGE_SIZE, opportunityOf),
    async listFiveFields(query) {
      const rows = (await find(query, fiveFields)).map(rowOf<FiveFieldsRow>);
      return pageOf(rows, PAGE_SIZE, fiveFieldsOf);
    },
    async move(id, key) {
      const now = clock();
      const { stage_id, ...changes } = moveChanges(stages.byKey(key), now);
      const row = rowOf<OpportunityRow>(await local.findByID({ collection: "opportunity", id, depth: 0 }));
      const version = row.version + 1;
      const { docs } = await local.update({
        collection: "opportunity",
        where: { and: [{ id: { equals: id } }, { version: { equals: row.version } }] },
        data: { ...changes, stage: stage_id, version },
        depth: 0,
      });
      if (docs.length !== 1) throw new Error(`${id} has changed`);
      const { docs: stays } = await local.find({
        collection: "opportunity_stage_entry",
        where: { and: [{ record: { equals: id } }, { left_at: { exists: false } }] },
        limit: 1,
        pagination: false,
        depth: 0,
      });
      const stay = rowOf<StageEntryRow>(stays[0]!);
      await local.update({
        collection: "opportunity_stage_entry",
        id: stay.id,
        data: { left_at: now, duration_ms: now - stay.entered_at, updated_at: now, version: stay.version + 1 },
        depth: 0,
      });
      await enter(entryOf(id, stage_id, now));
      return opportunityOf({ ...row, ...changes, stage_id, version });
    },
    close: () => local.destroy(),
  };
}

/** No transactions: the adapter has none by default, and its documentation advises against them on SQLite. */
async function openPayload(filename: string) {
  const config = buildConfig({
    secret: "only for the benchmark",
    telemetry: false,
    typescript: { autoGenerate: false },
    graphQL: { disable: true },
    logger: { options: { level: "error" } },
    db: sqliteAdapter({
      client: { url: `file:${filename}` },
      wal: { synchronous: "NORMAL" },
    }),
    collections: [
      ...TARGETS.map((slug) => collection(slug, [])),
      {
        ...collection("opportunity", fieldsOf("opportunity")),
        indexes: [
          { fields: ["status", "expected_close_date"] },
          { fields: ["status", "stage_entered_at"] },
          { fields: ["updated_at"] },
        ],
      },
      {
        ...collection("opportunity_stage_entry", fieldsOf("opportunity_stage_entry")),
        indexes: [{ fields: ["updated_at"] }],
      },
    ],
  });
  // Payload keeps one instance for each key, and makes the tables of a schema once for all databases unless it is forced.
  process.env.PAYLOAD_FORCE_DRIZZLE_PUSH = "true";
  return getPayload({ config, cron: false, key: filename });
}

/** Its times are fields like the others, because they come from the benchmark's clock; nobody edits, so that nothing need be locked. */
function collection(slug: string, fields: readonly Field[]): CollectionConfig {
  return {
    slug,
    dbName: slug,
    timestamps: false,
    lockDocuments: false,
    fields: [{ name: "id", type: "text", required: true }, ...fields],
  };
}

function fieldsOf(table: keyof typeof OWN_COLUMNS): readonly Field[] {
  const types = { ...OPPORTUNITY_TYPES, ...STAGE_ENTRY_TYPES };
  return OWN_COLUMNS[table]
    .filter((column) => column !== "id")
    .map((column): Field => {
      const { type, nullable } = types[column as keyof typeof types];
      const about = { name: fieldOf(column), required: !nullable };
      const relationTo = REFERENCES[column];
      if (relationTo !== undefined) return { ...about, type: "relationship", relationTo };
      if (column === "status") return { ...about, type: "select", options: ["open", "won", "lost"] };
      return type === "text" ? { ...about, type: "text" } : { ...about, type: "number" };
    });
}

/** Of a reference: without `_id`, which Payload adds to the name of the column. */
function fieldOf(column: string): string {
  return column in REFERENCES ? column.slice(0, -"_id".length) : column;
}

function dataOf(row: object, table: keyof typeof OWN_COLUMNS): { readonly id: string } {
  const values = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(OWN_COLUMNS[table].map((column) => [fieldOf(column), values[column]])) as {
    readonly id: string;
  };
}

/** References get the names of their columns. */
function rowOf<Row>(document: object): Row {
  const row: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(document)) {
    row[`${field}_id` in REFERENCES ? `${field}_id` : field] = value;
  }
  return row as Row;
}

function pageWhere({ from, after }: PageQuery): Where {
  const open: Where[] = [{ status: { equals: "open" } }, { archived_at: { exists: false } }];
  if (after === undefined) return { and: [...open, { expected_close_date: { greater_than_equal: from } }] };
  const [day, id] = after as [string, string];
  return {
    and: [
      ...open,
      { expected_close_date: { greater_than_equal: day } },
      { or: [{ expected_close_date: { greater_than: day } }, { id: { greater_than: id } }] },
    ],
  };
}
