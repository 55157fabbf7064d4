/** The plugin interface: what `definePlugin` takes, and the context that follows from it. */
import type { Entity } from "../entity/define-entity.ts";
import type { EntityShapes, ExtensionOf, Indexes, PluralsOf } from "../entity/model.ts";
import type { CheckEvents, EventDataOf, EventName, EventOf } from "../event/event.ts";
import type { Migration } from "../migration/define-migration.ts";
import type { CheckErrors, CheckExtend, CheckTargets } from "./check-definition.ts";
import type {
  Context,
  ErrorMaker,
  Handle,
  Model,
  ModelOf,
  NamesOf,
  OperationOf,
  OperationRepositories,
  ServicesOf,
} from "./handle.ts";
import type { Hooks } from "./hook.ts";
import type { AnyPlugin, Plugin, PluginDefinition } from "./plugin.ts";
import type { Provided } from "./provided.ts";
import type { TimelinePart } from "./timeline-part.ts";

/** A context that has more, and whose handles have it too. It can stand wherever the narrower one is asked for. */
type Extended<More, C> = More & Handle<Extended<More, C>> & C;

/** The parts of optional plugins: undefined where the plugin is not installed. */
type OptionalParts<Ps extends readonly AnyPlugin[], Q extends readonly AnyPlugin[]> = {
  readonly [P in keyof OperationRepositories<Q>]?: OperationRepositories<readonly [...Ps, ...Q]>[P &
    keyof OperationRepositories<readonly [...Ps, ...Q]>];
} & Partial<ServicesOf<Q>>;

/** A plugin's own operations, beside the repositories that its services see. */
type OwnOperations<Ps extends readonly AnyPlugin[], O> = {
  readonly [P in keyof NamesOf<Ps> as NamesOf<Ps>[P] extends keyof O ? P : never]: OperationOf<O, NamesOf<Ps>[P]>;
};

export type PluginContext<
  Core extends readonly AnyPlugin[],
  R extends readonly AnyPlugin[],
  Es extends readonly Entity[],
  X,
  O,
  Q extends readonly AnyPlugin[] = readonly [],
  E = {},
  V = {},
> = [keyof O] extends [never]
  ? LeanContext<WithOwn<Core, R, Es, X, V>, Q, keyof E & string>
  : Extended<
      OwnOperations<WithOwn<Core, R, Es, X, V>, O>,
      LeanContext<WithOwn<Core, R, Es, X, V>, Q, keyof E & string>
    >;

type LeanContext<Ps extends readonly AnyPlugin[], Q extends readonly AnyPlugin[], Code extends string> = [
  Q,
  Code,
] extends [readonly [], never]
  ? Context<Ps>
  : Extended<OptionalParts<Ps, Q> & ErrorMaker<Code>, Context<Ps>>;

/** Core, the required plugins, and what a plugin declares of its own. */
type WithOwn<
  Core extends readonly AnyPlugin[],
  R extends readonly AnyPlugin[],
  Es extends readonly Entity[],
  X,
  V,
> = readonly [...Core, ...R, Own<Es, X, V>];

/** The plugin that is being defined, as far as its own context sees it. */
export type Own<Es extends readonly Entity[], X, V> = Plugin<
  "",
  EntityShapes<Es>,
  ExtensionOf<X>,
  {},
  {},
  [],
  PluralsOf<Es>,
  EventDataOf<V>
>;

/** The parts of a plugin that decide what its context has, as they are given to `definePlugin`. */
export interface PluginParts {
  readonly requires?: readonly AnyPlugin[];
  readonly optional?: readonly AnyPlugin[];
  readonly entities?: readonly Entity[];
  readonly extend?: unknown;
  readonly errors?: unknown;
  readonly events?: unknown;
}

type Listed<T> = T extends readonly unknown[] ? T : readonly [];
type Given<P, K> = K extends keyof P ? P[K] : {};

/** The context of a plugin whose parts stand in a file of their own. */
export type ContextOfParts<Core extends readonly AnyPlugin[], P extends PluginParts> = PluginContext<
  Core,
  Listed<P["requires"]>,
  Listed<P["entities"]>,
  Given<P, "extend">,
  {},
  Listed<P["optional"]>,
  Given<P, "errors">,
  Given<P, "events">
>;

