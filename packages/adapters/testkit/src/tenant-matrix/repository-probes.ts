/**
 * How each method of a repository is asked for a record of another tenant: by its id, in filters, groups, includes, cursors and
 * references. A method that is new has no probe here, and fails the matrix until it has one.
 */
import { count } from "@relata/core";
import type { ColumnSchema } from "@relata/core/adapter";
import type { Call } from "./answers.ts";
import type { EntityMembers, LooseRepository } from "./loose-crm.ts";

export interface RepositoryProbeArguments {
  /** The repository of a tenant that has nothing of what is asked for. */
  readonly repository: LooseRepository;
  /** The id that is asked for. */
  readonly id: string;
  /** The id of a merge. */
  readonly mergeId: string | undefined;
  /** What a new record needs; its references are to ids that are asked for. */
  readonly input: object;
  /** A field that a patch can change, and the references: each with one id that is asked for. */
  readonly patches: readonly object[];
  /** Conditions that the records asked for satisfy. */
  readonly where: object;
  /** Every relation to one record. */
  readonly include: object;
  /** What can be walked along: two references to one entity, and an id of it, or two pairs of fields, and a record. */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly start: Node }[];
  /** Of a page of another tenant. */
  readonly cursor: string | undefined;
}

type Node = string | { readonly entityType: string; readonly id: string };

export type RepositoryProbe = (given: RepositoryProbeArguments) => readonly Call[];

const n = { measures: { n: count() } };

export const repositoryProbes: { readonly [method: string]: RepositoryProbe } = {
  get: ({ repository, id, include }) => [() => repository.get!(id), () => repository.get!(id, { include })],
  find: ({ repository, where, include }) => [() => repository.find!({ where, include, archived: "include" })],
  list: ({ repository, id, where, include, cursor }) => [
    () => repository.list!({ where, include, archived: "include" }),
    () => repository.list!({ where: { not: { id: { ne: id } } }, archived: "include" }),
    () => repository.list!({ limit: 1, after: cursor }),
  ],
  versions: ({ repository, id }) => [
    () => repository.versions!({ ids: [id] }),
    () => repository.versions!({ ids: [id], before: { at: new Date(8.64e15), id, version: 9 } }),
  ],
  cursorAfter: ({ repository, id, where }) => [
    async () => repository.list!({ where, after: await repository.cursorAfter!({ id }, { where }) }),
  ],
  iterate: ({ repository, where }) => [() => everything(repository.iterate!({ where, archived: "include" }))],
  known: ({ repository, where }) => [() => repository.known!(where)],
  count: ({ repository, where }) => [() => repository.count!({ where, archived: "include" })],
  aggregate: ({ repository, where, include }) => [
    () => repository.aggregate!({ where, ...n }),
    ...Object.keys(include).map((relation) => () => {
      return repository.aggregate!({ where, groupBy: { key: { [relation]: "id" } }, ...n });
    }),
  ],
  create: ({ repository, id, input, patches }) => [
    () => repository.create!({ ...input, id }),
    ...patches.map((patch) => () => repository.create!({ ...input, ...patch })),
  ],
  createMany: ({ repository, id, input, patches }) => [
    () => repository.createMany!([input, { ...input, id }, ...patches.map((patch) => ({ ...input, ...patch }))]),
    () => repository.createMany!([input, ...patches.map((patch) => ({ ...input, ...patch }))], { onError: "continue" }),
  ],
  update: ({ repository, id, patches }) => [
    () => repository.update!(id, {}),
    ...patches.flatMap((patch) => [
      () => repository.update!(id, patch),
      () => repository.update!(id, patch, { version: 7 }),
    ]),
    ...onOwn(repository, (own) => patches.map((patch) => () => repository.update!(own, patch))),
  ],
  updateMany: ({ repository, id, patches }) => [
    ...patches.map((patch) => () => repository.updateMany!([{ id, ...patch }])),
    ...onOwn(repository, (own) => [() => repository.updateMany!([{ id: own }, { id }])]),
  ],
  upsert: ({ repository, id, input }) => [() => repository.upsert!({ ...input, id }, { by: "id" })],
  upsertMany: ({ repository, id, input }) => [() => repository.upsertMany!([{ ...input, id }], { by: "id" })],
  deleteMany: ({ repository, id }) => [() => repository.deleteMany!([id])],
  delete: ({ repository, id }) => [() => repository.delete!(id), () => repository.delete!(id, { version: 7 })],
  impact: ({ repository, id }) => [() => repository.impact!(id)],
  archive: ({ repository, id }) => [() => repository.archive!(id)],
  restore: ({ repository, id }) => [() => repository.restore!(id)],
  history: ({ repository, id }) => [() => repository.history!(id)],
  search: ({ repository, id, where }) => [
    () => repository.search!("canary", { where, archived: "include" }),
    () => repository.search!("canary"),
    () => repository.search!(id),
  ],
  ancestors: ({ repository, id }) => [() => repository.ancestors!(id)],
  descendants: ({ repository, id }) => [() => repository.descendants!(id)],
  traverse: ({ repository, id, edges }) => [
    () => repository.traverse!({ from: "nowhere", to: "nowhere", start: id }),
    ...edges.map((edge) => () => repository.traverse!({ ...edge, direction: "both" })),
    ...edges.map((edge) => () => repository.traverse!({ ...edge, direction: "both", depth: 2 })),
  ],
  path: ({ repository, id, edges }) => [
    () => repository.path!({ from: "nowhere", to: "nowhere", start: id, end: id }),
    ...edges.map((edge) => () => repository.path!({ ...edge, direction: "both", end: edge.start })),
  ],
  fromJson: ({ repository, id, input }) => [() => repository.fromJson!({ ...input, id }, "create")],
  revert: ({ repository, id }) => [() => repository.revert!(id, 1), () => repository.revert!(id, 1, { version: 7 })],
  erase: ({ repository, id }) => [() => repository.erase!(id)],
  merge: ({ repository, id }) => [
    () => repository.merge!(id, id),
    ...onOwn(repository, (own) => [
      () => repository.merge!(own, id),
      () => repository.merge!(id, own),
      () => repository.merge!(id, own, { versions: { survivor: 7, other: 7 } }),
    ]),
  ],
  unmerge: ({ repository, mergeId }) => [() => repository.unmerge!(mergeId)],
  validate: ({ repository, id, input, patches }) => [
    () => repository.validate!({ create: { ...input, id } }),
    () => repository.validate!({ delete: id }),
    ...patches.map((patch) => () => repository.validate!({ update: { id, ...patch } })),
    ...patches.map((patch) => () => repository.validate!({ create: { ...input, ...patch } })),
  ],
};

