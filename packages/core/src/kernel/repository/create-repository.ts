/** What the repositories of an entity can do. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { loadedOnce } from "../loaded.ts";
import { invalidQuery } from "./compilation.ts";
import type { FindRequest } from "./compile-find.ts";
import { createEach, createRecord, createRecords } from "./create-records.ts";
import { fromJson } from "./from-json.ts";
import { knownRecords } from "./known-records.ts";
import type { AggregateRequest } from "./load-groups.ts";
import type { MergeRequest } from "./merge-records.ts";
import { pastIsReadOnly } from "./past-is-read-only.ts";
import {
  countRecords,
  cursorAfter,
  findRecord,
  getRecord,
  iterateRecords,
  listRecords,
  refuseUnknown,
} from "./read-records.ts";
import type { EdgeRequest } from "./traverse-edges.ts";
import { archiveRecord, updateRecord, updateRecords } from "./update-records.ts";

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
          iterateRecords(scope, query),
    ],
  ];
}

interface Guarded {
  /** For messages. */
  readonly call: string;
  readonly methodOf: MethodOf | LaterMethod;
  readonly reads: boolean;
}

/** It first makes sure that this handle may be used where it is called. Its code is loaded before a unit of its own begins. */
function guarded(scope: Scope, { call, methodOf, reads }: Guarded): Method {
  const { kernel, binding } = scope;
  let method = typeof methodOf === "function" ? methodOf(scope) : undefined;
  return async (...args) => {
    kernel.units.guard(binding.frame, call);
    if (!method) {
      const code = (methodOf as LaterMethod).code();
      method = code instanceof Promise ? (await code)(scope) : code(scope);
      // The unit may have ended in the meantime.
      kernel.units.guard(binding.frame, call);
    }
    // Awaited, it comes two turns of the microtask queue sooner.
    if (reads) return await method(...args);
    if (binding.asOf !== undefined) throw pastIsReadOnly(call, binding.asOf);
    refuseOutsiders(scope, call);
    const carryOut = method;
    return binding.frame ? carryOut(...args) : kernel.units.single(() => carryOut(...args));
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

/** Records that only operations write, are written by those of the plugin that declares them. */
function refuseOutsiders({ entity, binding }: Scope, call: string): void {
  if (entity.written === "anyone" || entity.plugin === binding.plugin) return;
  const message = `${call}: records of ${entity.name} are written by the operations of plugin "${entity.plugin}" only.`;
  throw new CrmError("read_only_entity", message, { details: { entity: entity.name, plugin: entity.plugin } });
}

interface VersionOption {
  readonly version?: unknown;
}

type MethodOf = (scope: Scope) => Method;

/** A method whose code is loaded with its first call. */
interface LaterMethod {
  code(): MethodOf | Promise<MethodOf>;
}

function later(methodOf: (code: typeof import("../later.ts")) => MethodOf): LaterMethod {
  return { code: loadedOnce(async () => methodOf(await import("../later.ts"))) };
}

const METHODS: Readonly<Record<string, MethodOf | LaterMethod>> = {
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
  aggregate: later(
    ({ aggregateRecords }) =>
      (scope) =>
      async (query: AggregateRequest) =>
        aggregateRecords(scope, query),
  ),
  search: later(
    ({ searchRecords }) =>
      (scope) =>
      async (text: unknown, query: FindRequest = {}) =>
        searchRecords(scope, text, query),
  ),
  ancestors: later(
    ({ walkTree }) =>
      (scope) =>
      async (id: unknown, query: FindRequest = {}) =>
        walkTree(scope, id, { request: query, direction: "along" }),
  ),
  descendants: later(
    ({ walkTree }) =>
      (scope) =>
      async (id: unknown, query: FindRequest = {}) =>
        walkTree(scope, id, { request: query, direction: "against" }),
  ),
  traverse: later(
    ({ traverseEdges }) =>
      (scope) =>
      async (query: EdgeRequest) =>
        traverseEdges(scope, query),
  ),
  path: later(
    ({ findShortestPath }) =>
      (scope) =>
      async (query: EdgeRequest) =>
        findShortestPath(scope, query),
  ),
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
  upsert: later(({ upsertRecords }) => (scope) => async (input: unknown, options: { readonly by?: unknown } = {}) => {
    refuseUnknown(scope, options, ["by"]);
    return (await upsertRecords(scope, [input], options.by))[0];
  }),
  upsertMany: later(
    ({ upsertRecords }) =>
      (scope) =>
      async (inputs: unknown, options: { readonly by?: unknown } = {}) => {
        refuseUnknown(scope, options, ["by"]);
        return upsertRecords(scope, inputs, options.by);
      },
  ),
  delete: later(({ deleteRecord }) => (scope) => async (id: unknown, options: VersionOption = {}) => {
    refuseUnknown(scope, options, ["version"]);
    return deleteRecord(scope, id, options.version);
  }),
  deleteMany: later(
    ({ deleteRecords }) =>
      (scope) =>
      async (ids: unknown) =>
        deleteRecords(scope, ids),
  ),
  impact: later(
    ({ deletionImpact }) =>
      (scope) =>
      async (id: unknown) =>
        deletionImpact(scope, id),
  ),
  archive: (scope) => async (id: unknown) => archiveRecord(scope, id),
  restore: later(
    ({ restoreRecord }) =>
      (scope) =>
      async (id: unknown) =>
        restoreRecord(scope, id),
  ),
  revert: later(({ revertRecord }) => (scope) => async (id: unknown, version: unknown, options: VersionOption = {}) => {
    refuseUnknown(scope, options, ["version"]);
    return revertRecord(scope, id, { to: version, version: options.version });
  }),
  erase: later(({ eraseRecord }) => (scope) => async (id: unknown, options: { readonly reason?: unknown } = {}) => {
    refuseUnknown(scope, options, ["reason"]);
    return eraseRecord(scope, id, options.reason);
  }),
  merge: later(
    ({ mergeRecords }) =>
      (scope) =>
      async (survivorId: unknown, otherId: unknown, options: MergeRequest = {}) =>
        mergeRecords(scope, { survivorId, otherId }, options),
  ),
  unmerge: later(
    ({ unmergeRecords }) =>
      (scope) =>
      async (mergeId: unknown) =>
        unmergeRecords(scope, mergeId),
  ),
  history: later(
    ({ recordHistory }) =>
      (scope) =>
      async (id: unknown) =>
        recordHistory(scope, id),
  ),
  versions: later(
    ({ recordVersions }) =>
      (scope) =>
      async (query: unknown) =>
        recordVersions(scope, query),
  ),
  validate: later(
    ({ validateWrite }) =>
      (scope) =>
      async (write: unknown) =>
        validateWrite(scope, write),
  ),
};

/** The names that operations cannot take. */
export const repositoryMethods: ReadonlySet<string> = new Set([...Object.keys(METHODS), "iterate", "fromJson"]);
