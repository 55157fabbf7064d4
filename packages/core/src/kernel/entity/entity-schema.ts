/** An entity as the rest of the kernel sees it: resolved, with the contributions of every plugin. */
import type * as z from "zod";
import type { ColumnSchema, TableSchema } from "../storage/storage-schema.ts";
import type { FieldDefinition, OnDelete, OnMerge } from "./field.ts";
import type { FieldCodec } from "./field-codec.ts";

/** The id of the plugin whose entities are the kernel's own. */
export const KERNEL = "kernel";

export interface EntitySchema {
  readonly name: string;
  readonly plural: string;
  readonly ids: "generated" | "app";
  /** The plugin that declares it. */
  readonly plugin: string;
  readonly written: "anyone" | "operations";
  readonly table: TableSchema;
  /** Where superseded and deleted versions are; undefined for an entity that keeps none. */
  readonly history: TableSchema | undefined;
  /** Base fields first, then the entity's own, then those of extensions. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly relations: ReadonlyMap<string, Relation>;
  /** References that point here, of this entity or others. */
  readonly referencedBy: readonly IncomingReference[];
  /** Pairs of fields that refer to a record of any entity. */
  readonly polymorphic: readonly Pair[];
  /** References to records that are found by what stands in these. */
  readonly searchFor: readonly string[];
  /** Fields by which records that meet in a merge are the same. */
  readonly mergeKeys: readonly (readonly FieldSchema[])[];
  /** References to the same entity that may not come back to the start. */
  readonly trees: readonly FieldSchema[];
  /** Of those, the ones whose paths are kept. */
  readonly treePaths: readonly KeptPaths[];
  /** Accept the fields that callers may give; presence is checked for new records only. */
  readonly newRecord: InputSchemas;
  readonly change: InputSchemas;
}

/** One for any caller; for a plugin's operations, one that also has the operation-written fields of that plugin. */
export interface InputSchemas {
  for(plugin: string | undefined): z.ZodType;
}

export interface FieldSchema {
  readonly name: string;
  /** The plugin that declares it; base fields have none. */
  readonly plugin: string | undefined;
  readonly definition: FieldDefinition;
  readonly codec: FieldCodec;
  readonly columns: readonly ColumnSchema[];
  /** The shadow column of folded text, made as `foldingOf` says. */
  readonly folded?: ColumnSchema;
}

/** Whether a caller may give the field: `plugin` is the one whose operation or hook it is, if any. */
export function mayWrite(field: FieldSchema, plugin: string | undefined, purpose: "create" | "update"): boolean {
  const { written } = field.definition;
  const own = plugin !== undefined && field.plugin === plugin;
  return written === "anyone" || own || (written === "once" && purpose === "create");
}

export interface Relation {
  readonly name: string;
  readonly cardinality: "one" | "many";
  readonly target: string;
  /** Columns: this row's, and the target row's that equals it. */
  readonly local: string;
  readonly foreign: string;
}

export interface IncomingReference {
  /** The entity that refers, and the one that is referred to. */
  readonly entity: string;
  readonly target: string;
  /** The field that has the id. */
  readonly field: FieldSchema;
  /** Of a pair: the field that names the target. */
  readonly type?: FieldSchema;
  readonly onDelete: OnDelete;
  readonly onMerge: OnMerge;
}

/** A tree, and the table that has the path of every record with a parent. Derived, and without history. */
export interface KeptPaths {
  readonly field: FieldSchema;
  readonly table: TableSchema;
}

/** Two fields that refer to a record of any entity. */
export interface Pair {
  readonly type: FieldSchema;
  readonly id: FieldSchema;
  readonly onDelete: OnDelete;
  readonly onMerge: OnMerge;
}

export interface ResolvedSchema {
  readonly entities: ReadonlyMap<string, EntitySchema>;
  /** By the name of their table. */
  readonly byTable: ReadonlyMap<string, EntitySchema>;
}

/** All tables: those of the entities, those of their history, and those of the paths of their trees. */
export function tablesOf(schema: ResolvedSchema): readonly TableSchema[] {
  return [...schema.entities.values()].flatMap(({ table, history, treePaths }) => [
    table,
    ...(history ? [history] : []),
    ...treePaths.map((paths) => paths.table),
  ]);
}
