// The statements that are measured on top of an application with every plugin installed: ten different ones of each kind.

export const imports = `import { avg, count, countDistinct, max, sum } from "@relata/core";`;

/** An application without plugins, that has entities and columns of its own and exports what it gets. */
export const plain = `import { createCrm, date, defineEntity, reference, type RecordOf, sum, text } from "@relata/core";
import { memory } from "./storage.ts";

export const visit = defineEntity("visit", {
  plural: "visits",
  fields: { day: date(), accountId: reference("account", { inverse: "visits" }) },
});
export const crm = await createCrm({
  storage: memory,
  entities: [visit],
  extend: { account: { region: text().optional() } },
});
export type Account = RecordOf<typeof crm, "account">;
export const acme = await crm.accounts.create({ name: "Acme", region: "North" });
export const visits = await crm.visits.list({ include: { account: { include: { visits: true } } } });
export const totals = await crm.opportunities.aggregate({ groupBy: { status: "status" }, measures: { won: sum("amount") } });
export const inUnit = <T>(work: (tx: typeof crm) => Promise<T>) => crm.transaction(work);
`;

/** What each kind may cost: instantiations for one statement, on the average of the ten. */
export const kinds = {
  "list with include": {
    limit: 7_000,
    // Each by itself has to keep to it, too.
    each: true,
    statements: [
      "(await crm.items03.list({ include: { account: true } })).items[0]?.account?.name",
      "(await crm.accounts.list({ include: { contacts: true } })).items[0]?.contacts[0]?.email",
      "(await crm.accounts.list({ include: { items04: { where: { note: null }, orderBy: [{ day: 'asc' }], limit: 3 } } })).items[0]?.items04[0]?.day",
      "(await crm.opportunities.list({ where: { status: 'open' }, include: { account: true, activities: { where: { done: false }, limit: 10 } } })).items[0]?.activities[0]?.subject",
      "(await crm.contacts.list({ include: { account: { include: { owner: true } } } })).items[0]?.account?.owner?.name",
      "(await crm.items07.list({ include: { account: { include: { items08: true } }, previous: true } })).items[0]?.previous?.rank",
      "(await crm.users.list({ include: { accounts: { include: { opportunities: { where: { status: 'won' } } } } } })).items[0]?.accounts[0]?.opportunities[0]?.name",
      "(await crm.pipelines.list({ include: { stages: { orderBy: [{ position: 'asc' }] } } })).items[0]?.stages[0]?.key",
      "(await crm.activities.list({ include: { opportunity: true, contact: true, owner: true } })).items[0]?.contact?.familyName",
      "(await crm.items12.list({ where: { account: { name: 'Acme' } }, include: { items13: { include: { account: true } } } })).items[0]?.items13[0]?.account?.name",
    ],
  },
  "list with where": {
    limit: 1_500,
    statements: [
      "(await crm.accounts.list({ where: { name: { contains: 'Acme', fold: true } } })).items[0]?.name",
      "(await crm.contacts.list({ where: { email: { ne: null }, tier07: 'gold' } })).items[0]?.email",
      "(await crm.opportunities.list({ where: { expectedCloseDate: { between: ['2026-10-01', '2026-12-31'] } } })).items[0]?.amount",
      "(await crm.items01.list({ where: { day: '2026-10-01' }, orderBy: [{ day: 'asc' }] })).items[0]?.day",
      "(await crm.items02.list({ where: { or: [{ note: null }, { state: 'live' }] } })).items[0]?.note",
      "(await crm.items03.list({ where: { not: { state: { in: ['draft', 'closed'] } } } })).items[0]?.state",
      "(await crm.items04.list({ where: { amount: { gte: { amount: '10', currency: 'EUR' } } } })).items[0]?.amount",
      "(await crm.users.list({ where: { active: true } })).items[0]?.name",
      "(await crm.activities.list({ where: { done: false, dueAt: { lt: new Date(0) } } })).items[0]?.subject",
      "(await crm.stages.list({ where: { outcome: 'open' } })).items[0]?.position",
    ],
  },
  "list with where at depth": {
    limit: 1_500,
    statements: [
      "await crm.items01.list({ where: { account: { contacts: { some: { email: 'x' } } } } })",
      "await crm.items02.list({ where: { account: { opportunities: { none: { status: 'open' } } } } })",
      "await crm.items03.list({ where: { previous: { previous: { note: null } } } })",
      "await crm.items04.list({ where: { items05: { every: { rank: 1 } } } })",
      "await crm.accounts.list({ where: { parent: { parent: { name: 'x' } } } })",
      "await crm.accounts.list({ where: { items07: { some: { previous: { title06: 'x' } } } } })",
      "await crm.opportunities.list({ where: { account: { industry: { in: ['retail'] }, score05: { gt: 1 } } } })",
      "await crm.opportunities.list({ where: { owner: { manager: { team: { name: 'x' } } } } })",
      "await crm.contacts.list({ where: { account: { items09: { some: { account: { name: 'x' } } } } } })",
      "await crm.activities.list({ where: { opportunity: { stage: { outcome: 'won' } } } })",
    ],
  },
  create: {
    limit: 1_500,
    statements: [
      "(await crm.accounts.create({ name: 'Acme', score03: 3 })).score03",
      "(await crm.contacts.create({ familyName: 'Sato' })).familyName",
      "(await crm.opportunities.create({ name: 'x', amount: { amount: '1', currency: 'EUR' }, tier05: 'gold' })).status",
      "(await crm.items01.create({ title01: 'x', day: '2026-10-01', accountId: 'a' })).state",
      "(await crm.items02.create({ title02: 'x', day: '2026-10-01', accountId: 'a', flag03: true })).flag03",
      "(await crm.items03.create({ title03: 'x', day: '2026-10-01', accountId: 'a' })).rank",
      "(await crm.items04.createMany([{ title04: 'x', day: '2026-10-01', accountId: 'a' }]))[0]?.rank",
      "(await crm.users.create({ id: 'u', name: 'Ada' })).name",
      "(await crm.teams.create({ id: 't', name: 'North' })).name",
      "(await crm.activities.create({ kind: 'call', subject: 'x' })).done",
    ],
  },
  "get, update": {
    limit: 1_500,
    statements: [
      "(await crm.accounts.get('a')).name",
      "(await crm.accounts.update('a', { score07: 7 })).score07",
      "(await crm.contacts.find({ where: { email: 'x' } }))?.email",
      "(await crm.opportunities.update('a', { nextStep: null }, { version: 3 })).nextStep",
      "(await crm.opportunities.get('a', { select: ['name', 'status'] })).status",
      "(await crm.items05.get('a')).title05",
      "(await crm.items05.update('a', { note: 'x' })).note",
      "(await crm.items06.upsert({ title06: 'x', day: '2026-10-01', accountId: 'a' }, { by: 'title06' })).status",
      "await crm.items07.count({ where: { state: 'live' } })",
      "await crm.stages.delete('a')",
    ],
  },
  aggregate: {
    limit: 1_500,
    statements: [
      "(await crm.opportunities.aggregate({ where: { status: 'won' }, groupBy: { owner: 'ownerId', quarter: { actualCloseDate: 'quarter' } }, measures: { deals: count(), value: sum('amount') } }))[0]?.value",
      "(await crm.opportunities.aggregate({ groupBy: { industry: { account: 'industry' } }, measures: { deals: count() }, having: { deals: { gt: 1 } } }))[0]?.industry",
      "(await crm.opportunities.aggregate({ measures: { weighted: sum('amount', { percent: 'probability' }) } }))[0]?.weighted",
      "(await crm.accounts.aggregate({ groupBy: { country: 'country' }, measures: { accounts: count() } }))[0]?.country",
      "(await crm.accounts.aggregate({ groupBy: { owner: { owner: 'name' } }, measures: { score: avg('score04') } }))[0]?.score",
      "(await crm.contacts.aggregate({ groupBy: { account: 'accountId' }, measures: { people: count() } }))[0]?.people",
      "(await crm.items01.aggregate({ groupBy: { month: { day: 'month' } }, measures: { amount: sum('amount') } }))[0]?.month",
      "(await crm.items02.aggregate({ groupBy: { account: { account: 'name' } }, measures: { rank: max('rank') } }))[0]?.rank",
      "(await crm.items03.aggregate({ groupBy: { state: 'state' }, measures: { accounts: countDistinct('accountId') }, orderBy: [{ accounts: 'desc' }] }))[0]?.state",
      "(await crm.activities.aggregate({ where: { done: true }, groupBy: { kind: 'kind', owner: 'ownerId' }, measures: { done: count() } }))[0]?.kind",
    ],
  },
  "search over all entities": {
    limit: 1_500,
    statements: [
      "(await crm.search('acme'))[0]?.matched[0]?.places",
      "(await crm.search('acme', { entities: ['account'] }))[0]?.record.score03",
      "(await crm.search('acme', { entities: ['account', 'contact'], limit: 5 })).map(({ rank }) => rank)",
      "(await crm.search('acme', { entities: ['item01'] }))[0]?.record.title01",
      "(await crm.search('acme', { archived: 'include' })).flatMap((hit) => (hit.entity === 'item02' ? [hit.record.title02] : []))",
      "(await crm.search('acme', { entities: ['opportunity'] }))[0]?.record.amount",
      "(await crm.asOf(new Date(0)).search('acme', { entities: ['user'] }))[0]?.record.name",
      "(await crm.search('acme')).flatMap((hit) => (hit.entity === 'activity' ? [hit.record.subject] : []))",
      "(await crm.search('acme', { entities: ['item05', 'item06'] }))[0]?.entity",
      "(await crm.transaction((tx) => tx.search('acme')))[0]?.id",
    ],
  },
  "service, operation": {
    limit: 1_500,
    statements: [
      ...["01", "02", "03", "04", "05"].map((label) => `(await crm.plugin${label}.totals('2026-10-01'))[0]?.month`),
      ...["06", "07"].map((label) => `(await crm.plugin${label}.live('a'))[0]?.account`),
      ...["08", "09", "10"].map((label) => `(await crm.items${label}.close('a')).state`),
    ],
  },
  listener: {
    limit: 1_500,
    statements: [
      "crm.on('account.created', ({ data }) => data.after.name)",
      "crm.on('account.updated', ({ data }) => data.before.name !== data.after.name)",
      "crm.on('contact.deleted', ({ data }) => data.before.familyName)",
      "crm.on('opportunity.updated', ({ data }) => data.after.status)",
      "crm.on('activity.archived', ({ data }) => data.after.subject)",
      "crm.on('item01.created', ({ data }) => data.after.day)",
      "crm.on('item02.updated', ({ data }) => data.after.note)",
      "crm.on('item03.restored', ({ data }) => data.after.state)",
      "crm.on('item04.deleted', ({ data }) => data.before.amount)",
      "crm.on('user.updated', ({ data, actorId }) => [data.after.name, actorId])",
    ],
  },
  transaction: {
    limit: 1_500,
    statements: [
      "await crm.transaction(async (tx) => (await tx.accounts.create({ name: 'Acme' })).id)",
      "await crm.transaction(async (tx) => tx.plugin01.rate('a', 3))",
      "await crm.transaction(async (tx) => { await tx.items02.delete('a'); })",
      "await crm.transaction(async (tx) => tx.transaction(async (inner) => inner.items03.close('a')))",
      "await crm.as({ tenantId: 't' }).transaction(async (tx) => tx.contacts.count())",
      "await crm.at(new Date(0)).transaction(async (tx) => tx.items04.get('a'))",
      "await crm.transaction(async (tx) => (await tx.users.create({ id: 'u', name: 'Ada' })).version)",
      "await crm.transaction(async (tx) => (await tx.items05.update('a', { rank: 2 })).rank)",
      "await crm.transaction(async (tx) => tx.plugin06.totals('2026-10-01'))",
      "await crm.transaction(async (tx) => tx.opportunities.update('a', { source: 'fair' }))",
    ],
  },
};
