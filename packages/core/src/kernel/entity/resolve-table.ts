/** The table of an entity: its columns, keys and indexes. */
import type {
  AppReferenceSchema,
  ColumnSchema,
  ForeignKeySchema,
  IndexSchema,
  TableSchema,
} from "../storage/storage-schema.ts";
import { PATH_MEANING } from "../storage/tree-path.ts";
import type { Entity } from "./define-entity.ts";
import type { FieldSchema } from "./entity-schema.ts";
import { schemaInvalid } from "./schema-errors.ts";
import { historyName, pathsName, snake } from "./storage-names.ts";

const TENANT_COLUMN: ColumnSchema = {
  name: "tenant_id",
  kind: "text",
  meaning: "tenant",
  nullable: false,
  field: "tenantId",
};

export function resolveTable(entity: Entity, byName: ReadonlyMap<string, FieldSchema>): TableSchema {
  const fields = [...byName.values()];
  const columns = [
    TENANT_COLUMN,
    ...fields.flatMap((field) => field.columns),
    ...fields.flatMap((field) => (field.folded ? [field.folded] : [])),
  ];
  refuseSharedColumns(entity, columns);
  const foreignKeys = fields.flatMap((field): ForeignKeySchema[] => {
    const { to } = field.definition;
    return to === undefined ? [] : [{ column: field.columns[0]!.name, target: snake(to) }];
  });
  const appReferences = fields.flatMap(({ definition: { app }, columns: [column] }): AppReferenceSchema[] =>
    app ? [{ column: column!.name, target: app.table, targetColumn: app.column }] : [],
  );
  return {
    name: snake(entity.name),
    entity: entity.name,
    primaryKey: ["tenant_id", "id"],
    columns,
    indexes: indexesOf(entity, byName),
    foreignKeys,
    ...(appReferences.length > 0 ? { appReferences } : {}),
    ...(entity.history ? { history: historyName(entity.name) } : {}),
  };
}

/**
 * The same columns, without the lists of values (what was allowed once stays), and when and by whom each version was ended. The one
 * index that is always there finds the versions that were valid at an instant. With indexes for lists of the past there is one for
 * each, one for the versions that had not ended and one for those that had begun, which hold the same columns: whichever leaves few
 * versions is gone through without looking at the rows (docs/decisions/0009).
 */
export function resolveHistory(
  entity: Entity,
  table: TableSchema,
  byName: ReadonlyMap<string, FieldSchema>,
): TableSchema {
  const name = historyName(entity.name);
  const columns = table.columns.map(({ values: _, ...column }): ColumnSchema => column);
  const ended = [
    { name: "ended_at", kind: "instant", meaning: "instant", nullable: false, field: "endedAt" },
    { name: "ended_by", kind: "text", meaning: "text", nullable: true, field: "endedBy" },
  ] as const;
  const ordered = asOfColumns(entity, byName);
  const covered = coveredColumns(entity, byName);
  const index = (own: readonly string[]): IndexSchema => ({
    name: shortened([name, ...own, "idx"].join("__")),
    columns: ["tenant_id", ...own],
    unique: false,
  });
  return {
    name,
    entity: entity.name,
    primaryKey: ["tenant_id", "id", "version"],
    columns: [...columns, ...ended],
    indexes: [
      index(["ended_at", "updated_at", ...covered]),
      ...(covered.length === 0 ? [] : [index(["updated_at", "ended_at", ...covered])]),
      ...ordered.map((own) => index([...own, "updated_at", "ended_at"])),
    ],
    foreignKeys: [],
  };
}

/** The name of the table of the paths of a tree. */
export function pathsTable(entity: string, column: string): string {
  return shortened(pathsName(entity, column));
}

/** The paths of a tree: one row for each record with a parent. Nothing refers to it, and it refers to nothing. */
export function resolvePaths(entity: Pick<Entity, "name">, table: TableSchema, field: FieldSchema): TableSchema {
  const name = pathsTable(entity.name, field.columns[0]!.name);
  const path: ColumnSchema = { name: "path", kind: "text", meaning: PATH_MEANING, nullable: false, field: field.name };
  return {
    name,
    entity: entity.name,
    primaryKey: ["tenant_id", "id"],
    columns: [...table.columns.slice(0, 3), path],
    indexes: [{ name: shortened(`${name}__path__idx`), columns: ["tenant_id", "path", "id"], unique: false }],
    foreignKeys: [],
  };
}

