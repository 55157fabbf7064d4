/** history: every version of a record, with what changed, field by field. */
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { notFound } from "./read-records.ts";
import type { ChangedVersion, FieldChange, RecordVersion } from "./repository.ts";
import { layoutOf, versionOf } from "./stored-row.ts";
import { addressed } from "./update-records.ts";
import { type EndedRow, endedRows } from "./version-rows.ts";
import { currentRows } from "./write-scope.ts";

export async function recordHistory(scope: Scope, given: unknown): Promise<readonly RecordVersion<object>[]> {
  const { entity, binding } = scope;
  const { id } = addressed(scope, given, undefined);
  // The current version first: if it is superseded between the two reads, it is found in history too, and left out there.
  const current = (await currentRows(scope, [id])).get(id);
  const where = { kind: "compare", column: "id", operator: "eq", value: 0 } as const;
  const ended = await endedRows(scope, entity, { where, params: [id] });
  const past = current ? ended.filter(({ row }) => versionOf(row) < versionOf(current)) : ended;
  const all = versions(scope, past, current);
  const seen = all.filter(({ at }) => binding.asOf === undefined || at.getTime() <= binding.asOf);
  if (seen.length === 0) throw notFound(entity.name, id);
  return seen;
}

function versions(scope: Scope, past: readonly EndedRow[], current: Row | undefined): RecordVersion<object>[] {
  const { decode, positions } = layoutOf(scope.entity);
  const [at, by, archived] = ["updated_at", "updated_by", "archived_at"].map((name) => positions.get(name)!) as [
    number,
    number,
    number,
  ];
  const deleted = ({ row, endedAt, endedBy }: EndedRow): RecordVersion<object> => ({
    kind: "deleted",
    version: versionOf(row),
    at: new Date(endedAt),
    by: endedBy,
    record: decode(row),
    changes: [],
  });
  const found: RecordVersion<object>[] = [];
  let before: EndedRow | undefined;
  for (const next of [...past, ...(current ? [{ row: current }] : [])]) {
    const { row } = next;
    const gone = before !== undefined && before.endedAt < (row[at] as number);
    if (before && gone) found.push(deleted(before));
    found.push({
      kind: kindOf(before?.row, row, { gone, archived }),
      version: versionOf(row),
      at: new Date(row[at] as number),
      by: row[by] as string | null,
      record: decode(row),
      changes: changesOf(scope, before?.row, row),
    });
    before = "endedAt" in next ? next : undefined;
  }
  if (before) found.push(deleted(before));
  return found;
}

/** What made a version out of the one before. */
export function kindOf(
  before: Row | undefined,
  row: Row,
  { gone, archived }: { readonly gone: boolean; readonly archived: number },
): ChangedVersion["kind"] {
  if (!before) return "created";
  if (gone) return "restored";
  if ((before[archived] === null) === (row[archived] === null)) return "updated";
  return row[archived] === null ? "restored" : "archived";
}

/** Of the fields that an entity or an extension declares; those of the kernel follow from the version itself. */
export function changesOf({ entity }: Scope, before: Row | undefined, row: Row): FieldChange[] {
  const { positions } = layoutOf(entity);
  return [...entity.fields.values()].flatMap((field): FieldChange[] => {
    if (field.plugin === undefined) return [];
    const stored = (from: Row | undefined) =>
      field.columns.map((column) => (from ? (from[positions.get(column.name)!] as Storable) : null));
    const [was, is] = [stored(before), stored(row)];
    if (was.every((value, i) => value === is[i])) return [];
    const read = (values: readonly Storable[]) => (values[0] === null ? null : field.codec.decode(values));
    return [{ field: field.name, before: read(was), after: read(is) }];
  });
}
