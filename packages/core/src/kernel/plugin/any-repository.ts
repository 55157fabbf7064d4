/** Entities and their repositories by name, for code that works with records of any entity and knows their types at run time only. */
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import type { FieldKind, Presence, Written } from "../entity/field.ts";
import type { ChangedVersion, Page, VersionOption, VersionsQuery } from "../repository/repository.ts";

/** An entity as data. */
export interface EntityDescription {
  readonly name: string;
  readonly plural: string;
  /** Those that every record has first, then the entity's own, then those of extensions. */
  readonly fields: readonly FieldDescription[];
  /** The pairs of fields that refer to a record of any entity. */
  readonly pairs: readonly { readonly type: string; readonly id: string }[];
}

export interface FieldDescription {
  readonly name: string;
  readonly kind: FieldKind;
  readonly presence: Presence;
  readonly written: Written;
  /** The entity that a reference refers to. */
  readonly to: string | undefined;
}

export interface AnyRecord {
  readonly id: string;
  readonly version: number;
  readonly archivedAt: Date | null;
  readonly [field: string]: unknown;
}

interface AnyFind {
  readonly where?: object;
  readonly orderBy?: readonly object[];
  readonly include?: object;
  readonly archived?: "exclude" | "include" | "only";
}

type AnyUpdate = { readonly id: string; readonly version?: number; readonly [field: string]: unknown };

/** A repository whose entity is known by name only. What it is given is checked as ever; what it gives is not typed. */
export interface AnyRepository {
  get(id: string): Promise<AnyRecord>;
  find(query: AnyFind): Promise<AnyRecord | undefined>;
  list(query?: AnyFind & { readonly limit?: number; readonly after?: string | undefined }): Promise<Page<AnyRecord>>;
  iterate(query?: AnyFind): AsyncIterable<AnyRecord>;
  count(query?: Pick<AnyFind, "where" | "archived">): Promise<number>;
  versions(query: VersionsQuery): Promise<readonly ChangedVersion[]>;
  aggregate(query: object): Promise<readonly { readonly [name: string]: unknown }[]>;
  create(input: object): Promise<AnyRecord>;
  createMany(inputs: readonly object[]): Promise<readonly AnyRecord[]>;
  update(id: string, patch: object, options?: VersionOption): Promise<AnyRecord>;
  updateMany(changes: readonly AnyUpdate[]): Promise<readonly AnyRecord[]>;
  delete(id: string, options?: VersionOption): Promise<void>;
  deleteMany(ids: readonly string[]): Promise<void>;
}

/** All entities that are installed, in the order of their plugins. */
export function describeEntities({ entities }: ResolvedSchema): readonly EntityDescription[] {
  return [...entities.values()].map(({ name, plural, fields, polymorphic }) => ({
    name,
    plural,
    pairs: polymorphic.map(({ type, id }) => ({ type: type.name, id: id.name })),
    fields: [...fields.values()].map(({ name: field, definition: { kind, presence, written, to } }) => ({
      name: field,
      kind,
      presence,
      written,
      to,
    })),
  }));
}
