/** What the repositories of an entity can do. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery } from "./compilation.ts";
import type { FindRequest } from "./compile-find.ts";
import { createEach, createRecord, createRecords } from "./create-records.ts";
import { deleteRecord, deleteRecords } from "./delete-records.ts";
import { deletionImpact } from "./deletion-impact.ts";
import { eraseRecord } from "./erase-record.ts";
import { fromJson } from "./from-json.ts";
import { knownRecords } from "./known-records.ts";
import type { AggregateRequest } from "./load-groups.ts";
import { type MergeRequest, mergeRecords } from "./merge-records.ts";
import {
  countRecords,
  cursorAfter,
  findRecord,
  getRecord,
  listRecords,
  MOST_IN_PAGE,
  refuseUnknown,
} from "./read-records.ts";
import { recordHistory } from "./record-history.ts";
import { recordVersions } from "./record-versions.ts";
import type { Verdict } from "./repository.ts";
import { restoreRecord } from "./restore-record.ts";
import { revertRecord } from "./revert-record.ts";
import { aggregateRecords } from "./run-aggregate.ts";
import { searchRecords } from "./search-records.ts";
import { type EdgeRequest, findShortestPath, traverseEdges, walkTree } from "./traverse-records.ts";
import { unmergeRecords } from "./unmerge-records.ts";
import { archiveRecord, updateRecord, updateRecords } from "./update-records.ts";
import { upsertRecords } from "./upsert-records.ts";

type Method = (...args: never[]) => Promise<unknown>;

/** The members of the repositories of an entity, by name: each is made for the scope of one handle. */
export function repositoryMembers(entity: EntitySchema): readonly (readonly [string, (scope: Scope) => unknown])[] {
  return [
    ...Object.entries(METHODS).map(([name, methodOf]) => {
      const call = `${entity.plural}.${name}`;
      return [name, (scope: Scope) => guarded(scope, { call, methodOf, reads: READS.has(name) })] as const;
    }),
    ["fromJson", (scope) => (value: unknown, purpose: unknown) => fromJson(scope, value, purpose)],
    [
      "iterate",
      (scope) =>
        (query: object = {}) =>
          iteratePages(scope, query),
    ],
  ];
}

interface Guarded {
  /** For messages. */
  readonly call: string;
  readonly methodOf: MethodOf;
  readonly reads: boolean;
}

/** It first makes sure that this handle may be used where it is called. */
function guarded(scope: Scope, { call, methodOf, reads }: Guarded): Method {
  const { kernel, binding } = scope;
  const method = methodOf(scope);
  return async (...args) => {
    kernel.units.guard(binding.frame, call);
    // Awaited, it comes two turns of the microtask queue sooner.
    if (reads) return await method(...args);
    if (binding.asOf !== undefined) throw pastIsReadOnly(call, binding.asOf);
    refuseOutsiders(scope, call);
    return binding.frame ? method(...args) : kernel.units.single(() => method(...args));
  };
}

const READS = new Set([
  "get",
  "find",
  "list",
  "cursorAfter",
  "known",
  "count",
  "aggregate",
  "history",
  "versions",
  "search",
  "ancestors",
  "descendants",
  "traverse",
  "path",
]);

export function pastIsReadOnly(call: string, asOf: number): CrmError {
  return new CrmError(
    "past_is_read_only",
    `${call} would write, and this handle reads the past (as of ${new Date(asOf).toISOString()}). Write with the handle that it was made from; to date a write in the past, use at().`,
    { details: { call, asOf: new Date(asOf) } },
  );
}

/** Records that only operations write, are written by those of the plugin that declares them. */
function refuseOutsiders({ entity, binding }: Scope, call: string): void {
  if (entity.written === "anyone" || entity.plugin === binding.plugin) return;
  const message = `${call}: records of ${entity.name} are written by the operations of plugin "${entity.plugin}" only.`;
  throw new CrmError("read_only_entity", message, { details: { entity: entity.name, plugin: entity.plugin } });
}

