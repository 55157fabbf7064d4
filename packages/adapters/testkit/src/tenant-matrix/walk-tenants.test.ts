import { createCrm } from "@relata/core";
import { type AnyPlugin, defineEntity, definePlugin, text } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { expect, it } from "vitest";
import { coreProbes, populateCore, waitingSubscriber } from "./core-probes.ts";
import { type LooseCrm, watchSchema } from "./loose-crm.ts";
import { type Probes, walkTenants } from "./walk-tenants.ts";

// Each walks every member of every entity.
/** What a plugin may wrongly do: it holds a handle of everybody. */
interface Everybody {
  readonly accounts: {
    get(id: string): Promise<{ readonly name: string }>;
    update(id: string, patch: { readonly name: string }): Promise<unknown>;
  };
}

async function problemsOf(
  leak: (of: Everybody, id: string) => Promise<unknown>,
  { probes = {}, extra = [] }: { readonly probes?: Probes<LooseCrm>; readonly extra?: readonly AnyPlugin[] } = {},
): Promise<readonly string[]> {
  const outside: { crm?: LooseCrm } = {};
  const leaky = definePlugin({
    id: "leaky",
    operations: () => ({
      account: {
        leak: (id: string) => leak(outside.crm!.as({ tenantId: "canary-tenant" }) as unknown as Everybody, id),
      },
    }),
  });
  const { options, schema, writes } = watchSchema({ storage: memory(), clock: () => 0 });
  const plugins = [leaky, ...extra] as unknown as readonly [];
  const crm = await createCrm({ ...options, plugins, subscribers: waitingSubscriber });
  outside.crm = crm as unknown as LooseCrm;
  return walkTenants({
    crm: outside.crm,
    schema: schema(),
    writes,
    populate: async (tenant, word) => void (await populateCore(tenant, word)),
    probes: {
      ...coreProbes,
      "accounts.leak": ({ accounts }, { account }) => [
        () => (accounts as { leak(id: string): unknown }).leak(account!),
      ],
      ...probes,
    },
  });
}

it("finds nothing where tenants do not meet", async () => {
  expect(await problemsOf(async () => "nothing")).toEqual([]);
});

it("finds a record of another tenant that is given", async () => {
  const problems = await problemsOf((of, id) => of.accounts.get(id));
  expect(problems).toEqual([
    expect.stringMatching(/^accounts\.leak tells in its call 1: .*canary account/),
    expect.stringMatching(/^accounts\.leak gives another tenant's words in its call 1/),
  ]);
});

it("finds an error that tells that another tenant has something", async () => {
  const problems = await problemsOf(async (of, id) => {
    await of.accounts.get(id);
    throw new Error("It is not yours.");
  });
  expect(problems).toEqual([expect.stringMatching(/^accounts\.leak tells in its call 1: .*It is not yours/)]);
});

it("finds a write to another tenant's record that answers as for nobody's", async () => {
  const problems = await problemsOf((of, id) =>
    of.accounts.update(id, { name: "x" }).then(
      () => 1,
      () => 1,
    ),
  );
  expect(problems).toEqual(["accounts of another tenant have changed"]);
});

it("asks for a probe of every operation and service", async () => {
  const serving = definePlugin({ id: "serving", services: () => ({ tell: () => 1, told: () => 2 }) });
  const problems = await problemsOf(async () => 1, { extra: [serving], probes: { "serving.told": "is a number" } });
  expect(problems).toEqual(["serving.tell has no probe"]);
});

it("asks for a record of every entity, and for probes that make a call", async () => {
  const visit = defineEntity("visit", { plural: "visits", fields: { note: text() } });
  expect(await problemsOf(async () => 1, { extra: [definePlugin({ id: "visiting", entities: [visit] })] })).toEqual([
    "visits: populate makes no record",
  ]);
  expect(await problemsOf(async () => 1, { probes: { "accounts.leak": () => [] } })).toEqual([
    "accounts.leak asks for nothing",
  ]);
});

it("asks by the same tenants until one has written, and by new ones after that", async () => {
  const services = () => ({ first: () => 1, second: () => 2, third: () => 3 });
  const askedBy: LooseCrm[] = [];
  const names: string[][] = [];
  const accountsOf = (crm: LooseCrm) =>
    crm.accounts as {
      create(input: object): Promise<unknown>;
      list(): Promise<{ readonly items: readonly { readonly name: string }[] }>;
    };
  const reads = (crm: LooseCrm) => [
    async () => {
      askedBy.push(crm);
      names.push((await accountsOf(crm).list()).items.map(({ name }) => name));
    },
  ];
  const problems = await problemsOf(async () => 1, {
    extra: [definePlugin({ id: "serving", services })],
    probes: {
      "serving.first": reads,
      "serving.second": (crm) => [
        ...reads(crm),
        () =>
          accountsOf(crm)
            .create({ name: "left behind" })
            .then(() => 1),
      ],
      "serving.third": reads,
    },
  });
  expect(problems).toEqual([]);
  const [a, b] = askedBy;
  expect([a === b, askedBy[2] === a, askedBy[3] === b, askedBy.slice(4).some((crm) => crm === a || crm === b)]).toEqual(
    [...[false, true, true, false]],
  );
  expect([names.length, names.flat().includes("left behind")]).toEqual([6, false]);
});
