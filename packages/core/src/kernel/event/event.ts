/** Events as listeners and subscribers get them: their names, and what each of them carries. */
import type { AnyModel, EntityName, RecordOf, Resolved } from "../entity/model.ts";

/** Something that has happened, and is committed. */
export interface CrmEvent<N extends string = string, D = unknown> {
  /** A UUID of version 7. A durable event that is delivered again has the same one. */
  readonly id: string;
  readonly name: N;
  readonly entity: string;
  readonly recordId: string;
  readonly tenantId: string;
  readonly actorId: string | null;
  /** The instant that the write was dated. */
  readonly at: Date;
  readonly data: D;
}

/** What happens to the records of every entity. */
export const automaticVerbs = [
  "created",
  "updated",
  "archived",
  "restored",
  "deleted",
  "erased",
  "merged",
  "unmerged",
] as const;
export type AutomaticVerb = (typeof automaticVerbs)[number];

/** What the event of a record carries: the record before, where there was one, and after, where there is one. */
export interface RecordEventData<in out M extends AnyModel, in out E extends EntityName<M>> {
  readonly created: { readonly after: RecordOf<M, E>; readonly version: number };
  readonly updated: {
    readonly before: RecordOf<M, E>;
    readonly after: RecordOf<M, E>;
    readonly version: number;
  };
  readonly deleted: { readonly before: RecordOf<M, E>; readonly version: number };
  /** Nothing of what was erased. */
  readonly erased: { readonly version: number };
  /** Told of the survivor: the other one is deleted, and what referred to it refers to the survivor. */
  readonly merged: MergeData;
  /** Told of the survivor: the other one is there again. */
  readonly unmerged: MergeData;
}

export interface MergeData {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly otherId: string;
}

/** The verbs whose data is of their own; the others carry what `updated` does. */
type OwnData = "created" | "deleted" | "erased" | "merged" | "unmerged";

/** A model, and the events that plugins and the application declare: name to data. */
export interface EventModel extends AnyModel {
  readonly events: unknown;
}

export type DeclaredName<M extends EventModel> = keyof M["events"] & string;
export type EventName<M extends EventModel> =
  | `${Exclude<EntityName<M> & string, "eventDelivery">}.${AutomaticVerb}`
  | DeclaredName<M>;

type DataOf<M extends EventModel, N> = N extends keyof M["events"]
  ? M["events"][N]
  : N extends `${infer E}.${infer Verb}`
    ? RecordEventData<M, E & EntityName<M>>[Verb extends OwnData ? Verb : "updated"]
    : never;

/** The event of a name; of several names, a union that `event.name` tells apart. */
export type EventOf<M extends EventModel, N extends string> = N extends unknown ? CrmEvent<N, DataOf<M, N>> : never;

/** How handles and contexts tell of what they have done. */
export interface Emitting<in out M extends EventModel> {
  /**
   * Tells of an event that is declared, about a record: after the commit, in order with the events of the writes around it; not at
   * all if the unit or savepoint is undone.
   *
   * @throws `invalid_input` for a name that is not declared, an id that is none, or data that the declaration refuses.
   */
  emit<N extends DeclaredName<M>>(name: N, recordId: string, data: M["events"][N & keyof M["events"]]): Promise<void>;
  /** The same of many records, all at once. @throws as `emit`, with the `index` of what is wrong; then it tells of none. */
  emitMany<N extends DeclaredName<M>>(
    name: N,
    events: readonly { readonly recordId: string; readonly data: M["events"][N & keyof M["events"]] }[],
  ): Promise<void>;
}

/** What the handle has that `createCrm` gives. */
export interface Listening<in out M extends EventModel> {
  /**
   * Calls `listener` after each commit with the events of this name, in their order, before the write's promise resolves; does not
   * wait for it. Events of all tenants: `event.tenantId` tells. What a listener throws goes to `onError`. Only on the handle that
   * `createCrm` gives. The result stops it.
   *
   * @throws `invalid_input` for a name that does not exist, or on any other handle.
   */
  on<N extends EventName<M>>(name: N, listener: (event: EventOf<M, N>) => unknown): () => void;
}

/** `{ "account.tagged": z.object({ … }) }` to the data of each event. */
export type EventDataOf<V> = Resolved<{
  readonly [N in keyof V]: V[N] extends { readonly _output: infer T } ? T : never;
}>;

/** Yields a sentence where an event is not about an entity that is installed. */
export type CheckEvents<M, V> = {
  readonly [N in keyof V]: N extends `${infer Noun}.${infer Verb}`
    ? Noun extends keyof M
      ? Verb extends AutomaticVerb
        ? `"${N}" is made by the SDK itself`
        : V[N]
      : `no entity "${Noun}"`
    : `"${N & string}" is not named "entity.past_tense"`;
};
