import { type CrmOptions, count, sum } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { createClock, makeHierarchy, makeTree, openCrm, type TestedCrm } from "../group-fixture.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

async function open(make: () => Promise<CrmOptions["storage"]>, options: Partial<CrmOptions> = {}) {
  const crm = await openCrm({ storage: await make(), ...options });
  onTestFinished(() => crm.close());
  return crm;
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused",
    (error: unknown) => error,
  );

type Products = readonly (readonly [name: string, key?: string])[];

const seller =
  (crm: TestedCrm) =>
  async (accountId: string, products: Products, stage = "won") => {
    const deal = await crm.opportunities.create({ name: "deal", accountId });
    await crm.opportunityProducts.createMany(
      products.map(([name, productKey]) => ({ opportunityId: deal.id, name, productKey: productKey ?? null })),
    );
    return crm.opportunities.moveTo(deal.id, stage);
  };

describe.each(storages)("a group on %s", (_, make) => {
  it("shows which members have bought which products, and which have not", async () => {
    const crm = await open(make);
    const sell = seller(crm);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Bluth/Cyberdyne", "Other"]);
    await sell(ids.Acme!, [["Hose", "h-1"], ["Pump"]]);
    await sell(ids.Cyberdyne!, [["Garden hose", "H-1"], ["pump"]]);
    await sell(ids.Cyberdyne!, [["Pump"]]);
    await sell(ids.Bluth!, [["Filter"]], "proposal");
    await sell(ids.Other!, [["Rake"]]);
    expect(await crm.hierarchies.whitespace(ids.Acme!)).toEqual({
      accountIds: [ids.Acme, ids.Bluth, ids.Cyberdyne],
      products: [
        {
          ...{ product: "H-1", name: "Garden hose", missing: [ids.Bluth] },
          bought: [
            { accountId: ids.Acme, count: 1 },
            { accountId: ids.Cyberdyne, count: 1 },
          ],
        },
        {
          ...{ product: "Pump", name: "Pump", missing: [ids.Bluth] },
          bought: [
            { accountId: ids.Acme, count: 1 },
            { accountId: ids.Cyberdyne, count: 2 },
          ],
        },
      ],
    });
    const { products } = await crm.hierarchies.whitespace(ids.Bluth!, { products: ["Rake", "PUMP"] });
    expect(products).toEqual([
      { product: "Rake", name: "Rake", bought: [], missing: [ids.Bluth, ids.Cyberdyne] },
      { product: "PUMP", name: "Pump", bought: [{ accountId: ids.Cyberdyne, count: 2 }], missing: [ids.Bluth] },
    ]);
  });

  it("does not show what was bought on opportunities that are archived, unless asked", async () => {
    const crm = await open(make);
    const ids = await makeTree(crm, ["Acme"]);
    const { id } = await seller(crm)(ids.Acme!, [["Hose"]]);
    await crm.opportunities.archive(id);
    expect((await crm.hierarchies.whitespace(ids.Acme!)).products).toEqual([]);
    const { products } = await crm.hierarchies.whitespace(ids.Acme!, { where: { opportunity: { status: "won" } } });
    expect(products.map(({ product }) => product)).toEqual(["Hose"]);
  });

  it("shows what was bought by records of another entity, in a hierarchy of its own, on a day", async () => {
    const crm = await open(make);
    const ids = await makeTree(crm, ["Acme", "Bluth", "Duff"]);
    const edges = [
      [ids.Bluth!, ids.Acme!, "100", { validUntil: "2026-01-31" }],
      [ids.Duff!, ids.Acme!, "100", { validFrom: "2026-02-01" }],
    ] as const;
    await makeHierarchy(crm, { key: "sales", shape: "tree", edges });
    await crm.shipments.createMany([
      { senderId: ids.Acme!, receiverId: ids.Bluth!, label: "Hose" },
      { senderId: ids.Acme!, receiverId: ids.Duff!, label: "Pump" },
      { senderId: ids.Acme!, receiverId: ids.Duff!, label: "Sample" },
    ]);
    const query = { entity: "shipment", by: "receiverId", product: "label", where: { label: { ne: "Sample" } } };
    const on = async (day: string) => {
      const { products } = await crm.hierarchies.whitespace(ids.Acme!, { ...query, hierarchy: "sales", on: day });
      return products.map(({ product, bought, missing }) => [
        product,
        bought.map(({ accountId }) => accountId),
        missing,
      ]);
    };
    expect(await on("2026-01-31")).toEqual([["Hose", [ids.Bluth], [ids.Acme]]]);
    expect(await on("2026-02-01")).toEqual([["Pump", [ids.Duff], [ids.Acme]]]);
    const bySender = { ...query, by: "senderId", product: "receiver.name" };
    const { products } = await crm.hierarchies.whitespace(ids.Acme!, bySender);
    expect(products.map(({ product }) => product)).toEqual(["Bluth", "Duff"]);
  });

  it("has the contacts of all its members, each once, by their affiliations on a day", async () => {
    const crm = await open(make);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Other"]);
    const [ann, bob, cid, dan] = await crm.contacts.createMany([
      { givenName: "Ann", accountId: ids.Acme! },
      { givenName: "Bob" },
      { givenName: "Cid", accountId: ids.Other! },
      { givenName: "Dan" },
    ]);
    await crm.affiliations.createMany([
      { contactId: ann!.id, accountId: ids.Bluth!, kind: "other", role: "adviser" },
      { contactId: bob!.id, accountId: ids.Bluth!, validUntil: "2026-10-31" },
      { contactId: dan!.id, accountId: ids.Bluth!, kind: "household" },
      { contactId: cid!.id, accountId: ids.Bluth!, validFrom: "2027-01-01" },
    ]);
    const found = async (query?: Parameters<typeof crm.hierarchies.contacts>[1]) => {
      const { items, next } = await crm.hierarchies.contacts(ids.Acme!, query);
      const named = items.map(({ contact, affiliations }) => [contact.givenName, affiliations.map(({ kind }) => kind)]);
      return { named, next };
    };
    expect((await found()).named).toEqual([
      ["Ann", ["employer", "other"]],
      ["Dan", ["household"]],
    ]);
    expect((await found({ kind: "other" })).named).toEqual([["Ann", ["other"]]]);
    expect((await found({ on: "2026-10-31" })).named.map(([name]) => name)).toEqual(["Ann", "Bob", "Dan"]);
    const { named, next } = await found({ limit: 1 });
    expect(named.map(([name]) => name)).toEqual(["Ann"]);
    expect((await found({ limit: 1, after: next })).named.map(([name]) => name)).toEqual(["Dan"]);

    await makeHierarchy(crm, { key: "sales", shape: "tree", edges: [[ids.Other!, ids.Bluth!]] });
    const { items } = await crm.hierarchies.contacts(ids.Bluth!, { hierarchy: "sales" });
    expect(items.map(({ contact }) => contact.givenName)).toEqual(["Ann", "Cid", "Dan"]);
  });

  it("hands its owner, its team and its members down, each role until it is given anew", async () => {
    const clock = createClock();
    const crm = await open(make, { clock: clock.now });
    await crm.users.createMany(["ann", "bob", "cid", "dan"].map((id) => ({ id, name: id })));
    await crm.teams.create({ id: "north", name: "North" });
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth", "Bluth/Cyberdyne"]);
    await crm.accounts.update(ids.Acme!, { ownerId: "ann", teamId: "north" });
    await crm.accounts.update(ids.Cyberdyne!, { ownerId: "bob" });
    await crm.accountMembers.createMany([
      { accountId: ids.Acme!, userId: "ann", role: "sponsor" },
      { accountId: ids.Acme!, userId: "cid", role: "support" },
      { accountId: ids.Acme!, userId: "dan", role: "support" },
      { accountId: ids.Acme!, userId: "dan", role: "legal" },
      { accountId: ids.Bluth!, userId: "bob", role: "support" },
      { accountId: ids.Cyberdyne!, userId: null, role: "legal" },
    ]);
    const [acme, bluth, cyberdyne] = ["Acme", "Bluth", "Cyberdyne"].map((name) => ids[name]!);
    expect(await crm.hierarchies.team(cyberdyne!)).toEqual({
      owner: { accountId: cyberdyne, steps: 0, userId: "bob" },
      team: { accountId: acme, steps: 2, teamId: "north" },
      members: [
        { accountId: acme, steps: 2, role: "sponsor", userId: "ann" },
        { accountId: bluth, steps: 1, role: "support", userId: "bob" },
      ],
    });
    const { owner, members } = await crm.hierarchies.team(bluth!);
    expect(owner).toEqual({ accountId: acme, steps: 1, userId: "ann" });
    expect(members.map(({ role, userId }) => `${role} ${userId}`)).toEqual(["legal dan", "sponsor ann", "support bob"]);

    const then = new Date(Date.UTC(2026, 10, 26, 13));
    clock.set("2026-11-28T12:00:00Z");
    await crm.accounts.update(cyberdyne!, { parentId: null });
    expect(await crm.hierarchies.team(cyberdyne!)).toMatchObject({ team: null, members: [] });
    expect(await crm.asOf(then).hierarchies.team(cyberdyne!)).toMatchObject({ team: { accountId: acme } });
  });

  it("hands down along the edges of a day, in a graph by the parent that owns the most", async () => {
    const crm = await open(make);
    await crm.users.createMany(["ann", "bob"].map((id) => ({ id, name: id })));
    const ids = await makeTree(crm, ["Major", "Minor", "Joint", "Unit"]);
    const edges = [
      [ids.Joint!, ids.Minor!, "40"],
      [ids.Joint!, ids.Major!, "60", { validUntil: "2026-06-30" }],
      [ids.Unit!, ids.Joint!, null, { kind: "branch" }],
    ] as const;
    await makeHierarchy(crm, { key: "legal", shape: "graph", edges });
    await crm.accounts.update(ids.Major!, { ownerId: "ann" });
    await crm.accounts.update(ids.Minor!, { ownerId: "bob" });
    const owner = async (on: string) => (await crm.hierarchies.team(ids.Unit!, { hierarchy: "legal", on })).owner;
    expect(await owner("2026-06-30")).toEqual({ accountId: ids.Major, steps: 2, userId: "ann" });
    expect(await owner("2026-07-01")).toEqual({ accountId: ids.Minor, steps: 2, userId: "bob" });
    expect(await crm.hierarchies.team(ids.Unit!)).toEqual({ owner: null, team: null, members: [] });
  });

  it("is as it was known at an instant, whatever is asked of it", async () => {
    const clock = createClock();
    const crm = await open(make, { clock: clock.now });
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth"]);
    await crm.contacts.create({ givenName: "Ann", accountId: ids.Bluth! });
    await seller(crm)(ids.Bluth!, [["Hose"]]);
    const then = new Date(Date.UTC(2026, 10, 26, 13));
    clock.set("2026-11-28T12:00:00Z");
    await crm.accounts.update(ids.Bluth!, { parentId: null, name: "Initech" });
    const seen = async ({ hierarchies }: Pick<typeof crm, "hierarchies">) => [
      (await hierarchies.whitespace(ids.Acme!)).products.map(({ product }) => product),
      (await hierarchies.contacts(ids.Acme!)).items.map(({ contact }) => contact.givenName),
      await hierarchies.drawText(),
    ];
    expect(await seen(crm)).toEqual([[], [], "Acme\nInitech\n"]);
    expect(await seen(crm.asOf(then))).toEqual([["Hose"], ["Ann"], "Acme\n└─ Bluth\n"]);
    expect(await crm.asOf(then).hierarchies.drawPage()).toContain("<p>as of 2026-11-26 13:00 UTC</p>");
  });

  it("is drawn with its figures as text, as a flowchart and as a page", async () => {
    const crm = await open(make);
    const ids = await makeTree(crm, ["Acme", "Acme/Bluth 10", "Acme/Bluth 9", "Other"]);
    for (const id of [ids.Acme!, ids["Bluth 9"]!])
      await crm.opportunities.create({ name: "x", accountId: id, amount: { amount: "2.50", currency: "EUR" } });
    await crm.accounts.archive(ids["Bluth 10"]!);
    const rollUps = [
      { entity: "opportunity", measures: { Open: sum("amount") } },
      { entity: "account", measures: { Accounts: count() } },
    ];
    expect(await crm.hierarchies.drawText({ rollUps })).toBe(
      [
        "Acme  (Open EUR\u00a05.00 (own EUR\u00a02.50); Accounts 2 (own 1))",
        "├─ Bluth 9  (Open EUR\u00a02.50; Accounts 1)",
        "└─ Bluth 10  (archived; Accounts 0)",
        "Other  (Accounts 1)",
        "",
      ].join("\n"),
    );
    expect(await crm.hierarchies.drawMermaid({ under: ids["Bluth 9"]! })).toBe('flowchart TD\n  n0["Bluth 9"]\n');
    const page = await crm.hierarchies.drawPage({
      ...{ under: ids.Acme!, rollUps, locale: "de", words: { account: "Firma", asOf: "Stand" } },
    });
    expect(page).toContain('<html lang="de">');
    expect(page).toContain("<title>Acme</title>");
    expect(await crm.hierarchies.drawPage()).toContain("<title>default</title>");
    await makeHierarchy(crm, { key: "legal", shape: "tree", edges: [[ids.Other!, ids.Acme!]] });
    expect(await crm.hierarchies.drawPage({ hierarchy: "legal" })).toContain("<title>legal</title>");
    expect(await crm.hierarchies.drawPage({ title: "Customers" })).toContain("<title>Customers</title>");
    expect(page).toContain("<p>Stand 2026-11-26 12:00 UTC</p>");
    expect(page).toContain("<s><bdi>Bluth 10</bdi></s>");
    expect(page).toContain("<td>2,50\u00a0EUR</td><td>5,00\u00a0EUR</td><td>1</td><td>2</td>");
  });
});

