/** The people, accounts, products and contacts that opportunities refer to. */
import type { SalesCrm } from "../crm.ts";
import type { SalesData } from "../source/sales-data.ts";
import { byLevel } from "./by-level.ts";
import { dollars } from "./dollars.ts";
import { createRegistry, type Registry } from "./registry.ts";
import { save } from "./save.ts";
import { addTallies, emptyTally, type Tally } from "./tally.ts";

/** What is in the CRM, by the source's names. */
export interface Base {
  readonly teams: Registry;
  readonly users: Registry;
  readonly accounts: Registry;
  readonly products: Registry;
  readonly contacts: Registry;
}

export type BaseTallies = { readonly [K in keyof Base]: Tally };

export async function readBase(crm: SalesCrm): Promise<Base> {
  const base: Base = {
    teams: createRegistry(),
    users: createRegistry(),
    accounts: createRegistry(),
    products: createRegistry(),
    contacts: createRegistry(),
  };
  for await (const team of crm.teams.iterate()) base.teams.add(team.id, team);
  for await (const user of crm.users.iterate()) base.users.add(user.id, user);
  for await (const account of crm.accounts.iterate()) base.accounts.add(account.externalId ?? "", account);
  for await (const product of crm.products.iterate()) base.products.add(product.name, product);
  for await (const contact of crm.contacts.iterate()) base.contacts.add(contact.externalId ?? "", contact);
  return base;
}

/** Adds to `base` what it creates. New records are dated `since`. */
export async function importBase(
  crm: SalesCrm,
  request: { readonly data: SalesData; readonly base: Base; readonly since: Date },
): Promise<BaseTallies> {
  return {
    teams: await importTeams(crm, request),
    users: await importUsers(crm, request),
    accounts: await importAccounts(crm, request),
    products: await importProducts(crm, request),
    contacts: await importContacts(crm, request),
  };
}

type Request = Parameters<typeof importBase>[1];

async function importTeams(crm: SalesCrm, { data, base, since }: Request): Promise<Tally> {
  return save({
    inputs: new Map(data.offices.map((office) => [office, { id: office, name: office }])),
    registry: base.teams,
    since,
    create: (at, inputs) => crm.at(at).teams.createMany(inputs),
    upsert: (inputs) => crm.teams.upsertMany(inputs, { by: "id" }),
  });
}

async function importUsers(crm: SalesCrm, { data, base, since }: Request): Promise<Tally> {
  const levels = byLevel(data.people, { nameOf: ({ name }) => name, parentOf: ({ manager }) => manager });
  let tally = emptyTally;
  for (const level of levels) {
    const saved = await save({
      inputs: new Map(
        level.map(({ name, manager, office }) => [name, { id: name, name, managerId: manager, teamId: office }]),
      ),
      registry: base.users,
      since,
      references: level.flatMap(({ manager, office }) => [base.users.find(manager), base.teams.find(office)]),
      create: (at, inputs) => crm.at(at).users.createMany(inputs),
      upsert: (inputs) => crm.users.upsertMany(inputs, { by: "id" }),
    });
    tally = addTallies(tally, saved);
  }
  return tally;
}

async function importAccounts(crm: SalesCrm, { data, base, since }: Request): Promise<Tally> {
  const levels = byLevel(data.accounts, { nameOf: ({ name }) => name, parentOf: ({ parent }) => parent });
  let tally = emptyTally;
  for (const level of levels) {
    const inputs = level.map(({ annualRevenue, parent, ...account }) => ({
      ...account,
      externalId: account.name,
      annualRevenue: annualRevenue === null ? null : dollars(annualRevenue),
      parentId: base.accounts.find(parent)?.id ?? null,
    }));
    const saved = await save({
      inputs: new Map(inputs.map((input) => [input.externalId, input])),
      registry: base.accounts,
      since,
      references: level.map(({ parent }) => base.accounts.find(parent)),
      create: (at, added) => crm.at(at).accounts.createMany(added),
      upsert: (known) => crm.accounts.upsertMany(known, { by: "externalId" }),
    });
    tally = addTallies(tally, saved);
  }
  return tally;
}

async function importProducts(crm: SalesCrm, { data, base, since }: Request): Promise<Tally> {
  const inputs = data.products.map(({ name, series, listPrice }) => ({ name, series, listPrice: dollars(listPrice) }));
  return save({
    inputs: new Map(inputs.map((input) => [input.name, input])),
    registry: base.products,
    since,
    create: (at, added) => crm.at(at).products.createMany(added),
    upsert: (known) => crm.products.upsertMany(known, { by: "name" }),
  });
}

async function importContacts(crm: SalesCrm, { data, base, since }: Request): Promise<Tally> {
  const inputs = data.contacts.map(({ id, account, ...contact }) => ({
    ...contact,
    externalId: id,
    accountId: base.accounts.find(account)?.id ?? null,
  }));
  return save({
    inputs: new Map(inputs.map((input) => [input.externalId, input])),
    registry: base.contacts,
    since,
    references: data.contacts.map(({ account }) => base.accounts.find(account)),
    create: (at, added) => crm.at(at).contacts.createMany(added),
    upsert: (known) => crm.contacts.upsertMany(known, { by: "externalId" }),
  });
}
