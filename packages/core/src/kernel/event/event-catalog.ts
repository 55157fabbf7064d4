/** The events that plugins and the application declare, and those who want them for certain. */

import type { ResolvedSchema } from "../entity/entity-schema.ts";
import { codecFor, type FieldCodec } from "../entity/field-codec.ts";
import { json } from "../entity/fields.ts";
import { pluginConflict, schemaInvalid } from "../entity/schema-errors.ts";
import type { PluginDefinition, SubscriberDefinition } from "../plugin/plugin.ts";
import { wordsOf } from "../thrown.ts";
import { DELIVERY } from "./delivery.ts";
import { automaticVerbs } from "./event.ts";

export interface DeclaredEvent {
  readonly entity: string;
  readonly plugin: string;
  /** Checks the data, and copies it. */
  readonly codec: FieldCodec;
}

export interface InstalledSubscriber extends SubscriberDefinition {
  readonly plugin: string;
}

export interface EventCatalog {
  readonly declared: ReadonlyMap<string, DeclaredEvent>;
  readonly subscribers: ReadonlyMap<string, InstalledSubscriber>;
  /** The ids of the subscribers of an event. */
  readonly wantedBy: ReadonlyMap<string, readonly string[]>;
  /** Whether there is such an event. */
  has(name: string): boolean;
}

const EVENT_NAME = /^([a-z][a-zA-Z0-9]{0,39})\.[a-z][a-z0-9_]{0,79}$/;
const SUBSCRIBER_ID = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/;
/** Verbs of the SDK itself. */
const AUTOMATIC_VERBS: ReadonlySet<string> = new Set(automaticVerbs);

/** @throws `schema_invalid`, `plugin_conflict`, naming the plugin and the event or subscriber. */
export function collectEvents(definitions: readonly PluginDefinition[], schema: ResolvedSchema): EventCatalog {
  const declared = new Map<string, DeclaredEvent>();
  for (const { id: plugin, events = {} } of definitions) {
    for (const [name, accepts] of Object.entries(events)) {
      const entity = nounOf(plugin, name, schema);
      const other = declared.get(name);
      if (other)
        throw pluginConflict(`Plugins "${other.plugin}" and "${plugin}" both declare the event "${name}".`, [
          other.plugin,
          plugin,
        ]);
      if (typeof accepts?.safeParse !== "function")
        throw schemaInvalid(
          `Plugin "${plugin}": the event "${name}" needs a zod schema of its data, such as z.strictObject({}).`,
        );
      declared.set(name, { entity, plugin, codec: codecFor(json(accepts).definition, "uuid") });
    }
  }
  const has = (name: string) => declared.has(name) || isAutomatic(name, schema);
  const subscribers = new Map<string, InstalledSubscriber>();
  const wantedBy = new Map<string, string[]>();
  for (const { id: plugin, subscribers: own = {} } of definitions) {
    for (const [id, subscriber] of Object.entries(own)) {
      const other = subscribers.get(id);
      if (other)
        throw pluginConflict(`Plugins "${other.plugin}" and "${plugin}" both have a subscriber "${id}".`, [
          other.plugin,
          plugin,
        ]);
      refuseInvalidSubscriber(plugin, { id, subscriber, has });
      subscribers.set(id, { on: subscriber.on, deliver: subscriber.deliver.bind(subscriber), plugin });
      for (const name of new Set(subscriber.on)) wantedBy.set(name, [...(wantedBy.get(name) ?? []), id]);
    }
  }
  return { declared, subscribers, wantedBy, has };
}

function nounOf(plugin: string, name: string, schema: ResolvedSchema): string {
  const [, noun] = EVENT_NAME.exec(name) ?? [];
  if (noun === undefined)
    throw schemaInvalid(
      `Plugin "${plugin}": "${name}" is no name for an event: use entity.past_tense, such as "account.tagged".`,
    );
  if (!schema.entities.has(noun) || noun === DELIVERY)
    throw schemaInvalid(
      `Plugin "${plugin}" declares the event "${name}", but there is no entity "${noun}" to have events.`,
    );
  if (AUTOMATIC_VERBS.has(name.slice(noun.length + 1)))
    throw schemaInvalid(
      `Plugin "${plugin}" declares the event "${name}", which the SDK makes itself. Choose another verb.`,
    );
  return noun;
}

/** Deliveries have none: each event would make another one. */
function isAutomatic(name: string, schema: ResolvedSchema): boolean {
  const [noun = "", verb = "", ...rest] = name.split(".");
  if (rest.length > 0 || noun === DELIVERY || !schema.entities.has(noun)) return false;
  return AUTOMATIC_VERBS.has(verb);
}

function refuseInvalidSubscriber(
  plugin: string,
  { id, subscriber, has }: { readonly id: string; readonly subscriber: unknown; has(name: string): boolean },
): void {
  const problem = (what: string) => schemaInvalid(`Plugin "${plugin}": the subscriber "${id}" ${what}.`);
  const { on, deliver } = (subscriber ?? {}) as { readonly on?: unknown; readonly deliver?: unknown };
  if (!SUBSCRIBER_ID.test(id)) throw problem("needs an id of letters, digits, points, hyphens and underscores");
  if (!Array.isArray(on) || on.length === 0) throw problem('needs a list of events in "on"');
  for (const name of on)
    if (typeof name !== "string" || !has(name)) throw problem(`wants "${wordsOf(name)}", but there is no such event`);
  if (typeof deliver !== "function") throw problem('needs a function "deliver"');
}
