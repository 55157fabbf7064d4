/**
 * Merges the entities and extensions of all plugins into one schema, once, before anything is stored. Every conflict is an error
 * that names both sides.
 */
import * as z from "zod";
import type { ColumnSchema } from "../storage/storage-schema.ts";
import { baseFields } from "./base-fields.ts";
import { checkSearchFor } from "./check-search-for.ts";
import { columnMeanings, foldedMeaning } from "./column-meanings.ts";
import type { Entity } from "./define-entity.ts";
import {
  type EntitySchema,
  type FieldSchema,
  type IncomingReference,
  type InputSchemas,
  KERNEL,
  mayWrite,
  type Pair,
  type Relation,
  type ResolvedSchema,
} from "./entity-schema.ts";
import type { AnyField, AppTarget, FieldDefinition, Fields } from "./field.ts";
import { codecFor, type FieldCodec } from "./field-codec.ts";
import { foldAs, foldingOf } from "./folding.ts";
import { pairOf } from "./resolve-pair.ts";
import { resolveHistory, resolvePaths, resolveTable } from "./resolve-table.ts";
import { pluginConflict, schemaInvalid } from "./schema-errors.ts";
import { columnName } from "./storage-names.ts";

/** What one plugin brings to the schema. */
export interface Contribution {
  readonly plugin: string;
  readonly entities: readonly Entity[];
  readonly extend: { readonly [entity: string]: Fields };
  readonly indexes?: { readonly [entity: string]: Entity["indexes"] };
}

const ENTITY_NAME = /^[a-z][a-zA-Z0-9]{0,39}$/;
/** Extensions of the core domain and of the application keep their fields' names; a plugin's begin with its id. */

export function resolveSchema(contributions: readonly Contribution[]): ResolvedSchema {
  const declared = collectEntities(contributions);
  const base = { generated: baseFieldsOf("generated", declared), app: baseFieldsOf("app", declared) };
  const drafts = new Map([...declared].map(([name, each]) => [name, draftOf(each, declared, base[each.entity.ids])]));
  for (const { plugin, extend } of contributions) {
    for (const [name, fields] of Object.entries(extend)) {
      const draft = drafts.get(name);
      if (!draft) throw schemaInvalid(`Plugin "${plugin}" extends "${name}", but there is no such entity.`);
      addFields(draft, fields, { plugin, declared, extension: true });
    }
  }
  for (const { plugin, indexes = {} } of contributions) {
    for (const [name, lists] of Object.entries(indexes)) {
      const draft = drafts.get(name);
      if (!draft) throw schemaInvalid(`Plugin "${plugin}" has an index of "${name}", but there is no such entity.`);
      draft.indexes.push(...lists);
    }
  }
  for (const draft of drafts.values()) {
    addRelations(draft, drafts);
    addPairs(draft, drafts);
  }
  for (const draft of drafts.values()) checkSearchFor(draft, drafts);
  const entities = new Map([...drafts].map(([name, draft]) => [name, finish(draft)]));
  return { entities, byTable: new Map([...entities.values()].map((entity) => [entity.table.name, entity])) };
}

interface Declared {
  readonly entity: Entity;
  readonly plugin: string;
}

interface Draft extends Declared {
  readonly fields: Map<string, FieldSchema>;
  /** The entity's own, then those of plugins. */
  readonly indexes: (readonly string[])[];
  readonly relations: Map<string, Relation>;
  /** The plugin that each relation comes from. */
  readonly relatedBy: Map<string, string | undefined>;
  readonly referencedBy: IncomingReference[];
  readonly polymorphic: Pair[];
}