/** Each page is fetched when the one before it is used up. */
async function* iteratePages(scope: Scope, query: object): AsyncGenerator<object, void> {
  let after: string | undefined;
  do {
    scope.kernel.units.guard(scope.binding.frame, `${scope.entity.plural}.iterate`);
    const page = await listRecords(scope, { ...query, limit: MOST_IN_PAGE, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

interface VersionOption {
  readonly version?: unknown;
}

type MethodOf = (scope: Scope) => Method;

const METHODS: Readonly<Record<string, MethodOf>> = {
  get:
    (scope) =>
    (id: string, query: FindRequest = {}) =>
      getRecord(scope, id, query),
  find:
    (scope) =>
    (query: FindRequest = {}) =>
      findRecord(scope, query),
  list:
    (scope) =>
    (query: FindRequest = {}) =>
      listRecords(scope, query),
  cursorAfter:
    (scope) =>
    async (record: unknown, query: FindRequest = {}) =>
      cursorAfter(scope, record, query),
  known: (scope) => async (where: unknown) => knownRecords(scope, where),
  count:
    (scope) =>
    async (query: FindRequest = {}) =>
      countRecords(scope, query),
  aggregate: (scope) => async (query: AggregateRequest) => aggregateRecords(scope, query),
  search:
    (scope) =>
    async (text: unknown, query: FindRequest = {}) =>
      searchRecords(scope, text, query),
  ancestors:
    (scope) =>
    async (id: unknown, query: FindRequest = {}) => {
      return walkTree(scope, id, { request: query, direction: "along" });
    },
  descendants:
    (scope) =>
    async (id: unknown, query: FindRequest = {}) => {
      return walkTree(scope, id, { request: query, direction: "against" });
    },
  traverse: (scope) => async (query: EdgeRequest) => traverseEdges(scope, query),
  path: (scope) => async (query: EdgeRequest) => findShortestPath(scope, query),
  create: (scope) => async (input: unknown) => createRecord(scope, input),
  createMany:
    (scope) =>
    async (inputs: readonly unknown[], options: { readonly onError?: unknown } = {}) => {
      refuseUnknown(scope, options, ["onError"]);
      const { onError } = options;
      if (onError === undefined) return createRecords(scope, inputs);
      if (onError !== "continue") throw invalidQuery(scope.entity.name, "onError", 'must be "continue"');
      return createEach(scope, inputs);
    },
  update:
    (scope) =>
    async (id: unknown, patch: unknown, options: VersionOption = {}) => {
      refuseUnknown(scope, options, ["version"]);
      return updateRecord(scope, id, { patch, version: options.version });
    },
  updateMany: (scope) => async (changes: readonly unknown[]) => updateRecords(scope, changes),
  upsert:
    (scope) =>
    async (input: unknown, options: { readonly by?: unknown } = {}) => {
      refuseUnknown(scope, options, ["by"]);
      return (await upsertRecords(scope, [input], options.by))[0];
    },
  upsertMany:
    (scope) =>
    async (inputs: unknown, options: { readonly by?: unknown } = {}) => {
      refuseUnknown(scope, options, ["by"]);
      return upsertRecords(scope, inputs, options.by);
    },
  delete:
    (scope) =>
    async (id: unknown, options: VersionOption = {}) => {
      refuseUnknown(scope, options, ["version"]);
      return deleteRecord(scope, id, options.version);
    },
  deleteMany: (scope) => async (ids: unknown) => deleteRecords(scope, ids),
  impact: (scope) => async (id: unknown) => deletionImpact(scope, id),
  archive: (scope) => async (id: unknown) => archiveRecord(scope, id),
  restore: (scope) => async (id: unknown) => restoreRecord(scope, id),
  revert:
    (scope) =>
    async (id: unknown, version: unknown, options: VersionOption = {}) => {
      refuseUnknown(scope, options, ["version"]);
      return revertRecord(scope, id, { to: version, version: options.version });
    },
  erase:
    (scope) =>
    async (id: unknown, options: { readonly reason?: unknown } = {}) => {
      refuseUnknown(scope, options, ["reason"]);
      return eraseRecord(scope, id, options.reason);
    },
  merge:
    (scope) =>
    async (survivorId: unknown, otherId: unknown, options: MergeRequest = {}) => {
      return mergeRecords(scope, { survivorId, otherId }, options);
    },
  unmerge: (scope) => async (mergeId: unknown) => unmergeRecords(scope, mergeId),
  history: (scope) => async (id: unknown) => recordHistory(scope, id),
  versions: (scope) => async (query: unknown) => recordVersions(scope, query),
  validate: (scope) => async (write: unknown) => validateWrite(scope, write),
};

/** The names that operations cannot take. */
export const repositoryMethods: ReadonlySet<string> = new Set([...Object.keys(METHODS), "iterate", "fromJson"]);

type Write = (scope: Scope, write: Record<string, unknown>) => Promise<unknown>;

const WRITES: ReadonlyMap<string, Write> = new Map<string, Write>([
  ["create", (scope, write) => createRecord(scope, write.create)],
  ["createMany", (scope, write) => createRecords(scope, write.createMany as readonly unknown[])],
  ["update", (scope, write) => updateProposed(scope, write.update)],
  ["upsert", (scope, write) => upsertRecords(scope, [write.upsert], write.by)],
  ["delete", (scope, write) => deleteRecord(scope, write.delete, undefined)],
]);

/** As `update` does it, so that it gives the same errors. */
async function updateProposed(scope: Scope, proposed: unknown): Promise<object> {
  if (!isPlainObject(proposed))
    throw invalidQuery(scope.entity.name, "validate.update", "must be an object with the id of a record");
  const { id, version, ...patch } = proposed;
  return updateRecord(scope, id, { patch, version });
}

/** Does the write in a unit, or a savepoint, that is always undone. */
async function validateWrite(scope: Scope, write: unknown): Promise<Verdict> {
  const proposed = isPlainObject(write) ? write : {};
  const kinds = Object.keys(proposed).filter((key) => key !== "by");
  const carryOut = WRITES.get(kinds[0] ?? "");
  if (!carryOut || kinds.length > 1)
    throw invalidQuery(scope.entity.name, "validate", `needs one of ${[...WRITES.keys()].join(", ")}`);
  const undone = new Error("undone");
  const { kernel, binding } = scope;
  try {
    await kernel.units.run(binding.frame, async (frame) => {
      await carryOut({ ...scope, binding: { ...binding, frame } }, proposed);
      throw undone;
    });
  } catch (error) {
    if (error === undone) return { ok: true };
    if (CrmError.is(error)) return { ok: false, error };
    throw error;
  }
  return { ok: true };
}
