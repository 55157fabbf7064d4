import { expectTypeOf } from "vitest";
import { createCrm, definePlugin } from "../../crm.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { date, reference } from "../entity/fields.ts";
import type { RecordOf } from "../plugin/record-of.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";

declare const storage: StorageAdapter;

const visit = defineEntity("visit", {
  plural: "visits",
  fields: { day: date(), accountId: reference("account", { inverse: "visits" }) },
});
const visiting = definePlugin({ id: "visiting", entities: [visit] });
const crm = await createCrm({ storage, plugins: [visiting] });
type Account = RecordOf<typeof crm, "account">;
type Contact = RecordOf<typeof crm, "contact">;
type User = RecordOf<typeof crm, "user">;

// Without include and select, a record.
const plain = await crm.accounts.list();
expectTypeOf(plain.items).toEqualTypeOf<readonly Account[]>();
expectTypeOf(plain.next).toEqualTypeOf<string | undefined>();
expectTypeOf(await crm.accounts.get("a")).toEqualTypeOf<Account>();
expectTypeOf(await crm.accounts.find({})).toEqualTypeOf<Account | undefined>();

// To one: the record or null. To many: the records.
const [deal] = (await crm.opportunities.list({ include: { account: true, activities: { limit: 10 } } })).items;
expectTypeOf(deal!.account).toEqualTypeOf<Account | null>();
expectTypeOf(deal!.activities).toEqualTypeOf<readonly RecordOf<typeof crm, "activity">[]>();
expectTypeOf(deal!.name).toEqualTypeOf<string>();
// @ts-expect-error it was not included
deal!.contact;

// At any depth, with conditions, order and limit for what is to many.
const found = await crm.opportunities.find({
  where: { status: "open" },
  include: {
    account: {
      include: {
        owner: true,
        contacts: {
          where: { email: { ne: null } },
          orderBy: [{ familyName: "asc" }],
          limit: 3,
          include: { account: true },
        },
        visits: { where: { day: { gt: "2026-01-01" } } },
      },
    },
  },
});
expectTypeOf(found!.account!.owner).toEqualTypeOf<User | null>();
expectTypeOf(found!.account!.contacts[0]!.email).toEqualTypeOf<string | null>();
expectTypeOf(found!.account!.contacts[0]!.account).toEqualTypeOf<Account | null>();
expectTypeOf(found!.account!.visits[0]!.day).toEqualTypeOf<string>();
// @ts-expect-error it was not included at that depth
found!.account!.contacts[0]!.owner;

// Select keeps these fields and the id; it goes together with include, and with `get`.
const slim = await crm.accounts.get("a", { select: ["name", "industry"], include: { contacts: true } });
expectTypeOf(slim.id).toEqualTypeOf<string>();
expectTypeOf(slim.name).toEqualTypeOf<string>();
expectTypeOf(slim.contacts).toEqualTypeOf<readonly Contact[]>();
expectTypeOf((await crm.accounts.list({ select: ["name"] })).items).toEqualTypeOf<
  readonly Pick<Account, "id" | "name">[]
>();
// @ts-expect-error it was not selected
slim.country;

// A result is read-only, its lists included.
// @ts-expect-error a record is read-only
deal!.name = "Rollout";
// @ts-expect-error an included record is read-only
deal!.account!.name = "Acme";
// @ts-expect-error an included list is read-only
deal!.activities.push;

// @ts-expect-error a relation that does not exist
await crm.accounts.list({ include: { contatcs: true } });
// @ts-expect-error a relation that does not exist, next to one that does
await crm.accounts.list({ include: { contacts: true, onwer: true } });
// @ts-expect-error a relation that does not exist, further in
await crm.opportunities.list({ include: { account: { include: { onwer: true } } } });
// @ts-expect-error a field is no relation
await crm.opportunities.list({ include: { accountId: true } });
// @ts-expect-error what is not wanted is left out
await crm.opportunities.list({ include: { account: false } });
// @ts-expect-error a condition on a field that does not exist
await crm.opportunities.list({ include: { activities: { where: { doen: false } } } });
// @ts-expect-error a condition on a field that does not exist, further in
await crm.contacts.list({ include: { account: { include: { contacts: { where: { emial: "x" } } } } } });
// @ts-expect-error an order by a field that does not exist
await crm.opportunities.list({ include: { activities: { orderBy: [{ deuAt: "asc" }] } } });
// @ts-expect-error an option that does not exist
await crm.opportunities.list({ include: { activities: { top: 3 } } });
// @ts-expect-error a condition on a relation to one
await crm.opportunities.list({ include: { account: { where: { name: "Acme" } } } });
// @ts-expect-error a limit on a relation to one
await crm.opportunities.list({ include: { account: { limit: 1 } } });
// @ts-expect-error a field that does not exist
await crm.accounts.list({ select: ["nmae"] });
// @ts-expect-error a relation is included, not selected
await crm.accounts.list({ select: ["contacts"] });
// @ts-expect-error an order by a field that does not exist
await crm.accounts.list({ orderBy: [{ nmae: "asc" }] });
// @ts-expect-error an order by a relation
await crm.opportunities.list({ orderBy: [{ account: "asc" }] });
// @ts-expect-error a direction that does not exist
await crm.accounts.list({ orderBy: [{ name: "ascending" }] });
// @ts-expect-error an option that does not exist
await crm.accounts.list({ offset: 10 });
