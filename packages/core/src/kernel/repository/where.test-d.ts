import { createCrm, definePlugin } from "../../crm.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { date, oneOf, reference, text } from "../entity/fields.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";

declare const storage: StorageAdapter;

const visit = defineEntity("visit", {
  plural: "visits",
  fields: { day: date(), report: text().optional(), accountId: reference("account", { inverse: "visits" }) },
});
const visiting = definePlugin({
  id: "visiting",
  entities: [visit],
  extend: { account: { tier: oneOf("gold", "silver").optional() } },
});
const { accounts, opportunities, stages } = await createCrm({ storage, plugins: [visiting] });

// A value, null where the field may be null, or the operators of its kind.
await accounts.list({ where: { name: "Acme", industry: null, employees: { gte: 10, lt: 100 } } });
await accounts.list({ where: { name: { contains: "acme", fold: true }, tier: { in: ["gold", "silver"] } } });
await opportunities.list({ where: { expectedCloseDate: { between: ["2026-10-01", "2026-12-31"] } } });
await opportunities.list({ where: { amount: { gte: { amount: "10000", currency: "EUR" } } } });
await opportunities.list({
  where: { createdAt: { lt: new Date(0) }, id: { notIn: ["a", "b"] }, source: { ne: null } },
});
await stages.list({ where: { nextStages: { isNull: true } } });

// Through relations, to one and to many, back and forth, to any depth; what plugins add is there as well.
await opportunities.list({ where: { account: null, owner: { manager: { manager: { name: "Ada" } } } } });
await accounts.list({
  where: {
    contacts: { some: { email: { ne: null }, opportunities: { none: { account: { parent: { tier: "gold" } } } } } },
    visits: { every: { day: { gt: "2026-01-01" }, account: { visits: { some: { report: { startsWith: "x" } } } } } },
  },
});

// Where a record stands in a tree, on ids and on references; the words that somebody searches.
await opportunities.list({
  where: { accountId: { atOrUnder: "a" }, ownerId: { under: { id: "u", by: "managerId" } } },
});
await accounts.count({
  where: { id: { ancestorOf: "a", directlyUnder: "b" }, search: "acme", owner: { search: "ada" } },
});

// And, or, not, at any depth.
await opportunities.list({
  where: {
    status: "open",
    or: [{ ownerId: "u" }, { account: { not: { and: [{ country: "FR" }, { tier: "gold" }] } } }],
  },
});
await accounts.count({ where: { or: [] } });

// A condition that is built elsewhere.
const mine: NonNullable<Parameters<typeof accounts.count>[0]>["where"] = { ownerId: "u" };
await accounts.list({ where: { and: [mine, { tier: "gold" }] } });

// @ts-expect-error a text stands in no tree
await accounts.list({ where: { name: { under: "a" } } });
// @ts-expect-error a place in a tree is an id
await accounts.list({ where: { id: { under: 5 } } });
// @ts-expect-error what is searched is a text
await accounts.list({ where: { search: ["acme"] } });
// @ts-expect-error a field that does not exist
await accounts.list({ where: { nmae: "Acme" } });
// @ts-expect-error a field that does not exist, three relations away
await opportunities.list({ where: { account: { contacts: { some: { account: { nmae: "Acme" } } } } } });
// @ts-expect-error a field that does not exist, in an alternative
await accounts.list({ where: { or: [{ name: "Acme" }, { nmae: "Acme" }] } });
// @ts-expect-error a field that does not exist, in what is denied
await accounts.list({ where: { not: { nmae: "Acme" } } });
// @ts-expect-error a field that does not exist, in `count`
await accounts.count({ where: { nmae: "Acme" } });
// @ts-expect-error a field that does not exist, in `find`
await accounts.find({ where: { nmae: "Acme" } });
// @ts-expect-error a relation that does not exist
await accounts.list({ where: { membres: { some: {} } } });
// @ts-expect-error a relation to many without `some`, `none` or `every`
await accounts.list({ where: { contacts: { email: "a@b.c" } } });
// @ts-expect-error `some` of a relation to one
await opportunities.list({ where: { account: { some: { name: "Acme" } } } });
// @ts-expect-error a value that is none of the field's
await opportunities.list({ where: { status: "opne" } });
// @ts-expect-error a value that is none of the field's, in a list
await accounts.list({ where: { tier: { in: ["gold", "bronze"] } } });
// @ts-expect-error a value of another type
await accounts.list({ where: { employees: "10" } });
// @ts-expect-error money is an amount and a currency
await opportunities.list({ where: { amount: { gt: "100" } } });
// @ts-expect-error null for a field that is never null
await accounts.list({ where: { name: null } });
// @ts-expect-error null in a list
await accounts.list({ where: { country: { in: ["FR", null] } } });
// @ts-expect-error an order of values that have none
await opportunities.list({ where: { status: { gt: "open" } } });
// @ts-expect-error matching a part of what is no text
await accounts.list({ where: { employees: { contains: "1" } } });
// @ts-expect-error folding of text that is declared without `fold`
await opportunities.list({ where: { source: { contains: "fair", fold: true } } });
// @ts-expect-error a part of a JSON value
await stages.list({ where: { nextStages: ["won"] } });
// @ts-expect-error one end of `between`
await opportunities.list({ where: { expectedCloseDate: { between: ["2026-10-01"] } } });
