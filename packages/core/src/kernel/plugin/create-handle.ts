/** Makes handles: what an application or a plugin holds, with one repository for each entity and one API for each plugin. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import { emitEvents } from "../event/emit.ts";
import { type Binding, instantOf, type Kernel, type Scope } from "../kernel.ts";
import { loadedFunction } from "../loaded.ts";
import { once } from "../once.ts";
import { oncePer } from "../once-per.ts";
import { invalidQuery } from "../repository/compilation.ts";
import { repositoryMembers } from "../repository/create-repository.ts";
import { pastIsReadOnly } from "../repository/past-is-read-only.ts";
import { countRecords } from "../repository/read-records.ts";
import type { SearchRequest } from "../repository/search-all.ts";
import type { LockMode } from "../storage/storage-adapter.ts";
import type { Frame } from "../unit-of-work/frame.ts";
import { runTransaction } from "../unit-of-work/run-transaction.ts";
import type { JoinedUnit } from "../unit-of-work/unit-of-work.ts";
import type { Attempt } from "../unit-of-work/unit-options.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { describeEntities } from "./any-repository.ts";
import { boundTo, pastInstant, refused } from "./handle-input.ts";
import type { InstalledPlugin } from "./installed-plugin.ts";
import { createJoinedUnits, nativeOf } from "./join-app.ts";
import { type LazyObjects, type LazyState, lazyObjects, member } from "./lazy-members.ts";
import { type RecordReference, timelineSources } from "./timeline-part.ts";

const searchAll = loadedFunction(async () => (await import("../later.ts")).searchAll);
const checkTrees = loadedFunction(async () => (await import("../later.ts")).checkTrees);

export type Handle = object;

/** What stands behind a handle: what it binds, and the members that have been used so far. */
interface State extends LazyState {
  /** Set as soon as there is one. */
  handle: Handle | undefined;
  readonly binding: Binding;
  /** The unit that this is the handle of, where `using` has made it. */
  readonly joined: JoinedUnit | undefined;
}

interface RepositoryState extends LazyState {
  readonly scope: Scope;
  /** The handle that it is of. */
  readonly of: State;
}

export interface HandleFactory {
  handle(binding: Binding): Handle;
  /** What a handle binds that was made here. */
  bindingOf(handle: Handle): Binding;
}

type Member = (state: State) => unknown;

/**
 * Members are getters of a few prototypes, such as one for applications and one for plugins' contexts, and are made when they are first used:
 * a handle itself is a few small objects.
 */