/** Calls about a record of the asking tenant's own. */
function onOwn(repository: LooseRepository, calls: (id: string) => readonly Call[]): readonly Call[] {
  return [
    async () => {
      const own = (await repository.find!({})) as { readonly id: string };
      const answers: unknown[] = [];
      for (const call of calls(own.id)) answers.push(await Promise.resolve(call()).catch((error: unknown) => error));
      return answers;
    },
  ];
}

async function everything(records: unknown): Promise<readonly unknown[]> {
  return Array.fromAsync(records as AsyncIterable<unknown>);
}

const BASE_FIELDS = new Set([
  "tenantId",
  "id",
  "version",
  "createdAt",
  "createdBy",
  "updatedAt",
  "updatedBy",
  "archivedAt",
]);

/** What the probes of one entity ask for, when they ask for these ids. */
export function argumentsFor(
  { entity, table }: EntityMembers,
  ids: { readonly [entity: string]: string },
): Omit<RepositoryProbeArguments, "repository" | "cursor"> {
  const id = ids[entity]!;
  const fields = new Map(
    table.columns.filter(({ field }) => !BASE_FIELDS.has(field)).map((column) => [column.field, column]),
  );
  const references = [...fields.values()].flatMap(({ field, meaning }) => {
    const target = /^reference\((.*)\)$/.exec(meaning)?.[1];
    return target === undefined ? [] : [{ field, target, relation: field.slice(0, -2), id: ids[target]! }];
  });
  const referred = new Map(references.map((reference) => [reference.field, reference.id]));
  const required = [...fields.values()].filter(({ nullable, default: preset }) => !nullable && preset === undefined);
  const input = Object.fromEntries(
    required.map((column) => [column.field, referred.get(column.field) ?? sample(column)]),
  );
  const text = [...fields.values()].find(({ meaning, values }) => meaning === "text" && values === undefined);
  return {
    id,
    mergeId: ids.merge,
    input,
    patches: [
      ...(text ? [{ [text.field]: "other" }] : []),
      ...references.map((reference) => ({ [reference.field]: reference.id })),
    ],
    where: {
      or: [
        { id },
        ...references.flatMap((reference) => [
          { [reference.field]: reference.id },
          { [reference.relation]: { id: reference.id } },
        ]),
      ],
    },
    edges: [
      ...references.flatMap((from, i) =>
        references
          .slice(i + 1)
          .filter(({ target }) => target === from.target)
          .map((to) => ({ from: from.field, to: to.field, start: from.id })),
      ),
      ...edgesOfPairs([...fields.keys()], ids),
    ],
    include: Object.fromEntries(references.map(({ relation }) => [relation, true])),
  };
}

/** Of a pair "fromType" and "fromId" and another one, as such pairs are named: from a record of every entity. */
function edgesOfPairs(names: readonly string[], ids: { readonly [entity: string]: string }) {
  const pairs = names.filter((name) => name.endsWith("Id") && names.includes(`${name.slice(0, -2)}Type`));
  return pairs.flatMap((from, i) =>
    pairs
      .slice(i + 1)
      .flatMap((to) =>
        Object.entries(ids).map(([entityType, id]) => ({ from, to, start: { entityType, id } satisfies Node })),
      ),
  );
}

function sample({ kind, meaning, values }: ColumnSchema): unknown {
  if (values) return values[0];
  if (meaning === "money" || meaning === "currency") return { amount: "1", currency: "EUR" };
  if (meaning.startsWith("decimal")) return "1";
  switch (kind) {
    case "text":
    case "uuid":
      return "some";
    case "date":
      return "2026-01-01";
    case "json":
      return [];
    case "integer":
    case "bigint":
      return 1;
    case "instant":
      return new Date(0);
    case "boolean":
      return true;
    default:
      return kind satisfies never;
  }
}