function collectEntities(contributions: readonly Contribution[]): Map<string, Declared> {
  const byName = new Map<string, Declared>();
  const byPlural = new Map<string, Declared>();
  for (const { plugin, entities } of contributions) {
    for (const entity of entities) {
      for (const name of [entity.name, entity.plural]) {
        if (!ENTITY_NAME.test(name)) {
          throw schemaInvalid(
            `"${name}" of plugin "${plugin}" is no name for an entity: use camel case, at most 40 letters and digits.`,
          );
        }
      }
      for (const [taken, key] of [
        [byName, entity.name],
        [byPlural, entity.plural],
      ] as const) {
        const other = taken.get(key);
        if (other)
          throw pluginConflict(`Plugins "${other.plugin}" and "${plugin}" both declare the entity "${key}".`, [
            other.plugin,
            plugin,
          ]);
        taken.set(key, { entity, plugin });
      }
    }
  }
  return byName;
}

/** The same for all entities with such ids. */
function baseFieldsOf(ids: Entity["ids"], declared: Map<string, Declared>): readonly FieldSchema[] {
  const origin = { plugin: undefined, declared, extension: false };
  return Object.entries<AnyField>(baseFields).map(([name, { definition }]) =>
    fieldSchema({ name: "record", ids }, { name, definition }, origin),
  );
}

function draftOf({ entity, plugin }: Declared, declared: Map<string, Declared>, base: readonly FieldSchema[]): Draft {
  const draft: Draft = {
    entity,
    plugin,
    fields: new Map(base.map((field) => [field.name, field])),
    indexes: [...entity.indexes],
    relations: new Map(),
    relatedBy: new Map(),
    referencedBy: [],
    polymorphic: [],
  };
  addFields(draft, entity.fields, { plugin, declared, extension: false });
  return draft;
}

interface Origin {
  /** Base fields have none. */
  readonly plugin: string | undefined;
  readonly declared: ReadonlyMap<string, { readonly entity: Pick<Entity, "ids"> }>;
  readonly extension: boolean;
}

function addFields(draft: Draft, fields: Fields, origin: Origin): void {
  const { plugin, declared, extension } = origin;
  for (const [name, { definition }] of Object.entries<AnyField>(fields)) {
    const where = `${draft.entity.name}.${name}`;
    const other = draft.fields.get(name);
    if (other) {
      const owner = other.plugin ?? "the kernel";
      throw pluginConflict(
        `Plugin "${plugin}" and ${other.plugin ? `plugin "${owner}"` : owner} both declare ${where}.`,
        [owner, plugin ?? ""],
      );
    }
    if (!ENTITY_NAME.test(name))
      throw schemaInvalid(`${where} is no name for a field: use camel case, at most 40 letters and digits.`);
    if (LOGIC.has(name) || name in Object.prototype)
      throw schemaInvalid(`${where} is no name for a field: "${name}" has a meaning of its own.`);
    if (definition.app) checkAppReference(where, definition.app);
    if (definition.kind === "reference") {
      if (!name.endsWith("Id")) throw schemaInvalid(`${where} is a reference: its name must end in "Id".`);
      if (!declared.has(definition.to ?? ""))
        throw schemaInvalid(`${where} refers to "${definition.to}", but there is no such entity.`);
    }
    if (extension && definition.presence === "required") {
      throw schemaInvalid(`${where} must be optional() or have a default(): records exist already.`);
    }
    draft.fields.set(name, fieldSchema(draft.entity, { name, definition }, origin));
  }
}

function checkAppReference(where: string, { table, column }: AppTarget): void {
  if (!where.endsWith("Id"))
    throw schemaInvalid(`${where} refers to a table of the application: its name must end in "Id".`);
  if (typeof table !== "string" || table === "" || typeof column !== "string" || column === "")
    throw schemaInvalid(`${where} must name a table and a column of the application.`);
}

function idKindOf(entity: Pick<Entity, "ids">, definition: FieldDefinition, declared: Origin["declared"]) {
  const target = definition.kind === "id" ? entity : declared.get(definition.to ?? "")?.entity;
  return target?.ids === "app" ? "text" : "uuid";
}

