import { expectTypeOf } from "vitest";
import { createCrm, definePlugin } from "../../crm.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { integer, oneOf, reference, text } from "../entity/fields.ts";
import type { RecordOf } from "../plugin/record-of.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { CreateResult, Impact, Merged, Unmerged, UpsertResult, Verdict } from "./repository.ts";

declare const storage: StorageAdapter;

const ticket = defineEntity("ticket", {
  plural: "tickets",
  fields: {
    subject: text(),
    number: integer().assigned().unique(),
    priority: oneOf("low", "high").default("low"),
    channel: text().optional().written("once"),
    status: oneOf("open", "closed").default("open").written("operations"),
    accountId: reference("account", { inverse: "tickets" }).written("once"),
  },
});
const ticketing = definePlugin({
  id: "ticketing",
  entities: [ticket],
  operations: (context) => ({
    ticket: {
      async close(id: string, version?: number) {
        const closed = await context.tickets.update(id, { status: "closed" }, version === undefined ? {} : { version });
        expectTypeOf(closed.status).toEqualTypeOf<"open" | "closed">();
        return closed;
      },
      async reopen(subject: string, accountId: string) {
        // What only operations write is theirs, at creation as well.
        return context.tickets.create({ subject, accountId, status: "open", channel: null });
      },
    },
  }),
});
const crm = await createCrm({ storage, plugins: [ticketing] });
const { tickets } = crm;
type Ticket = RecordOf<typeof crm, "ticket">;

// Required: what is neither optional, nor defaulted, nor assigned. The id may be given.
expectTypeOf(await tickets.create({ subject: "Broken", accountId: "a" })).toEqualTypeOf<Ticket>();
await tickets.create({ id: "t", subject: "Broken", accountId: "a", number: 7, priority: "high", channel: "phone" });
expectTypeOf(await tickets.createMany([{ subject: "Broken", accountId: "a" }])).toEqualTypeOf<readonly Ticket[]>();
expectTypeOf(await tickets.createMany([], { onError: "continue" })).toEqualTypeOf<readonly CreateResult<Ticket>[]>();

// A patch may name any field that is written at any time, and carry the version that was read.
expectTypeOf(await tickets.update("t", { subject: "Bent", priority: "low" }, { version: 3 })).toEqualTypeOf<Ticket>();
expectTypeOf(await tickets.updateMany([{ id: "t", version: 3, number: 8 }])).toEqualTypeOf<readonly Ticket[]>();
expectTypeOf(await tickets.upsert({ subject: "Broken", accountId: "a" }, { by: "number" })).toEqualTypeOf<
  UpsertResult<Ticket>
>();
expectTypeOf(await tickets.validate({ update: { id: "t", subject: "Bent" } })).toEqualTypeOf<Verdict>();
expectTypeOf(await tickets.delete("t", { version: 3 })).toEqualTypeOf<void>();
expectTypeOf(await tickets.archive("t")).toEqualTypeOf<Ticket>();

// A merge chooses among the fields that an update may write.
const choice = { take: { subject: "other" }, values: { priority: "low" }, versions: { other: 2 } } as const;
expectTypeOf(await tickets.merge("t", "u", choice)).toEqualTypeOf<Merged<Ticket>>();
expectTypeOf(await tickets.unmerge("m")).toEqualTypeOf<Unmerged<Ticket>>();
expectTypeOf(await tickets.impact("t")).toEqualTypeOf<Impact>();
expectTypeOf((await crm.merges.get("m")).moved[0]!.ids).toEqualTypeOf<string[]>();
// @ts-expect-error a field that only operations write cannot be taken
await tickets.merge("t", "u", { take: { status: "other" } });
// @ts-expect-error nor one that is written once
await tickets.merge("t", "u", { take: { channel: "other" } });
// @ts-expect-error nor one that does not exist
await tickets.merge("t", "u", { take: { subjcet: "other" } });
// @ts-expect-error there are two to take from
await tickets.merge("t", "u", { take: { subject: "both" } });
// @ts-expect-error a value that is none of the field's
await tickets.merge("t", "u", { values: { priority: "urgent" } });

defineEntity("label", {
  plural: "labels",
  fields: { kind: text(), target: text() },
  // @ts-expect-error a pair names fields of the entity
  polymorphic: [{ type: "kind", id: "tarhet", onDelete: "cascade" }],
});

// A plugin's operations stand beside the repository's own.
expectTypeOf(await tickets.close("t")).toEqualTypeOf<Ticket>();
// @ts-expect-error an operation that does not exist
await tickets.clsoe("t");
// @ts-expect-error an operation of another entity
await crm.accounts.close("a");

// @ts-expect-error a field that does not exist
await tickets.create({ subject: "Broken", accountId: "a", prioirty: "high" });
// @ts-expect-error a field that is missing
await tickets.create({ subject: "Broken" });
// @ts-expect-error a field that is missing in one of many
await tickets.createMany([{ subject: "Broken", accountId: "a" }, { subject: "Bent" }]);
// @ts-expect-error a value that is none of the field's
await tickets.create({ subject: "Broken", accountId: "a", priority: "urgent" });
// @ts-expect-error null for a field that is not optional
await tickets.create({ subject: null, accountId: "a" });
// @ts-expect-error undefined for a field that is given: leave it out, or say null
await tickets.create({ subject: "Broken", accountId: "a", channel: undefined });
// @ts-expect-error a field that only operations write
await tickets.create({ subject: "Broken", accountId: "a", status: "closed" });
// @ts-expect-error a field that only core writes
await tickets.create({ subject: "Broken", accountId: "a", createdAt: new Date(0) });
// @ts-expect-error a field that only operations write, in a patch
await tickets.update("t", { status: "closed" });
// @ts-expect-error a field that is written once, in a patch
await tickets.update("t", { channel: "phone" });
// @ts-expect-error a reference that is written once, in a patch
await tickets.updateMany([{ id: "t", accountId: "b" }]);
// @ts-expect-error the id never changes
await tickets.update("t", { id: "u" });
// @ts-expect-error a change without the record that it is of
await tickets.updateMany([{ subject: "Bent" }]);
// @ts-expect-error a field that does not exist, in a dry run
await tickets.validate({ create: { subject: "Broken", accountId: "a", prioirty: "high" } });
// @ts-expect-error a field that does not exist, to match by
await tickets.upsert({ subject: "Broken", accountId: "a" }, { by: "nubmer" });
await tickets.upsertMany([{ subject: "Broken", accountId: "a" }], { by: ["accountId", "subject"] });
// @ts-expect-error upserts by a list with a field that does not exist
await tickets.upsertMany([{ subject: "Broken", accountId: "a" }], { by: ["accountId", "nubmer"] });
// @ts-expect-error core's own entities: the stage moves by `moveTo` only
await crm.opportunities.update("o", { stageId: "won" });
// @ts-expect-error core's own entities: the status follows the stage
await crm.opportunities.update("o", { status: "won" });
// @ts-expect-error a record is read-only
(await tickets.get("t")).subject = "Bent";
