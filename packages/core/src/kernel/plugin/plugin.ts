/** A plugin: as its types are published, and as data at run time. */

import type { ZodType } from "zod";
import type { Entity } from "../entity/define-entity.ts";
import type { Fields } from "../entity/field.ts";
import type { AnyMigration } from "../migration/define-migration.ts";
import type { HooksOf } from "./hook.ts";
import type { Provided } from "./provided.ts";
import type { TimelinePart } from "./timeline-part.ts";

/** A plugin as its types are published. The `$` slots exist in types only. */
export interface Plugin<
  Id extends string = string,
  M = {},
  X = {},
  O = {},
  S = {},
  R extends readonly AnyPlugin[] = readonly AnyPlugin[],
  N = {},
  V = {},
> {
  readonly id: Id;
  readonly requires: R;
  readonly definition: PluginDefinition;
  readonly $model: M;
  readonly $extend: X;
  readonly $operations: O;
  readonly $services: S;
  readonly $names: N;
  readonly $events: V;
}

export interface AnyPlugin {
  readonly id: string;
  readonly requires: readonly AnyPlugin[];
  readonly definition: PluginDefinition;
  readonly $model: unknown;
  readonly $extend: unknown;
  readonly $operations: unknown;
  readonly $services: unknown;
  readonly $names: unknown;
  readonly $events: unknown;
}

type Api = { readonly [name: string]: unknown };
type Apis = { readonly [entity: string]: Api };

/** A plugin at run time, its types forgotten. */
export interface PluginDefinition {
  readonly id: string;
  readonly version?: string;
  readonly requires?: readonly AnyPlugin[];
  readonly optional?: readonly AnyPlugin[];
  readonly entities?: readonly Entity[];
  readonly extend?: { readonly [entity: string]: Fields };
  readonly indexes?: { readonly [entity: string]: Entity["indexes"] };
  readonly migrations?: readonly AnyMigration[];
  readonly hooks?: { readonly [entity: string]: HooksOf | readonly HooksOf[] };
  readonly events?: { readonly [name: string]: ZodType };
  readonly subscribers?: { readonly [id: string]: SubscriberDefinition };
  readonly operations?: (context: never) => Apis;
  readonly services?: (context: never) => Api;
  readonly timeline?: TimelinePart<never>;
  readonly errors?: { readonly [code: string]: string };
  readonly provides?: Provided<never>;
  readonly dispose?: (context: never) => Promise<void> | void;
}

/** Who gets certain events for sure, at run time, the types forgotten. */
export interface SubscriberDefinition {
  readonly on: readonly string[];
  deliver(context: never, event: never): Promise<void> | void;
}
