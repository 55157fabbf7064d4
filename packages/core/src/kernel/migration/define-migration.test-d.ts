import { expectTypeOf } from "vitest";
import { createCrm, definePlugin } from "../../crm.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { integer, text } from "../entity/fields.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import { convert } from "./define-migration.ts";

declare const storage: StorageAdapter;
const seat = defineEntity("seat", { plural: "seats", fields: { row: integer(), code: text().optional() } });

definePlugin({
  id: "seating",
  entities: [seat],
  extend: { account: { rows: integer().optional() } },
  migrations: [
    {
      id: "1",
      backfill: {
        seat: {
          async run(context, seats) {
            expectTypeOf(seats[0]!.code).toEqualTypeOf<string | null>();
            await context.seats.update(seats[0]!.id, { code: "a" });
            // @ts-expect-error a value that is none of the field's
            await context.seats.update(seats[0]!.id, { row: "a" });
          },
        },
        account: {
          async run(_context, accounts) {
            expectTypeOf(accounts[0]!.rows).toEqualTypeOf<number | null>();
          },
        },
      },
    },
  ],
});

createCrm({
  storage,
  extend: { account: { motto: text().optional() } },
  migrations: [
    {
      id: "1",
      backfill: {
        account: {
          async run(context, accounts) {
            for (const { id, motto } of accounts) await context.accounts.update(id, { motto: motto ?? "none" });
          },
        },
      },
    },
  ],
});

convert(text().optional(), integer(), (value) => {
  expectTypeOf(value).toEqualTypeOf<string | null>();
  return Number(value);
});
// @ts-expect-error a value that the new field does not take
convert(text(), integer(), (value) => value);
// @ts-expect-error null, where the new field is not optional
convert(text(), integer(), () => null);
// @ts-expect-error a backfill of an entity that does not exist
definePlugin({ id: "seating", migrations: [{ id: "1", backfill: { acount: { async run() {} } } }] });