export function createHandleFactory(
  kernel: Kernel,
  plugins: readonly InstalledPlugin[],
  close: () => Promise<void>,
): HandleFactory {
  const joinedUnits = createJoinedUnits(kernel);
  const descriptions = once(() => describeEntities(kernel.schema));
  const repositoriesOf = oncePer(declareRepositories);
  const application = lazyObjects([...commonMembers(), ...applicationMembers()]);
  const joined = lazyObjects([...commonMembers(), ...applicationMembers(), ...joinedMembers()]);
  const context = lazyObjects([...commonMembers(), ...contextMembers()]);
  return { handle, bindingOf: (made) => application.stateOf(made).binding };

  function handle(binding: Binding): Handle {
    return handleOf(binding.plugin === undefined ? application : context, binding, undefined);
  }

  function handleOf(kind: LazyObjects<State>, binding: Binding, unit: JoinedUnit | undefined): Handle {
    const state: State = { handle: undefined, binding, made: new Map(), joined: unit };
    state.handle = kind.make(state);
    return state.handle;
  }

  function commonMembers(): [string, Member][] {
    return [
      ...[...kernel.schema.entities.values()].map((entity): [string, Member] => {
        return [
          entity.plural,
          (of) => repositoriesOf(entity).make({ scope: { kernel, binding: of.binding, entity }, of, made: new Map() }),
        ];
      }),
      ...plugins.flatMap(({ id, services, servesBeside }): [string, Member][] =>
        services && servesBeside === undefined ? [[id, (state) => services(contextOf(state, id) as never)]] : [],
      ),
      ["transaction", ({ binding }) => transactionOf(binding)],
      [
        "emit",
        ({ binding }) =>
          async (name: unknown, recordId: unknown, data: unknown) =>
            emit(binding, name, [{ recordId, data }]),
      ],
      [
        "emitMany",
        ({ binding }) =>
          async (name: unknown, events: unknown) =>
            emit(binding, name, listOfEvents(events)),
      ],
      [
        "as",
        ({ binding }) =>
          (who: unknown) =>
            handle({ ...binding, ...boundTo(who) }),
      ],
      [
        "at",
        ({ binding }) =>
          (instant: unknown) =>
            handle({ ...binding, at: pastInstant("at", instant, kernel.newest()) }),
      ],
      [
        "asOf",
        ({ binding }) =>
          (instant: unknown) =>
            handle({ ...binding, asOf: pastInstant("asOf", instant, kernel.newest()) }),
      ],
      ["search", ({ binding }) => searchOf(binding)],
      ["settled", () => async () => new Date(await kernel.settled.at())],
    ];
  }

  function applicationMembers(): [string, Member][] {
    return [
      ["close", () => closeAll],
      ["checkTrees", ({ binding }) => checkTreesOf(binding)],
      ["on", listeningOf],
      [
        "native",
        (state) => () => {
          kernel.units.guard(state.binding.frame, "native");
          return member(state, "query builder", () => nativeOf(kernel, state.binding));
        },
      ],
      [
        "using",
        ({ binding }) =>
          (transaction: unknown) => {
            kernel.units.guard(binding.frame, "using");
            const unit = joinedUnits.join(binding, transaction);
            const made = handleOf(joined, { ...binding, frame: unit.frame }, unit);
            joinedUnits.watch(made, unit);
            return made;
          },
      ],
    ];
  }

  function joinedMembers(): [string, Member][] {
    return [
      ["committed", (state) => () => state.joined!.committed()],
      ["rolledBack", (state) => () => state.joined!.rolledBack()],
    ];
  }

  async function closeAll() {
    joinedUnits.tellForgotten();
    await close();
  }

  function contextMembers(): [string, Member][] {
    return [
      ["actorId", ({ binding }) => binding.actorId],
      [
        "now",
        ({ binding }) =>
          () =>
            new Date(binding.asOf ?? instantOf({ kernel, binding })),
      ],
      ["readsPast", ({ binding }) => binding.asOf !== undefined],
      ["newId", () => kernel.newId],
      ["lock", ({ binding }) => lockOf(binding, { mode: "exclusive" })],
      ["lockShared", ({ binding }) => lockOf(binding, { mode: "shared" })],
      ["lockSharedAtWrite", ({ binding }) => lockOf(binding, { mode: "shared", late: true })],
      ["exists", ({ binding }) => existsOf(binding)],
      ["timelineSources", (state) => timelineSources(plugins, (plugin) => contextOf(state, plugin))],
      ["entities", () => descriptions],
      [
        "repository",
        ({ handle }) =>
          (entityType: string) =>
            (handle as Record<string, unknown>)[installed(entityType).plural],
      ],
      ["error", ({ binding }) => plugins.find(({ id }) => id === binding.plugin)!.error],
    ];
  }

  async function emit(binding: Binding, name: unknown, events: Parameters<typeof emitEvents>[2]): Promise<void> {
    kernel.units.guard(binding.frame, "emit");
    if (binding.asOf !== undefined) throw pastIsReadOnly("emit", binding.asOf);
    await emitEvents({ kernel, binding }, name, events);
  }

  /** A handle of a tenant would hear of the others. */
  function listeningOf({ binding }: State) {
    return (name: unknown, listener: unknown) => {
      if (binding !== kernel.root)
        throw refused(
          "on",
          "not_allowed",
          "is only for the handle that createCrm gives: a listener hears of all tenants",
        );
      if (typeof name !== "string") throw refused("on", "invalid_type", "needs the name of an event");
      if (!kernel.events.has(name))
        throw refused("on", "unknown_event", `needs the name of an event: there is no "${name}"`);
      if (typeof listener !== "function") throw refused("on", "invalid_type", "needs a function to call");
      return kernel.bus.on(name, listener as (event: unknown) => unknown);
    };
  }

  /** The context of a plugin that stands where this handle does. */
  function contextOf(state: State, plugin: string): Handle {
    if (plugin === state.binding.plugin) return state.handle!;
    return member(state, `context of ${plugin}`, () => handle({ ...state.binding, plugin }));
  }

  /** With the operations that plugins have added, and with the services that stand beside them: each made when it is first used. */
  function declareRepositories(entity: EntitySchema): LazyObjects<RepositoryState> {
    const own = repositoryMembers(entity).map(
      ([name, make]) => [name, ({ scope }: RepositoryState) => make(scope)] as const,
    );
    const added = plugins.flatMap((plugin) =>
      (plugin.operationNames.get(entity.name) ?? []).map((name) => {
        const call = `${entity.plural}.${name}`;
        const make = ({ of }: RepositoryState) =>
          guardedOperation(call, operationsOf(of, plugin)[entity.name]![name], of.binding);
        return [name, make] as const;
      }),
    );
    const beside = plugins.find(({ servesBeside }) => servesBeside === entity.name);
    const services = (beside?.serviceNames ?? []).map((name) => {
      return [name, ({ of }: RepositoryState) => servicesOf(of, beside!)[name]] as const;
    });
    return lazyObjects([...own, ...added, ...services]);
  }

  function operationsOf(state: State, plugin: InstalledPlugin) {
    return member(state, `operations of ${plugin.id}`, () => plugin.operations(contextOf(state, plugin.id) as never));
  }

  function servicesOf(state: State, { id, services }: InstalledPlugin) {
    return member(state, `services of ${id}`, () => {
      return services!(contextOf(state, id) as never) as Record<string, unknown>;
    });
  }

  function guardedOperation(call: string, operation: unknown, binding: Binding): unknown {
    return async (...args: unknown[]) => {
      kernel.units.guard(binding.frame, call);
      return (operation as (...given: unknown[]) => unknown)(...args);
    };
  }

  function transactionOf(binding: Binding) {
    return async (work: (tx: Handle, attempt: Attempt) => Promise<unknown>, options?: unknown) => {
      kernel.units.guard(binding.frame, "transaction");
      if (typeof work !== "function")
        throw refused("work", "invalid_type", "must be a function that receives the handle");
      const inUnit = (frame: Frame, attempt: Attempt) => work(handle({ ...binding, frame }), attempt);
      return runTransaction({ kernel, binding }, inUnit, options);
    };
  }

  function checkTreesOf(binding: Binding) {
    return async (options: unknown = {}) => {
      kernel.units.guard(binding.frame, "checkTrees");
      if (!isPlainObject(options) || !["undefined", "boolean"].includes(typeof options.repair))
        throw refused("options", "invalid_type", "must be an object with repair, which is true or false");
      if (binding.asOf !== undefined) throw pastIsReadOnly("checkTrees", binding.asOf);
      return checkTrees({ kernel, binding }, { repair: options.repair === true });
    };
  }

  function lockOf({ frame, tenantId }: Binding, how: { readonly mode: LockMode; readonly late?: boolean }) {
    return async (...names: unknown[]) => {
      kernel.units.guard(frame, "lock");
      if (names.length === 0 || !names.every((name) => typeof name === "string" && name !== ""))
        throw refused("names", "invalid_type", "must be texts that are not empty, one at least");
      await kernel.units.lock(frame, { tenantId, names: names as string[], ...how });
    };
  }

  function installed(entityType: string): EntitySchema {
    const entity = kernel.schema.entities.get(entityType);
    if (!entity) throw invalidQuery(entityType, "entityType", "is no entity that is installed");
    return entity;
  }

  function searchOf(binding: Binding) {
    return async (text: unknown, options: SearchRequest = {}) => {
      kernel.units.guard(binding.frame, "search");
      return searchAll({ kernel, binding }, text, options);
    };
  }

  function existsOf(binding: Binding) {
    return async ({ entityType, id }: RecordReference) => {
      kernel.units.guard(binding.frame, "exists");
      const entity = installed(entityType);
      if (!entity.fields.get("id")!.codec.accepts.safeParse(id).success) return false;
      return (await countRecords({ kernel, binding, entity }, { where: { id }, archived: "include" })) > 0;
    };
  }
}

function listOfEvents(given: unknown): Parameters<typeof emitEvents>[2] {
  if (Array.isArray(given) && given.every(isPlainObject)) return given as never;
  throw refused("events", "invalid_type", "must be a list of objects with a recordId and data");
}