/** A field with its columns, as the table of its entity has them. */
export function fieldSchema(
  entity: Pick<Entity, "name" | "ids">,
  { name, definition }: { readonly name: string; readonly definition: FieldDefinition },
  { plugin, declared, extension }: Origin,
): FieldSchema {
  const where = `${entity.name}.${name}`;
  const codec = codecFor(definition, idKindOf(entity, definition, declared));
  const first = columnName(name, extension ? plugin : undefined);
  const nullable = definition.presence === "optional";
  const preset = definition.default === undefined ? undefined : acceptedDefault(where, codec, definition);
  const defaults = preset === undefined ? undefined : codec.encode(preset);
  const suffixes = codec.columns.length === 1 ? [""] : ["", "_currency"];
  const meanings = columnMeanings(definition, entity.ids);
  const columns = codec.columns.map(
    (kind, i): ColumnSchema => ({
      name: `${first}${suffixes[i]}`,
      kind,
      meaning: meanings[i]!,
      nullable,
      field: name,
      ...(defaults ? { default: defaults[i]! } : {}),
      ...(definition.kind === "oneOf" && definition.values ? { values: definition.values } : {}),
    }),
  );
  const folded: ColumnSchema | undefined =
    definition.kind === "foldedText"
      ? {
          name: `${columns[0]!.name}_folded`,
          kind: "text",
          meaning: foldedMeaning(definition),
          nullable,
          field: name,
          ...(preset === undefined ? {} : { default: foldAs(foldingOf({ definition }), preset as string) }),
        }
      : undefined;
  return {
    name,
    plugin,
    definition: preset === undefined ? definition : { ...definition, default: preset },
    codec,
    columns,
    ...(folded ? { folded } : {}),
  };
}

function acceptedDefault(where: string, codec: FieldCodec, definition: FieldDefinition): unknown {
  const value = definition.default;
  if (isPlainlyAccepted(definition)) return value;
  const parsed = codec.accepts.safeParse(value);
  if (parsed.success) return parsed.data;
  throw schemaInvalid(`${where} has a default that it does not accept itself: it ${parsed.error.issues[0]!.message}.`);
}

/** It has one form only, and a character for each of its units. */
const PLAIN_TEXT = /^[ -~]*$/;

/** Of the kinds that nearly all defaults are of: no schema is made for them. */
function isPlainlyAccepted(definition: FieldDefinition): boolean {
  const { kind, default: value, values, min, max, minLength, maxLength } = definition;
  switch (kind) {
    case "boolean":
      return typeof value === "boolean";
    case "oneOf":
      return typeof value === "string" && values?.includes(value) === true;
    case "integer":
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) return false;
      return (
        (min ?? Number.NEGATIVE_INFINITY) <= (value as number) && (value as number) <= (max ?? Number.POSITIVE_INFINITY)
      );
    case "text":
    case "foldedText":
      if (typeof value !== "string" || !PLAIN_TEXT.test(value)) return false;
      return (minLength ?? 0) <= value.length && value.length <= (maxLength ?? 0);
    default:
      return false;
  }
}

function addRelations(draft: Draft, drafts: Map<string, Draft>): void {
  for (const field of draft.fields.values()) {
    const { to, inverse, onDelete = "refuse", onMerge = "move" } = field.definition;
    if (to === undefined) continue;
    const target = drafts.get(to)!;
    const column = field.columns[0]!.name;
    const name = field.name.slice(0, -2);
    addRelation(draft, { name, cardinality: "one", target: to, local: column, foreign: "id" }, field.plugin);
    if (inverse) {
      addRelation(
        target,
        { name: inverse, cardinality: "many", target: draft.entity.name, local: "id", foreign: column },
        field.plugin,
      );
    }
    target.referencedBy.push({ entity: draft.entity.name, target: to, field, onDelete, onMerge });
    if (onDelete === "detach" && field.definition.presence !== "optional") {
      throw schemaInvalid(
        `${draft.entity.name}.${field.name} detaches when its target is deleted, so it must be optional().`,
      );
    }
  }
}

