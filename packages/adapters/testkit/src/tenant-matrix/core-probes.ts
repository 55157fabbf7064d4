/** How the members of handles and contexts, and the operations of core, are asked for what another tenant has. */
import type { Ids } from "./answers.ts";
import type { LooseCrm } from "./loose-crm.ts";
import type { Probes } from "./walk-tenants.ts";

type Typed = Record<string, Record<string, (...args: unknown[]) => unknown>>;
const of = (crm: LooseCrm) => crm as unknown as Typed;
const instant = new Date("2026-01-01T00:00:00Z");

/** A member that is new fails the matrix until it has a line here. */
export const coreProbes: Probes<LooseCrm> = {
  transaction: (crm, ids) => [
    () => crm.transaction(async (tx) => of(tx).accounts!.get!(ids.account)),
    () => crm.transaction(async (tx) => of(tx).contacts!.create!({ accountId: ids.account })),
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
  settled: "is an instant",
  on: "hears all tenants, and only on the handle that createCrm gives",
  emit: (crm, ids) => [() => (crm.emit as (...args: unknown[]) => unknown)("account.greeted", ids.account, {})],
  "eventDeliveries.drain": "goes over all tenants, and gives numbers",
  "eventDeliveries.sendAgain": (crm, ids) => [() => of(crm).eventDeliveries!.sendAgain!(ids.eventDelivery)],
  native: (crm) => [() => (crm.native as () => unknown)()],
  using: (crm) => [() => (crm.using as (transaction: object) => unknown)({})],
  close: "asks for nothing",
  now: "is an instant",
  actorId: "is bound by the handle",
  error: "makes an error of what it is given",
  exists: (crm, ids) =>
    Object.entries(ids).map(([entityType, id]) => () => {
      return (crm.exists as (record: object) => unknown)({ entityType, id });
    }),
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
  "opportunities.moveTo": (crm, ids) => [
    () => of(crm).opportunities!.moveTo!(ids.opportunity, "won"),
    () => of(crm).opportunities!.moveTo!(ids.opportunity, "nowhere", { version: 7 }),
  ],
  "opportunities.moveMany": (crm, ids) => [
    () => of(crm).opportunities!.moveMany!([{ id: ids.opportunity, stage: "won" }]),
  ],
  "opportunities.board": (crm, ids) => [
    () => of(crm).opportunities!.board!(),
    () => of(crm).opportunities!.board!({ where: { accountId: ids.account } }),
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
  "activities.of": (crm, ids) =>
    Object.entries(ids).map(
      ([entityType, id]) =>
        () =>
          of(crm).activities!.of!({ entityType, id }),
    ),
};

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
  const contactId = await create("contacts", { givenName: `${word} contact`, accountId, ownerId });
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
  const opportunityId = await create("opportunities", {
    name: `${word} deal`,
    accountId,
    contactId,
    ownerId,
    amount: { amount: "100", currency: "EUR" },
  });
  const subject = `${word} activity`;
  const activityId = await create("activities", {
    kind: "call",
    subject,
    ownerId,
    accountId,
    contactId,
    opportunityId,
  });
  await crm.activities!.link!(activityId, { entityType: "account", id: accountId });
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
  };
}
