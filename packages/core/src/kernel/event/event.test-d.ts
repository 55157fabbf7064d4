import { expectTypeOf } from "vitest";
import * as z from "zod";
import { createCrm, definePlugin } from "../../crm.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { oneOf, reference, text } from "../entity/fields.ts";
import type { RecordOf } from "../plugin/record-of.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { CrmEvent } from "./event.ts";

declare const storage: StorageAdapter;

const badge = defineEntity("badge", {
  plural: "badges",
  fields: { label: text(), accountId: reference("account", { inverse: "badges" }) },
});
const awards = definePlugin({
  id: "awards",
  entities: [badge],
  extend: { account: { tier: oneOf("gold", "silver").optional() } },
  events: {
    "account.tagged": z.strictObject({ label: z.string() }),
    "badge.renamed": z.strictObject({ from: z.string(), to: z.string() }),
  },
  hooks: {
    badge: {
      // A hook may refuse a deletion, and emit what its plugin declares.
      async beforeDelete(context, batch) {
        await context.emit("account.tagged", batch[0]!.before.accountId, { label: batch[0]!.before.label });
      },
      async committed(context, batch) {
        expectTypeOf(batch[0]!.after?.label).toEqualTypeOf<string | undefined>();
        // @ts-expect-error nobody listens in a context
        context.on("badge.created", () => {});
      },
    },
  },
  subscribers: {
    "crm-sync": {
      on: ["account.created", "account.tagged", "badge.deleted"],
      // The event is one of those that are named, and its name tells which.
      async deliver(context, event) {
        expectTypeOf(event.name).toEqualTypeOf<"account.created" | "account.tagged" | "badge.deleted">();
        if (event.name === "account.tagged") expectTypeOf(event.data).toEqualTypeOf<{ label: string }>();
        if (event.name === "account.created") {
          expectTypeOf(event.data.after.tier).toEqualTypeOf<"gold" | "silver" | null>();
          // @ts-expect-error there was no record before it was created
          event.data.before;
        }
        await context.badges.list();
      },
    },
  },
  services: (context) => ({
    rename: (id: string, to: string) => context.emit("badge.renamed", id, { from: "", to }),
  }),
});

// What requires a plugin, hears and emits its events too.
definePlugin({
  id: "counting",
  requires: [awards],
  subscribers: {
    counting: {
      on: ["badge.renamed", "contact.archived"],
      async deliver(context, event) {
        if (event.name === "badge.renamed")
          await context.emit("account.tagged", event.recordId, { label: event.data.to });
      },
    },
  },
});

const crm = await createCrm({
  storage,
  plugins: [awards],
  events: { "opportunity.praised": z.strictObject({ by: z.string() }) },
  subscribers: {
    praise: {
      on: ["opportunity.praised", "opportunity.updated"],
      async deliver(context, event) {
        if (event.name === "opportunity.praised") expectTypeOf(event.data.by).toEqualTypeOf<string>();
        await context.opportunities.moveTo(event.recordId, "won");
      },
    },
  },
});
const stop = crm.on("account.tagged", (event) => {
  expectTypeOf(event).toEqualTypeOf<CrmEvent<"account.tagged", { label: string }>>();
});
expectTypeOf(stop).toEqualTypeOf<() => void>();
crm.on("badge.updated", ({ data }) => {
  expectTypeOf(data.before).toEqualTypeOf<RecordOf<typeof crm, "badge">>();
  expectTypeOf(data.after).toEqualTypeOf<RecordOf<typeof crm, "badge">>();
});
crm.on("opportunity.deleted", ({ data }) => expectTypeOf(data.before.status).toEqualTypeOf<"open" | "won" | "lost">());
await crm.transaction((tx) => tx.emit("opportunity.praised", "o", { by: "ann" }));
expectTypeOf(
  (await crm.eventDeliveries.list({ where: { status: "parked" } })).items[0]!.event.name,
).toEqualTypeOf<string>();
crm.on("account.merged", ({ data }) => {
  expectTypeOf(data).toEqualTypeOf<{
    readonly mergeId: string;
    readonly survivorId: string;
    readonly otherId: string;
  }>();
});
expectTypeOf(await crm.eventDeliveries.drain({ limit: 5 })).toEqualTypeOf<{
  readonly delivered: number;
  readonly failed: number;
  readonly parked: number;
}>();

// @ts-expect-error an event that does not exist
crm.on("account.taged", () => {});
// @ts-expect-error deliveries have no events
crm.on("eventDelivery.created", () => {});
// @ts-expect-error an event that the SDK makes itself
await crm.emit("account.created", "a", {});
// @ts-expect-error data that the declaration refuses
await crm.emit("account.tagged", "a", { label: 5 });
// @ts-expect-error a record that only operations write
await crm.eventDeliveries.create({});
// @ts-expect-error an event of an entity that does not exist
definePlugin({ id: "odd", events: { "acount.tagged": z.strictObject({}) } });
// @ts-expect-error an event that the SDK makes itself
definePlugin({ id: "odd", events: { "account.updated": z.strictObject({}) } });
// @ts-expect-error a subscriber of an event that does not exist
definePlugin({ id: "odd", subscribers: { odd: { on: ["account.taged"], deliver() {} } } });
// @ts-expect-error a subscriber without what it does
definePlugin({ id: "odd", subscribers: { odd: { on: ["account.created"] } } });
// @ts-expect-error an event of a plugin that is not required
definePlugin({ id: "odd", services: (context) => ({ badge: () => context.emit("badge.renamed", "a", {} as never) }) });
