/** Records that are read with every write and seldom change, such as the stages of a pipeline: remembered, and checked by the write. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import type { Frame } from "../unit-of-work/frame.ts";
import type { Params } from "./compilation.ts";
import { compileWhere } from "./compile-where.ts";
import type { KnownList, KnownRecord } from "./known-lists.ts";
import { MOST_IN_PAGE } from "./read-records.ts";
import { sendFind } from "./read-session.ts";
import { ID, layoutOf } from "./stored-row.ts";

/**
 * All that match, the archived ones too, in the order of their ids. In a unit of a single call that has written nothing yet they may be
 * those of an earlier call: then what the unit writes is refused unless they are still so, and the call is done again. Outside of such a unit they are read.
 *
 * @throws `invalid_query`; `too_many_records` for more than 1,000.
 */
export async function knownRecords(scope: Scope, where: unknown): Promise<readonly KnownRecord[]> {
  const { kernel, binding, entity } = scope;
  const { frame, tenantId, at, asOf } = binding;
  const outgoing = at === undefined && asOf === undefined ? frame?.outgoing : undefined;
  if (outgoing?.tenantId !== tenantId) return (await read(scope, where)).records;
  const key = JSON.stringify([tenantId, entity.name, where]);
  const known = kernel.known.get(key);
  if (known) {
    outgoing.assume(known);
    return known.records;
  }
  const found = await read(scope, where);
  // Where there is none yet, there will be one soon.
  if (found.records.length > 0 && !hasWritten(frame)) {
    const live = new Set(found.records.flatMap(({ id, archivedAt }) => (archivedAt === null ? [id] : [])));
    kernel.known.keep(key, { ...found, hasLive: (name, id) => name === entity.name && live.has(id) });
  }
  return found.records;
}

function hasWritten(frame: Frame | undefined): boolean {
  return frame !== undefined && (frame.wrote || hasWritten(frame.parent));
}

async function read(scope: Scope, where: unknown): Promise<Pick<KnownList, "records" | "forbidden">> {
  const { kernel, entity } = scope;
  const { columns, decode } = layoutOf(entity);
  const params: Params = [];
  const matches = compileWhere({ schema: kernel.schema, entity, params }, where);
  const limit = params.length;
  const query = {
    table: entity.table.name,
    columns,
    where: matches,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    limit,
    include: [],
  };
  const rows = await sendFind(scope, query, [...params, MOST_IN_PAGE + 1]);
  if (rows.length > MOST_IN_PAGE) {
    const message = `More than ${MOST_IN_PAGE} records of ${entity.name} match: list them page by page.`;
    throw new CrmError("too_many_records", message, { details: { entity: entity.name } });
  }
  const records = rows.map((row) => Object.freeze(decode(row) as KnownRecord));
  return { records, forbidden: changedSince(entity, { matches, params, rows }) };
}

/** Any that matches now, or is one of the rows, and is not as the rows are. */
function changedSince(
  entity: EntitySchema,
  { matches, params, rows }: { readonly matches: Predicate; readonly params: Params; readonly rows: readonly Row[] },
): KnownList["forbidden"] {
  const values: (Storable | readonly Storable[])[] = [...params];
  const equal = (column: string, value: Storable): Predicate => {
    return { kind: "compare", column, operator: "eq", value: values.push(value) - 1 };
  };
  const updatedAt = layoutOf(entity).positions.get("updated_at")!;
  const ids: Predicate = { kind: "in", column: "id", values: values.push(rows.map((row) => row[ID] as string)) - 1 };
  const same = rows.map((row): Predicate => {
    const [id, version] = row as readonly Storable[];
    const of = [equal("id", id!), equal("version", version!), equal("updated_at", row[updatedAt] as Storable)];
    return { kind: "and", of };
  });
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "or", of: [matches, ids] },
      { kind: "not", of: { kind: "or", of: same } },
    ],
  };
  return { kind: "forbid", table: entity.table.name, where, params: values, reason: "outdated" };
}
