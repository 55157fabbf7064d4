/** The table of an entity: its columns, keys and indexes. */
import type {
  AppReferenceSchema,
  ColumnSchema,
  ForeignKeySchema,
  IndexSchema,
  TableSchema,
} from "../storage/storage-schema.ts";
import type { Entity } from "./define-entity.ts";
import type { FieldSchema } from "./entity-schema.ts";
import { invalid } from "./schema-errors.ts";

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
    columns,
    indexes: indexesOf(entity, byName),
    foreignKeys,
    ...(appReferences.length > 0 ? { appReferences } : {}),
  };
}

/** Money and folded text have a second column, and a plugin's columns begin with its id: two fields may meet in one name. */
function refuseSharedColumns(entity: Entity, columns: readonly ColumnSchema[]): void {
  const byName = new Map<string, ColumnSchema>();
  for (const column of columns) {
    const other = byName.get(column.name);
    if (other)
      throw invalid(
        `${entity.name}.${other.field} and ${entity.name}.${column.field} would share the column ${column.name}: rename one.`,
      );
    byName.set(column.name, column);
  }
}

/** One for each rule and each index declared; one that is the beginning of another is left out. */
function indexesOf(entity: Entity, fields: ReadonlyMap<string, FieldSchema>): IndexSchema[] {
  const columnsOf = (names: readonly string[]) =>
    names.flatMap((name) => {
      const field = fields.get(name);
      if (!field) throw invalid(`An index of ${entity.name} names the field "${name}", which does not exist.`);
      // Money is ordered by its currency first.
      return field.columns.toReversed().map((column) => column.name);
    });
  const index = (columns: readonly string[], unique: boolean): IndexSchema => ({
    // Two underscores, which no name of a table or column has, keep apart what would read alike.
    name: shortened([snake(entity.name), ...columns, unique ? "key" : "idx"].join("__")),
    columns: ["tenant_id", ...columns, ...(unique ? [] : ["id"])],
    unique,
  });
  const all = [...fields.values()];
  const unique = [
    ...entity.unique.map((names) => index(columnsOf(names), true)),
    ...all.filter((field) => field.definition.unique).map((field) => index(columnsOf([field.name]), true)),
  ];
  const plain = [
    ...entity.indexes.map((names) => index(columnsOf(names), false)),
    ...all
      .filter((field) => field.definition.indexed && !field.definition.unique)
      .map((field) => index(columnsOf([field.name]), false)),
    ...all
      .filter((field) => field.definition.indexed && field.folded)
      .map((field) => index([field.folded!.name], false)),
  ];
  const begins = ({ columns }: IndexSchema, other: IndexSchema) =>
    columns.length < other.columns.length && columns.slice(0, -1).every((column, i) => other.columns[i] === column);
  const needed = plain.filter((candidate) => !plain.some((other) => begins(candidate, other)));
  return [...new Map([...unique, ...needed].map((each) => [each.name, each])).values()];
}

/** "stageEntry" to "stage_entry". */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Databases cut names at 63 bytes; a longer one keeps its beginning and gets a fingerprint of the whole. */
function shortened(name: string): string {
  if (name.length <= 63) return name;
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return `${name.slice(0, 54)}_${hash.toString(16).padStart(8, "0")}`;
}