/** By id: who gets certain events for sure, at least once, and in order for each record. `Names` are those that each asks for. */
export type Subscribers<Ps extends readonly AnyPlugin[], Names> = {
  readonly [I in keyof Names]: {
    readonly on: readonly (Names[I] & EventName<Model<Ps>>)[];
    /** The context is bound to the event's tenant and actor. What it throws has the event delivered again, later. */
    deliver(context: Context<Ps>, event: EventOf<Model<Ps>, Names[I] & EventName<Model<Ps>>>): Promise<void> | void;
  };
};

type Wrap<Id extends string, S> = [keyof S] extends [never] ? {} : { readonly [K in Id]: S };

/** `definePlugin` for a given core. Core's own domain is defined with an empty one. */
export interface DefinePlugin<Core extends readonly AnyPlugin[]> {
  <
    const Id extends string,
    const R extends readonly AnyPlugin[] = [],
    const Es extends readonly Entity[] = [],
    const X = {},
    O = {},
    S = {},
    const Q extends readonly AnyPlugin[] = [],
    const E = {},
    const V = {},
    const Names = {},
  >(definition: {
    readonly id: Id;
    /** For people: errors about this plugin name it. */
    readonly version?: string;
    /** The plugins whose entities and services this one uses, as values. They must be installed too. */
    readonly requires?: R;
    /** Plugins that this one uses where they are installed. Their parts are possibly undefined in its context. */
    readonly optional?: Q;
    readonly entities?: Es & CheckTargets<ModelOf<readonly [...Core, ...R]> & EntityShapes<Es>, Es>;
    /** Columns on entities of core and of required plugins. */
    readonly extend?: X & CheckExtend<ModelOf<readonly [...Core, ...R]>, X>;
    /** By entity: what lists and figures of this plugin need to be quick for, over fields of the entity and of its extensions together. */
    readonly indexes?: NoInfer<Indexes<Model<WithOwn<Core, R, Es, X, V>>>>;
    /** In the order in which they are applied. A published one is never edited or moved: new ones go to the end. */
    readonly migrations?: NoInfer<
      readonly Migration<Model<WithOwn<Core, R, Es, X, V>>, PluginContext<Core, R, Es, X, {}, Q, E, V>>[]
    >;
    /** By code: the message of an error that `context.error` makes. `{name}` stands for the detail of that name. */
    readonly errors?: E & CheckErrors<E>;
    /** `noun.past_tense`, about an entity that is installed, to a zod schema of the data: a JSON value. */
    readonly events?: V & CheckEvents<ModelOf<readonly [...Core, ...R]> & EntityShapes<Es>, V>;
    readonly hooks?: NoInfer<Hooks<Model<WithOwn<Core, R, Es, X, V>>, PluginContext<Core, R, Es, X, {}, Q, E, V>>>;
    readonly subscribers?: Subscribers<WithOwn<Core, R, Es, X, V>, Names>;
    /** What this plugin adds to the timelines of records. */
    readonly timeline?: NoInfer<TimelinePart<PluginContext<Core, R, Es, X, {}, Q, E, V>>>;
    /** By entity: what stands beside the repository's own methods. Made anew for each handle. */
    readonly operations?: (context: PluginContext<Core, R, Es, X, {}, Q, E, V>) => O;
    /**
     * The plugin's API, `crm.<id>`. Made anew for each handle. Where the id is the plural of an entity of its own, it stands beside
     * the repository's methods.
     */
    readonly services?: (context: PluginContext<Core, R, Es, X, O, Q, E, V>) => S;
    /** What figures are converted and grouped by, for every entity. Of each there is one plugin at most that provides it. */
    readonly provides?: NoInfer<Provided<PluginContext<Core, R, Es, X, {}, Q, E, V>>>;
    /** Called once by `crm.close()`, while the storage is still open: the place to end what the plugin has begun. */
    readonly dispose?: (context: NoInfer<PluginContext<Core, R, Es, X, {}, Q, E, V>>) => Promise<void> | void;
  }): Plugin<Id, EntityShapes<Es>, ExtensionOf<X>, O, Wrap<Id, S>, R, PluralsOf<Es>, EventDataOf<V>>;
}

/** The one implementation behind every `definePlugin`: the definition, kept as data. */
export function definePluginFor<Core extends readonly AnyPlugin[]>(): DefinePlugin<Core> {
  return ((definition: PluginDefinition) =>
    Object.freeze({ id: definition.id, requires: definition.requires ?? [], definition })) as never;
}
