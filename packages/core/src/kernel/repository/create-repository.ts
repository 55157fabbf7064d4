/** The repository of one entity for one handle. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery } from "./compilation.ts";
import type { FindRequest } from "./compile-find.ts";
import { createEach, createRecord, createRecords } from "./create-records.ts";
import { deleteRecord, deleteRecords } from "./delete-records.ts";
import { deletionImpact } from "./deletion-impact.ts";
import { eraseRecord } from "./erase-record.ts";
import { fromJson } from "./from-json.ts";
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
import type { Page, Verdict } from "./repository.ts";
import { restoreRecord } from "./restore-record.ts";
import { revertRecord } from "./revert-record.ts";
import { aggregateRecords } from "./run-aggregate.ts";
import { searchRecords } from "./search-records.ts";
import { type EdgeRequest, findShortestPath, traverseEdges, walkTree } from "./traverse-records.ts";
import { unmergeRecords } from "./unmerge-records.ts";
import { archiveRecord, updateRecord, updateRecords } from "./update-records.ts";
import { upsertRecords } from "./upsert-records.ts";

type Method = (...args: never[]) => Promise<unknown>;

/** Each method first makes sure that this handle may be used where it is called. */
export function createRepository(scope: Scope): Record<string, unknown> {
  const { kernel, binding, entity } = scope;
  const guarded = (name: string, method: Method): Method => {
    const call = `${entity.plural}.${name}`;
    if (READS.has(name))
      return async (...args) => {
        kernel.units.guard(binding.frame, call);
        // Awaited, it comes two turns of the microtask queue sooner.
        return await method(...args);
      };
    return async (...args) => {
      kernel.units.guard(binding.frame, call);
      if (binding.asOf !== undefined) throw pastIsReadOnly(call, binding.asOf);
      refuseOutsiders(scope, call);
      return binding.frame ? method(...args) : kernel.units.single(() => method(...args));
    };
  };
  const repository = Object.fromEntries(
    Object.entries(methods(scope)).map(([name, method]) => [name, guarded(name, method)]),
  );
  const list = repository.list as (query: object) => Promise<Page<object>>;
  return {
    ...repository,
    fromJson: (value: unknown, purpose: unknown) => fromJson(scope, value, purpose),
    iterate: (query: object = {}) => iteratePages(list, query),
  };
}

const READS = new Set([
  "get",
  "find",
  "list",
  "cursorAfter",
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
async function* iteratePages(
  list: (query: object) => Promise<Page<object>>,
  query: object,
): AsyncGenerator<object, void> {
  let after: string | undefined;
  do {
    const page = await list({ ...query, limit: MOST_IN_PAGE, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

interface VersionOption {
  readonly version?: unknown;
}

function methods(scope: Scope): Record<string, Method> {
  const { entity } = scope;
  return {
    get: (id: string, query: FindRequest = {}) => getRecord(scope, id, query),
    find: (query: FindRequest = {}) => findRecord(scope, query),
    list: (query: FindRequest = {}) => listRecords(scope, query),
    cursorAfter: async (record: unknown, query: FindRequest = {}) => cursorAfter(scope, record, query),
    count: async (query: FindRequest = {}) => countRecords(scope, query),
    aggregate: async (query: AggregateRequest) => aggregateRecords(scope, query),
    search: async (text: unknown, query: FindRequest = {}) => searchRecords(scope, text, query),
    ancestors: async (id: unknown, query: FindRequest = {}) => {
      return walkTree(scope, id, { request: query, direction: "along" });
    },
    descendants: async (id: unknown, query: FindRequest = {}) => {
      return walkTree(scope, id, { request: query, direction: "against" });
    },
    traverse: async (query: EdgeRequest) => traverseEdges(scope, query),
    path: async (query: EdgeRequest) => findShortestPath(scope, query),
    create: async (input: unknown) => createRecord(scope, input),
    createMany: async (inputs: readonly unknown[], options: { readonly onError?: unknown } = {}) => {
      refuseUnknown(scope, options, ["onError"]);
      const { onError } = options;
      if (onError === undefined) return createRecords(scope, inputs);
      if (onError !== "continue") throw invalidQuery(entity.name, "onError", 'must be "continue"');
      return createEach(scope, inputs);
    },
    update: async (id: unknown, patch: unknown, options: VersionOption = {}) => {
      refuseUnknown(scope, options, ["version"]);
      return updateRecord(scope, id, { patch, version: options.version });
    },
    updateMany: async (changes: readonly unknown[]) => updateRecords(scope, changes),
    upsert: async (input: unknown, options: { readonly by?: unknown } = {}) => {
      refuseUnknown(scope, options, ["by"]);
      return (await upsertRecords(scope, [input], options.by))[0];
    },
    upsertMany: async (inputs: unknown, options: { readonly by?: unknown } = {}) => {
      refuseUnknown(scope, options, ["by"]);
      return upsertRecords(scope, inputs, options.by);
    },
    delete: async (id: unknown, options: VersionOption = {}) => {
      refuseUnknown(scope, options, ["version"]);
      return deleteRecord(scope, id, options.version);
    },
    deleteMany: async (ids: unknown) => deleteRecords(scope, ids),
    impact: async (id: unknown) => deletionImpact(scope, id),
    archive: async (id: unknown) => archiveRecord(scope, id),
    restore: async (id: unknown) => restoreRecord(scope, id),
    revert: async (id: unknown, version: unknown, options: VersionOption = {}) => {
      refuseUnknown(scope, options, ["version"]);
      return revertRecord(scope, id, { to: version, version: options.version });
    },
    erase: async (id: unknown, options: { readonly reason?: unknown } = {}) => {
      refuseUnknown(scope, options, ["reason"]);
      return eraseRecord(scope, id, options.reason);
    },
    merge: async (survivorId: unknown, otherId: unknown, options: MergeRequest = {}) => {
      return mergeRecords(scope, { survivorId, otherId }, options);
    },
    unmerge: async (mergeId: unknown) => unmergeRecords(scope, mergeId),
    history: async (id: unknown) => recordHistory(scope, id),
    versions: async (query: unknown) => recordVersions(scope, query),
    validate: async (write: unknown) => validateWrite(scope, write),
  };
}

/** The names that operations cannot take. */
export const repositoryMethods: ReadonlySet<string> = new Set([
  ...Object.keys(methods({} as Scope)),
  "iterate",
  "fromJson",
]);

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
