import { expectTypeOf } from "vitest";
import * as z from "zod";
import { createCrm } from "../../crm.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { Money } from "../value/money.ts";
import { defineEntity } from "./define-entity.ts";
import { boolean, date, decimal, instant, integer, json, money, oneOf, reference, text } from "./fields.ts";

declare const storage: StorageAdapter;

const visit = defineEntity("visit", {
  plural: "visits",
  fields: {
    title: text({ fold: true }),
    report: text().optional(),
    rank: integer().default(0),
    distance: decimal().optional(),
    cost: money(),
    day: date(),
    startsAt: instant().assigned(),
    done: boolean().default(false),
    kind: oneOf("first", "regular"),
    tags: json(z.array(z.string())),
    place: json(z.object({ latitude: z.number() })).optional(),
    accountId: reference("account", { inverse: "visits" }),
    hostId: reference("user").optional(),
  },
  unique: [["accountId", "day"]],
  indexes: [["day", "kind"]],
});
const crm = await createCrm({ storage, entities: [visit] });
const record = await crm.visits.get("v");

// Each kind of field gives its record a type; what is optional may be null there.
expectTypeOf(record.title).toEqualTypeOf<string>();
expectTypeOf(record.report).toEqualTypeOf<string | null>();
expectTypeOf(record.rank).toEqualTypeOf<number>();
expectTypeOf(record.distance).toEqualTypeOf<string | null>();
expectTypeOf(record.cost).toEqualTypeOf<Money>();
expectTypeOf(record.day).toEqualTypeOf<string>();
expectTypeOf(record.startsAt).toEqualTypeOf<Date>();
expectTypeOf(record.done).toEqualTypeOf<boolean>();
expectTypeOf(record.kind).toEqualTypeOf<"first" | "regular">();
expectTypeOf(record.tags).toEqualTypeOf<string[]>();
expectTypeOf(record.place).toEqualTypeOf<{ latitude: number } | null>();
expectTypeOf(record.accountId).toEqualTypeOf<string>();
expectTypeOf(record.hostId).toEqualTypeOf<string | null>();

// Every record has what core keeps for it.
expectTypeOf(record.id).toEqualTypeOf<string>();
expectTypeOf(record.version).toEqualTypeOf<number>();
expectTypeOf(record.createdAt).toEqualTypeOf<Date>();
expectTypeOf(record.updatedBy).toEqualTypeOf<string | null>();
expectTypeOf(record.archivedAt).toEqualTypeOf<Date | null>();

// A default is of the field's own type.
oneOf("low", "high").default("low");
// @ts-expect-error a default that the field does not allow
oneOf("low", "high").default("middle");
// @ts-expect-error a default of another type
integer().default("0");
// @ts-expect-error a default that is null
text().default(null);

// @ts-expect-error a writer that does not exist
text().written("nobody");
// @ts-expect-error an option of another kind of field
integer({ maxLength: 3 });
// @ts-expect-error a reference is not deleted so
reference("account", { onDelete: "forget" });
// @ts-expect-error a unique rule over a field that does not exist
defineEntity("note", { plural: "notes", fields: { body: text() }, unique: [["boyd"]] });
// @ts-expect-error an index over a field that does not exist
defineEntity("note", { plural: "notes", fields: { body: text() }, indexes: [["boyd"]] });
// @ts-expect-error ids of a kind that does not exist
defineEntity("note", { plural: "notes", ids: "serial", fields: { body: text() } });
// @ts-expect-error a field is made by one of the builders
defineEntity("note", { plural: "notes", fields: { body: "text" } });
