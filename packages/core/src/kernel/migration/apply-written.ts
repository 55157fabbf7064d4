/** The parts of a written migration that change tables: renames, conversions and drops, each where its object is there. */
import type { CrmError } from "../../errors.ts";
import { snake } from "../entity/storage-names.ts";
import { DELIVERY } from "../event/delivery.ts";
import type { FindQuery } from "../storage/query.ts";
import { convertField } from "./convert-field.ts";
import { migrationFailed } from "./migration-failed.ts";
import { columnOfField, columnsOfField, dropIndexesOver, type SchemaWork, tablesOfEntity } from "./schema-work.ts";

/** Before what is missing is added. */
export async function applyRenamesAndChanges(work: SchemaWork): Promise<void> {
  const { rename = {}, change = {} } = work.shipped!.migration;
  for (const [from, to] of Object.entries(rename.entities ?? {})) await renameEntity(work, from, to);
  for (const [entity, fields] of Object.entries(rename.fields ?? {})) {
    for (const [from, to] of Object.entries(fields)) await renameField(work, { entity, from, to });
  }
  for (const [entity, fields] of Object.entries(change)) {
    for (const [field, conversion] of Object.entries(fields)) await convertField(work, { entity, field, conversion });
  }
}

/** After the backfill, which may read what is dropped. History keeps what it has. */
export async function applyDrops(work: SchemaWork): Promise<void> {
  const { drop = {} } = work.shipped!.migration;
  for (const [entity, fields] of Object.entries(drop.fields ?? {})) {
    for (const field of fields) await dropField(work, entity, field);
  }
  for (const entity of drop.entities ?? []) {
    if (work.schema.entities.has(entity)) throw stillDeclared(work, entity);
    const name = snake(entity);
    if ((await work.live()).tables.has(name)) await work.apply({ kind: "drop_table", table: { name, entity } });
  }
}

async function renameEntity(work: SchemaWork, from: string, to: string): Promise<void> {
  const live = await work.live();
  for (const [name, table] of tablesOfEntity(live, from)) {
    const target = snake(to) + name.slice(snake(from).length);
    if (live.tables.has(target)) throw bothThere(work, `tables ${name} and ${target}`);
    // Names of indexes contain the table's: those that are declared are made anew.
    for (const index of table.indexes.values()) {
      if (index.name.startsWith(`${name}__`))
        await work.apply({ kind: "drop_index", table: { name, entity: from }, index });
    }
    await work.apply({ kind: "rename_table", table: { name, entity: from }, to: { name: target, entity: to } });
  }
  const meaning = `reference(${to})`;
  for (const [name, table] of (await work.live()).tables) {
    for (const [column, { meaning: before }] of table.columns) {
      if (before !== `reference(${from})`) continue;
      await work.apply({ kind: "set_meaning", table: { name, entity: name }, column, meaning });
    }
  }
  await renameDeliveries(work, from, to);
}

/** Rows that are read and written at a time. */
const PAGE = 500;

/** What waits to be delivered of the entity's records is still theirs: they are held back, and erased, together. */
async function renameDeliveries(work: SchemaWork, from: string, to: string): Promise<void> {
  const { transaction } = work;
  const table = snake(DELIVERY);
  let changed = false;
  if (!(await work.live()).tables.has(table)) return;
  const query: FindQuery = {
    table,
    columns: ["id", "version"],
    where: { kind: "compare", column: "entity_type", operator: "eq", value: 0 },
    orderBy: [{ column: "id", direction: "asc" }],
    limit: 1,
    include: [],
  };
  for (const tenantId of await transaction.tenants(table)) {
    for (;;) {
      const waiting = await transaction.find(query, { tenantId, params: [from, PAGE] });
      if (waiting.length === 0) break;
      changed = true;
      const rows = waiting.map(([id, version]) => ({
        id: String(id),
        version: Number(version),
        values: [to, Number(version)],
      }));
      await transaction.write(tenantId, [{ kind: "update", table, columns: ["entity_type", "version"], rows }]);
    }
  }
  const description = `change ${from} to ${to} in what waits to be delivered`;
  if (changed) work.note({ kind: "convert_values", table, entity: DELIVERY, description, risk: "safe" });
}

async function renameField(
  work: SchemaWork,
  { entity, from, to }: { readonly entity: string; readonly from: string; readonly to: string },
): Promise<void> {
  const first = columnOfField(work, entity, from);
  const target = columnOfField(work, entity, to);
  for (const [name, table] of tablesOfEntity(await work.live(), entity)) {
    const columns = columnsOfField(table, first);
    if (columns.length > 0 && table.columns.has(target))
      throw bothThere(work, `columns ${first} and ${target} of ${name}`);
    await dropIndexesOver(work, { name, entity, columns });
    for (const column of columns) {
      const renamed = { name: target + column.slice(first.length), field: to };
      await work.apply({ kind: "rename_column", table: { name, entity }, column, to: renamed });
    }
  }
}

async function dropField(work: SchemaWork, entity: string, field: string): Promise<void> {
  if (work.schema.entities.get(entity)?.fields.has(field)) throw stillDeclared(work, `${entity}.${field}`);
  const name = snake(entity);
  const table = (await work.live()).tables.get(name);
  const columns = table ? columnsOfField(table, columnOfField(work, entity, field)) : [];
  await dropIndexesOver(work, { name, entity, columns });
  for (const column of columns) await work.apply({ kind: "drop_column", table: { name, entity }, column });
}

function bothThere({ shipped }: SchemaWork, what: string): CrmError {
  const problem = `renames, but the ${what} are both in the database. Drop one of them first. Nothing was changed.`;
  return migrationFailed(shipped!, problem);
}

function stillDeclared({ shipped }: SchemaWork, what: string): CrmError {
  const problem = `drops ${what}, which is still declared. Take it out of the declaration, or out of the migration.`;
  return migrationFailed(shipped!, problem);
}