describe("a group", () => {
  it("refuses what cannot be asked, naming each field", async () => {
    const crm = await open(async () => memory());
    const { Acme } = await makeTree(crm, ["Acme"]);
    const problem = async (call: Promise<unknown>) => {
      const { code, details } = (await refusal(call)) as { code: string; details: { field?: string } };
      return `${code} ${details?.field ?? ""}`.trim();
    };
    const { hierarchies } = crm;
    expect(await problem(hierarchies.whitespace(Acme!, { entity: "opportunity" }))).toBe("invalid_input product");
    expect(await problem(hierarchies.whitespace(Acme!, { product: "nam" }))).toBe("invalid_input product");
    expect(await problem(hierarchies.whitespace(Acme!, { products: [1] as never }))).toBe("invalid_input products.0");
    expect(await problem(hierarchies.whitespace("nobody"))).toBe("not_found");
    expect(await problem(hierarchies.contacts(Acme!, { limit: 0 }))).toBe("invalid_input limit");
    expect(await problem(hierarchies.contacts(Acme!, { kind: "friend" as never }))).toBe("invalid_input kind");
    expect(await problem(hierarchies.team(Acme!, { hierarchy: "legal" }))).toBe("unknown_hierarchy hierarchy");
    expect(await problem(hierarchies.team(Acme!, { on: "2026-01-01" }))).toBe("invalid_input on");
    expect(await problem(hierarchies.drawText({ locale: "no tag" }))).toBe("invalid_input locale");
    expect(await problem(hierarchies.drawText({ rollUps: [{} as never] }))).toBe("invalid_input entity");
    expect(await problem(hierarchies.drawPage({ words: { fnd: "x" } as never }))).toMatch(/^invalid_input words/);
    const twice = { entity: "account", measures: { n: count() } };
    expect(await problem(hierarchies.drawText({ rollUps: [twice, twice] }))).toBe("invalid_input rollUps");
  });
});
