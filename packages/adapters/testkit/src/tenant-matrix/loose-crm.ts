/** A CRM as the tenant matrix walks it: by the names that its handle has at run time, whatever is installed. */
import type { CrmOptions } from "@relata/core";
import type { StorageSchema, TableSchema } from "@relata/core/adapter";

type Method = (...args: unknown[]) => unknown;
export type LooseRepository = { readonly [method: string]: Method };
export interface LooseCrm {
  readonly [member: string]: unknown;
  as(binding: { readonly tenantId?: string; readonly actorId?: string }): LooseCrm;
  transaction<T>(work: (tx: LooseCrm) => Promise<T>, options?: { readonly idempotencyKey: string }): Promise<T>;
}

export interface EntityMembers {
  readonly entity: string;
  readonly plural: string;
  readonly table: TableSchema;
  readonly methods: readonly string[];
}

/** The names of a handle's or a context's members. */
export function memberNames(handle: object): string[] {
  const names: string[] = [];
  for (const name in handle) names.push(name);
  return names;
}

/** Undefined where a handle does not give what it has in another place, as in a unit. */
export function memberOf(crm: LooseCrm, name: string): unknown {
  try {
    return crm[name];
  } catch {
    return undefined;
  }
}

export function repositoryOf(crm: LooseCrm, plural: string): LooseRepository {
  return crm[plural] as LooseRepository;
}

/** The repositories of a handle: what has the methods of one, and says of which entity it is. */
export async function entitiesOf(crm: LooseCrm, schema: StorageSchema): Promise<readonly EntityMembers[]> {
  const histories = new Set([...schema.tables.values()].map((table) => table.history));
  const current = [...schema.tables.values()].filter(({ name }) => !histories.has(name));
  const tables = new Map(current.map((table) => [table.entity, table]));
  const found: EntityMembers[] = [];
  for (const plural of memberNames(crm)) {
    const repository = memberOf(crm, plural) as LooseRepository | null | undefined;
    if (typeof repository?.createMany !== "function") continue;
    const refusal = await Promise.resolve(repository.get!("nobody")).catch((error: unknown) => error);
    const { entity } = (refusal as { readonly details: { readonly entity: string } }).details;
    found.push({ entity, plural, table: tables.get(entity)!, methods: memberNames(repository) });
  }
  return found;
}

/** Options with which it is seen what the storage is opened with and sent. */
export interface Watched {
  readonly options: CrmOptions;
  schema(): StorageSchema;
  /** How many statements were sent that write, or may do so, also those that failed or were undone. */
  writes(): number;
}

export function watchSchema(options: CrmOptions): Watched {
  let seen: StorageSchema = { tables: new Map() };
  let writes = 0;
  return {
    schema: () => seen,
    writes: () => writes,
    options: {
      ...options,
      onQuery(statement) {
        if (statement.kind === "write" || statement.kind === "native" || statement.kind === "migrate") writes += 1;
        options.onQuery?.(statement);
      },
      storage: {
        name: options.storage.name,
        open(given) {
          seen = given.schema;
          return options.storage.open(given);
        },
      },
    },
  };
}