/** A pair may refer to a record of every entity but the kernel's own, which come and go in numbers, and are about others. */
function addPairs(draft: Draft, drafts: Map<string, Draft>): void {
  const { name, polymorphic } = draft.entity;
  for (const given of polymorphic) {
    const pair = pairOf(draft, given);
    draft.polymorphic.push(pair);
    const { type, id: field, onDelete, onMerge } = pair;
    for (const [target, { plugin, referencedBy }] of drafts)
      if (plugin !== KERNEL) referencedBy.push({ entity: name, target, field, type, onDelete, onMerge });
  }
}

function addRelation(draft: Draft, relation: Relation, plugin: string | undefined): void {
  const where = `${draft.entity.name}.${relation.name}`;
  if (!ENTITY_NAME.test(relation.name) || LOGIC.has(relation.name)) {
    throw schemaInvalid(
      `${where} is no name for a relation: use camel case, at most 40 letters and digits, and none of and, or, not and search.`,
    );
  }
  const field = draft.fields.get(relation.name);
  if (field || draft.relations.has(relation.name)) {
    const owner = (field ? field.plugin : draft.relatedBy.get(relation.name)) ?? "the kernel";
    throw pluginConflict(
      `Plugin "${plugin}" adds the relation ${where}, a name that plugin "${owner}" has given already.`,
      [owner, plugin ?? ""],
    );
  }
  draft.relations.set(relation.name, relation);
  draft.relatedBy.set(relation.name, plugin);
}

const LOGIC = new Set(["and", "or", "not", "search"]);

function finish(draft: Draft): EntitySchema {
  const { entity, fields, indexes } = draft;
  const table = resolveTable({ ...entity, indexes }, fields);
  const trees = [...fields.values()].filter((field) => field.definition.tree && field.definition.to === entity.name);
  return {
    name: entity.name,
    plural: entity.plural,
    ids: entity.ids,
    plugin: draft.plugin,
    written: entity.written,
    table,
    history: entity.history ? resolveHistory(entity, table, fields) : undefined,
    fields,
    relations: draft.relations,
    referencedBy: draft.referencedBy,
    polymorphic: draft.polymorphic,
    searchFor: entity.searchFor,
    mergeKeys: mergeKeysOf(draft),
    trees,
    treePaths: trees.flatMap((field) =>
      field.definition.tree === "paths" ? [{ field, table: resolvePaths(entity, table, field) }] : [],
    ),
    newRecord: inputSchemas(draft, "create"),
    change: inputSchemas(draft, "update"),
  };
}

function mergeKeysOf({ entity, fields }: Draft): readonly (readonly FieldSchema[])[] {
  return entity.mergeKeys.map((names) =>
    names.map((name) => {
      const field = fields.get(name);
      if (!field) throw schemaInvalid(`${entity.name} has "${name}" in mergeKeys, which is no field of it.`);
      return field;
    }),
  );
}

function inputSchemas(draft: Draft, purpose: "create" | "update"): InputSchemas {
  const made = new Map<string | undefined, z.ZodType>();
  const fields = [...draft.fields.values()];
  return {
    for(plugin) {
      let schema = made.get(plugin);
      if (!schema) {
        const shape = fields
          .filter((field) => mayWrite(field, plugin, purpose))
          .map((field) => [field.name, acceptedBy(field, purpose)] as const);
        schema = z.strictObject(Object.fromEntries(shape));
        made.set(plugin, schema);
      }
      return schema;
    },
  };
}

function acceptedBy({ codec, definition }: FieldSchema, purpose: "create" | "update"): z.ZodType {
  if (definition.presence === "optional") return codec.accepts.nullish();
  return purpose === "create" && definition.presence === "required" ? codec.accepts : codec.accepts.optional();
}