/** Money and folded text have a second column, and a plugin's columns begin with its id: two fields may meet in one name. */
function refuseSharedColumns(entity: Entity, columns: readonly ColumnSchema[]): void {
  const byName = new Map<string, ColumnSchema>();
  for (const column of columns) {
    const other = byName.get(column.name);
    if (other)
      throw schemaInvalid(
        `${entity.name}.${other.field} and ${entity.name}.${column.field} would share the column ${column.name}: rename one.`,
      );
    byName.set(column.name, column);
  }
}

/**
 * One for each rule and each index declared; one that is the beginning of another is left out, and that of a pair of fields where a declared
 * one begins with its id and holds its type: few records of other entities have the same id.
 */
function indexesOf(entity: Entity, fields: ReadonlyMap<string, FieldSchema>): IndexSchema[] {
  const columns = (names: readonly string[]) => columnsOf(entity, fields, names);
  const index = (columns: readonly string[], unique: boolean): IndexSchema => ({
    // Two underscores, which no name of a table or column has, keep apart what would read alike.
    name: shortened([snake(entity.name), ...columns, unique ? "key" : "idx"].join("__")),
    columns: ["tenant_id", ...columns, ...(unique ? [] : ["id"])],
    unique,
  });
  const asOfIndex = (own: readonly string[]): IndexSchema => ({
    name: shortened([snake(entity.name), ...own, "idx"].join("__")),
    columns: ["tenant_id", ...own],
    unique: false,
  });
  const covered = coveredColumns(entity, fields);
  const all = [...fields.values()];
  const withoutId = ({ columns }: IndexSchema, other: IndexSchema) =>
    columns.slice(0, -1).every((column, i) => other.columns[i] === column);
  const begins = (candidate: IndexSchema, other: IndexSchema) =>
    candidate.columns.length < other.columns.length && withoutId(candidate, other);
  const pairs = entity.polymorphic.map((pair) => index(columns([pair.type, pair.id]), false));
  const declared = entity.indexes.map((names) => index(columns(names), false));
  const finds = (it: IndexSchema, { columns: [, type, id] }: IndexSchema) =>
    it.columns[1] === id && it.columns.includes(type!);
  const unique = [
    ...entity.unique.map((names) => index(columns(names), true)),
    ...all.filter((field) => field.definition.unique).map((field) => index(columns([field.name]), true)),
  ];
  const plain = [
    ...declared,
    ...pairs.filter((pair) => !unique.some((rule) => withoutId(pair, rule)) && !declared.some((it) => finds(it, pair))),
    // For as-of reads: the current rows that were valid at an instant already, by time and in the order of a list.
    ...(entity.history ? [asOfIndex(["updated_at", ...(covered.length === 0 ? ["id"] : covered)])] : []),
    ...asOfColumns(entity, fields).map((own) => asOfIndex([...own, "updated_at"])),
    ...all
      .filter((field) => field.definition.indexed && !field.definition.unique)
      .map((field) => index(columns([field.name]), false)),
    ...all
      .filter((field) => field.definition.indexed && field.folded)
      .map((field) => index([field.folded!.name], false)),
  ];
  const needed = plain.filter((candidate) => !plain.some((other) => begins(candidate, other)));
  return [...new Map([...unique, ...needed].map((each) => [each.name, each])).values()];
}

/** Of each index for lists of the past, with the id. */
function asOfColumns(entity: Entity, fields: ReadonlyMap<string, FieldSchema>): readonly (readonly string[])[] {
  return entity.asOfIndexes.map((names) => [...columnsOf(entity, fields, names), "id"]);
}

/** Of all of them together, each once. */
function coveredColumns(entity: Entity, fields: ReadonlyMap<string, FieldSchema>): readonly string[] {
  const columns = asOfColumns(entity, fields).flat();
  return [...new Set([...columns.filter((column) => column !== "id"), ...columns])];
}

function columnsOf(
  entity: Entity,
  fields: ReadonlyMap<string, FieldSchema>,
  names: readonly string[],
): readonly string[] {
  return names.flatMap((name) => {
    const field = fields.get(name);
    if (!field) throw schemaInvalid(`An index of ${entity.name} names the field "${name}", which does not exist.`);
    // Money is ordered by its currency first.
    return field.columns.toReversed().map((column) => column.name);
  });
}

/** Databases cut names at 63 bytes; a longer one keeps its beginning and gets a fingerprint of the whole. */
function shortened(name: string): string {
  if (name.length <= 63) return name;
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return `${name.slice(0, 54)}_${hash.toString(16).padStart(8, "0")}`;
}
