/** How the members of handles and contexts, and the operations of core, are asked for what another tenant has. */
import type { Ids } from "./answers.ts";
import type { LooseCrm } from "./loose-crm.ts";
import { corePipelinedProbes } from "./pipelined-probes.ts";
import type { Probes } from "./walk-tenants.ts";

type Typed = Record<string, Record<string, (...args: unknown[]) => unknown>>;
const of = (crm: LooseCrm) => crm as unknown as Typed;
const instant = new Date("2026-01-01T00:00:00Z");

/** A member that is new fails the matrix until it has a line here. */
export const coreProbes: Probes<LooseCrm> = {
  transaction: (crm, ids) => [
    () => crm.transaction(async (tx) => of(tx).accounts!.get!(ids.account)),
    () => crm.transaction(async (tx) => of(tx).contacts!.create!({ accountId: ids.account })),
    () => crm.transaction(async () => "asked", { idempotencyKey: "canary key" }),
  ],
  as: (crm, ids) => [
    () => of(crm.as({ actorId: "x" })).accounts!.get!(ids.account),
    () => of(crm.as({})).accounts!.update!(ids.account, { name: "x" }),
  ],
  at: (crm, ids) => [
    () => of((crm.at as (at: Date) => LooseCrm)(instant)).contacts!.create!({ accountId: ids.account }),
    () => of((crm.at as (at: Date) => LooseCrm)(instant)).accounts!.delete!(ids.account),
  ],
  asOf: (crm, ids) => [
    () => of((crm.asOf as (instant: Date) => LooseCrm)(new Date(0))).accounts!.get!(ids.account),
    () => of((crm.asOf as (instant: Date) => LooseCrm)(new Date(0))).accounts!.list!({ where: { id: ids.account } }),
  ],
  search: (crm) => {
    const search = crm.search as (...args: unknown[]) => unknown;
    const everything = { archived: "include", limit: 1_000 };
    return [
      () => search("canary"),
      () => search("account", everything),
      () => search("t", { ...everything, entities: ["account", "contact", "opportunity", "activity", "user", "team"] }),
    ];
  },
  checkTrees: (crm) => [() => (crm.checkTrees as (options: object) => unknown)({ repair: true })],
  settled: "is an instant",
  on: "hears all tenants, and only on the handle that createCrm gives",
  emitMany: (crm, ids) => [
    () => (crm.emitMany as (...args: unknown[]) => unknown)("account.greeted", [{ recordId: ids.account, data: {} }]),
  ],
  timelineSources: (crm, ids) => {
    const { entries, below } = crm.timelineSources as {
      readonly entries: ReadonlyMap<string, (request: object) => unknown>;
      below(record: object): unknown;
    };
    const records = Object.fromEntries(Object.entries(ids).map(([entityType, id]) => [entityType, [id]]));
    return [
      ...[...entries.values()].map((source) => () => source({ records, limit: 10 })),
      () => below({ entityType: "account", id: ids.account }),
      () => below({ entityType: "contact", id: ids.contact }),
    ];
  },
  emit: (crm, ids) => [() => (crm.emit as (...args: unknown[]) => unknown)("account.greeted", ids.account, {})],
  "eventDeliveries.drain": (crm) => [() => of(crm).eventDeliveries!.drain!()],
  "eventDeliveries.sendAgain": (crm, ids) => [() => of(crm).eventDeliveries!.sendAgain!(ids.eventDelivery)],
  "idempotencyKeys.forget": (crm) => [() => of(crm).idempotencyKeys!.forget!({ before: new Date("9999-01-01") })],
  lock: (crm, ids) => [() => (crm.lock as (...names: string[]) => unknown)(`account:${ids.account}`)],
  lockSharedAtWrite: (crm, ids) => [
    () => (crm.lockSharedAtWrite as (...names: string[]) => unknown)(`account:${ids.account}`),
  ],
  lockShared: (crm, ids) => [() => (crm.lockShared as (...names: string[]) => unknown)(`account:${ids.account}`)],
  native: (crm) => [() => (crm.native as () => unknown)()],
  using: (crm) => [() => (crm.using as (transaction: object) => unknown)({})],
  close: "asks for nothing",
  now: "is an instant",
  actorId: "is bound by the handle",
  readsPast: "is bound by the handle",
  error: "makes an error of what it is given",
  exists: (crm, ids) =>
    Object.entries(ids).map(([entityType, id]) => () => {
      return (crm.exists as (record: object) => unknown)({ entityType, id });
    }),
  newId: "is made of the clock and of chance",
  entities: "are those that are installed, whoever the tenant is",
  repository: (crm, ids) => [
    () => (crm.repository as (name: string) => { get(id: unknown): unknown })("account").get(ids.account),
  ],
  "accounts.byDomain": (crm) => [
    () => of(crm).accounts!.byDomain!("canary.test"),
    () => of(crm).accounts!.byDomain!("someone@canary.test", { archived: "include" }),
  ],
  "accounts.ofContact": (crm, ids) => [() => of(crm).accounts!.ofContact!(ids.contact)],
  "contacts.byEmail": (crm) => [() => of(crm).contacts!.byEmail!("canary@canary.test", { archived: "include" })],
  "contacts.byPhone": (crm) => [() => of(crm).contacts!.byPhone!("+49 30 canary 12345")],
  "contacts.ofAccount": (crm, ids) => [() => of(crm).contacts!.ofAccount!(ids.account)],
  "contacts.birthdays": (crm, ids) => [
    () => of(crm).contacts!.birthdays!({ from: "2026-05-01", to: "2026-05-31", where: { id: ids.contact } }),
  ],
  "contacts.listByName": (crm, ids) => [
    () => of(crm).contacts!.listByName!({ locale: "en", where: { id: ids.contact }, archived: "include" }),
  ],
  "contacts.mayContact": (crm, ids) => [
    () => of(crm).contacts!.mayContact!(ids.contact, { channel: "email" }),
    () => of(crm).contacts!.mayContact!([ids.contact], { channel: "phone", address: "+49 30 12345" }),
  ],
  "contacts.doNotContact": (crm, ids) => [() => of(crm).contacts!.doNotContact!(ids.contact, { channel: "email" })],
  "contacts.mayContactAgain": (crm, ids) => [() => of(crm).contacts!.mayContactAgain!(ids.contact)],
  "phoneNumbers.normalizeAgain": (crm) => [() => of(crm).phoneNumbers!.normalizeAgain!()],
  "externalIds.resolve": (crm) => [
    async () => {
      const query = { source: "canary source", entityType: "contact", keys: ["canary key"] };
      return [...((await of(crm).externalIds!.resolve!(query)) as Map<string, string>)];
    },
  ],
  "pipelines.define": (crm) => [
    () =>
      of(crm).pipelines!.define!({
        entityType: "opportunity",
        key: "sales",
        name: "Sales",
        stages: [{ key: "a", name: "A", outcome: "open", probability: "10" }],
      }),
    () => of(crm).pipelines!.list!(),
  ],
  ...corePipelinedProbes,
  "tags.add": (crm, ids) => [
    () => of(crm).tags!.add!({ entityType: "account", id: ids.account }, ["vip"]),
    () => of(crm).tags!.add!({ entityType: "contact", id: ids.contact }, ["canary tag"]),
  ],
  "tags.remove": (crm, ids) => [
    () => of(crm).tags!.remove!({ entityType: "account", id: ids.account }, ["canary tag"]),
  ],
  "tags.of": (crm, ids) => [() => of(crm).tags!.of!({ entityType: "account", id: ids.account })],
  "favorites.add": (crm, ids) => [
    () => of(crm).favorites!.add!({ entityType: "account", id: ids.account }, { userId: ids.user }),
  ],
  "favorites.remove": (crm, ids) => [
    () => of(crm).favorites!.remove!({ entityType: "account", id: ids.account }, { userId: ids.user }),
  ],
  "favorites.of": (crm, ids) => [() => of(crm).favorites!.of!({ userId: ids.user })],
  "savedViews.run": (crm, ids) => [() => of(crm).savedViews!.run!(ids.savedView)],
  "savedViews.visibleTo": (crm, ids) => [() => of(crm).savedViews!.visibleTo!(ids.user)],
  "queues.put": (crm, ids) => [() => of(crm).queues!.put!("inbox-yranac", { entityType: "account", id: ids.account })],
  "queues.waiting": (crm) => [() => of(crm).queues!.waiting!({ queue: "inbox-yranac", entityType: "account" })],
  "queues.take": (crm, ids) => [
    () => of(crm).queues!.take!({ queue: "inbox-yranac", entityType: "account", userId: ids.user }),
  ],
  "queues.assign": (crm) => [() => of(crm).queues!.assign!({ queue: "inbox-yranac", entityType: "account" })],
  "users.transfer": (crm, ids) => [() => of(crm).users!.transfer!(ids.user, { to: ids.user })],
  "users.deactivate": (crm, ids) => [() => of(crm).users!.deactivate!(ids.user)],
  "opportunities.addContact": (crm, ids) => [
    () => of(crm).opportunities!.addContact!(ids.opportunity, { contactId: ids.contact, primary: true }),
    onOwnDeal(crm, "addContact", { contactId: ids.contact }),
  ],
  "opportunities.removeContact": (crm, ids) => [
    () => of(crm).opportunities!.removeContact!(ids.opportunity, ids.contact),
    onOwnDeal(crm, "removeContact", ids.contact),
  ],
  "opportunities.setPrimaryContact": (crm, ids) => [
    () => of(crm).opportunities!.setPrimaryContact!(ids.opportunity, ids.contact),
    onOwnDeal(crm, "setPrimaryContact", ids.contact),
  ],
  "opportunities.setSplits": (crm, ids) => [
    () => of(crm).opportunities!.setSplits!(ids.opportunity, "overlay", []),
    onOwnDeal(crm, "setSplits", "overlay", [{ userId: ids.user, percent: "5" }]),
  ],
  "opportunities.clone": (crm, ids) => [
    () => of(crm).opportunities!.clone!(ids.opportunity),
    onOwnDeal(crm, "clone", { accountId: ids.account }),
    onOwnDeal(crm, "clone", { contactId: ids.contact }),
  ],
  "activities.link": (crm, ids) => [
    () => of(crm).activities!.link!(ids.activity, { entityType: "account", id: ids.account }),
    async () => {
      const own = (await of(crm).activities!.find!({})) as { readonly id: string };
      return of(crm).activities!.link!(own.id, { entityType: "account", id: ids.account });
    },
  ],
  "activities.unlink": (crm, ids) => [
    () => of(crm).activities!.unlink!(ids.activity, { entityType: "account", id: ids.account }),
  ],
  "activities.linkMany": (crm, ids) => [
    async () => {
      const own = (await of(crm).activities!.find!({})) as { readonly id: string };
      return of(crm).activities!.linkMany!([{ id: own.id, record: { entityType: "contact", id: ids.contact } }]);
    },
    () => of(crm).activities!.linkMany!([{ id: ids.activity, record: { entityType: "contact", id: ids.contact } }]),
  ],
  "activities.complete": (crm, ids) => [
    () => of(crm).activities!.complete!(ids.activity),
    () => of(crm).activities!.complete!(ids.activity, { outcome: "x", version: 7 }),
  ],
  "activities.addNote": (crm, ids) =>
    Object.entries(ids).map(([entityType, id]) => () => {
      return of(crm).activities!.addNote!({ entityType, id }, { body: "note" });
    }),
  "activities.addParticipants": (crm, ids) => [
    () => of(crm).activities!.addParticipants!(ids.activity, [{ address: "x@y.test" }]),
    async () => {
      const own = (await of(crm).activities!.find!({})) as { readonly id: string };
      return of(crm).activities!.addParticipants!(own.id, [{ contactId: ids.contact }]);
    },
    async () => {
      const own = (await of(crm).activities!.find!({})) as { readonly id: string };
      return of(crm).activities!.addParticipants!(own.id, [{ userId: ids.user }, { accountId: ids.account }]);
    },
  ],
  "activities.resolveParticipants": (crm, ids) => [
    () => of(crm).activities!.resolveParticipants!({ address: "canary@guest.test", contactId: ids.contact }),
    async () => {
      const own = (await of(crm).contacts!.find!({})) as { readonly id: string };
      return of(crm).activities!.resolveParticipants!({ address: "canary@guest.test", contactId: own.id });
    },
  ],
  "activities.remind": (crm) => [() => of(crm).activities!.remind!({ until: new Date("2100-01-01T00:00:00Z") })],
  "activities.agenda": (crm, ids) => [() => of(crm).activities!.agenda!({ ownerIds: [ids.user] })],
  "activities.timeline": (crm, ids) =>
    Object.entries(ids).map(([entityType, id]) => () => {
      return of(crm).activities!.timeline!({ entityType, id }, { includeBelow: true });
    }),
  "activities.of": (crm, ids) =>
    Object.entries(ids).map(
      ([entityType, id]) =>
        () =>
          of(crm).activities!.of!({ entityType, id }),
    ),
  "settings.current": (crm) => [() => of(crm).settings!.current!()],
  "settings.today": (crm) => [() => of(crm).settings!.today!()],
  "settings.change": (crm) => [
    () => of(crm).settings!.change!({ timeZone: "Asia/Tokyo" }),
    () => of(crm).settings!.current!(),
  ],
  "exchangeRates.convert": (crm) => [
    () => of(crm).exchangeRates!.convert!({ amount: "1", currency: "CHF" }, { to: "NOK", on: "2026-01-01" }),
    () => of(crm).exchangeRates!.convert!({ amount: "1", currency: "EUR" }, { to: "CHF", on: "2026-01-01" }),
  ],
  "exchangeRates.convertMany": (crm) => [
    () =>
      of(crm).exchangeRates!.convertMany!([
        { money: { amount: "1", currency: "CHF" }, to: "NOK", on: "2026-01-01" },
        { money: { amount: "1", currency: "EUR" }, to: "NOK", on: "2026-01-01" },
      ]),
  ],
  "exchangeRates.ratios": (crm) => [
    () => of(crm).exchangeRates!.ratios!([{ from: "CHF", to: "NOK", on: "2026-01-01" }]),
  ],
};

/** A call about an opportunity of the asking tenant's own. */
function onOwnDeal(crm: LooseCrm, operation: string, ...given: readonly unknown[]) {
  return async () => {
    const own = (await of(crm).opportunities!.find!({})) as { readonly id: string };
    return of(crm).opportunities![operation]!(own.id, ...given);
  };
}

/** Has a delivery waiting in each tenant that is populated. */
export const waitingSubscriber = {
  matrix: { on: ["account.created"] as const, deliver: () => Promise.reject(new Error("not now")) },
};

/** A record of each of core's entities, and the ids of those that others refer to. Texts, and ids of the application's own, begin with `word`. */
export async function populateCore(loose: LooseCrm, word: string): Promise<Ids> {
  const crm = of(loose) as unknown as Record<
    string,
    Record<string, (given: unknown, more?: unknown) => Promise<never>>
  >;
  const create = async (plural: string, input: object): Promise<string> => {
    const { id } = (await crm[plural]!.create!(input)) as { readonly id: string };
    return id;
  };
  const teamId = await create("teams", { id: `${word}-team`, name: `${word} team` });
  const managerId = await create("users", { id: `${word}-user-above`, name: `${word} boss` });
  const user = { id: `${word}-user`, name: `${word} user`, email: `${word}@x.test`, teamId, managerId };
  const ownerId = await create("users", user);
  const accountId = await create("accounts", { name: `${word} account`, domain: `${word}.test`, ownerId, teamId });
  await create("accounts", { name: `${word} part`, parentId: accountId });
  const contactId = await create("contacts", {
    givenName: `${word} contact`,
    accountId,
    ownerId,
    email: `${word}@${word}.test`,
    phone: "+49 30 12345",
    birthDate: "1980-05-17",
  });
  await create("postalAddresses", { contactId, city: `${word} city` });
  await create("contactRestrictions", { contactId, channel: "fax", since: "2026-01-01", source: `${word} said so` });
  const external = { entityType: "contact", recordId: contactId };
  await create("externalIds", { ...external, source: `${word} source`, key: `${word} key` });
  await crm.pipelines!.define!({
    entityType: "opportunity",
    key: `${word}-pipeline`,
    name: `${word} pipeline`,
    isDefault: true,
    stages: [
      { key: "new", name: `${word} new`, outcome: "open", probability: "10" },
      { key: "won", name: `${word} won`, outcome: "won" },
    ],
  });
  await create("phases", { entityType: "opportunity", key: `${word}-phase`, name: `${word} phase` });
  await create("lostReasons", { entityType: "opportunity", key: `${word}-reason`, name: `${word} reason` });
  const moveTo = (plural: string, id: string) =>
    (crm[plural]!.moveTo as unknown as (id: string, stage: string) => Promise<unknown>)(id, "customer");
  await moveTo("accounts", accountId);
  await moveTo("contacts", contactId);
  const opportunityId = await create("opportunities", {
    name: `${word} deal`,
    accountId,
    contactId,
    ownerId,
    amount: { amount: "100", currency: "EUR" },
  });
  await create("opportunityMembers", { opportunityId, userId: ownerId, role: `${word} role` });
  await create("opportunityCompetitors", { opportunityId, name: `${word} rival`, accountId });
  await create("opportunityProducts", { opportunityId, name: `${word} product` });
  const setSplits = crm.opportunities!.setSplits as unknown as (...given: unknown[]) => Promise<unknown>;
  await setSplits(opportunityId, "revenue", [{ userId: ownerId, percent: "100" }]);
  const subject = `${word} activity`;
  const activityId = await create("activities", {
    kind: "call",
    subject,
    ownerId,
    accountId,
    contactId,
    opportunityId,
  });
  await loose.transaction(async () => `${word} result`, { idempotencyKey: `${word} key` });
  await crm.settings!.change!({ reportingCurrency: "EUR" });
  // Only one tenant has this rate.
  const quoteCurrency = word === "canary" ? "CHF" : "USD";
  const rate = { baseCurrency: "EUR", quoteCurrency, day: "2025-12-31", rate: "1.1", source: `${word} bank` };
  await crm.exchangeRates!.upsert!(rate, { by: ["baseCurrency", "quoteCurrency", "day"] });
  await crm.activities!.link!(activityId, { entityType: "account", id: accountId });
  await crm.tags!.add!({ entityType: "account", id: accountId }, [`${word} tag`]);
  await crm.favorites!.add!({ entityType: "account", id: accountId }, { userId: ownerId });
  const view = { name: `${word} view`, entityType: "account", query: { where: { name: `${word} account` } }, ownerId };
  const savedViewId = await create("savedViews", view);
  const attached = { entityType: "account", recordId: accountId, sizeBytes: 3 };
  await create("attachments", { ...attached, name: `${word} file`, storageKey: `${word}/1` });
  const queueId = await create("queues", {
    // An error repeats the key that it was given: it is no word of the tenant.
    key: `inbox-${[...word].reverse().join("")}`,
    name: `${word} inbox`,
  });
  await create("queueMembers", { queueId, userId: managerId });
  await create("contacts", { givenName: `${word} waiting`, queueId });
  await crm.activities!.addParticipants!(activityId, [{ contactId }, { address: `${word}@guest.test` }]);
  const [keptId, mergedId] = [
    await create("contacts", { givenName: `${word} kept` }),
    await create("contacts", { givenName: `${word} merged` }),
  ];
  await crm.contacts!.merge!(keptId, mergedId);
  const erasedId = await create("contacts", { givenName: `${word} erased` });
  await crm.contacts!.erase!(erasedId, { reason: `${word} request` });
  return {
    team: teamId,
    user: ownerId,
    account: accountId,
    contact: contactId,
    opportunity: opportunityId,
    activity: activityId,
    savedView: savedViewId,
  };
}
