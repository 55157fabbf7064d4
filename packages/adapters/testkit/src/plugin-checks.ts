/** What every plugin must do, whatever it is for: facts that `testPlugin` registers on every storage. */
import { type Core, type Crm, type CrmOptions, createCrm } from "@relata/core";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import type { CrmBench } from "./crm-suites/crm-bench.ts";
import { coreProbes, populateCore, waitingSubscriber } from "./tenant-matrix/core-probes.ts";
import { type LooseCrm, watchSchema } from "./tenant-matrix/loose-crm.ts";
import { type Probes, walkTenants } from "./tenant-matrix/walk-tenants.ts";

/** A CRM with core, the plugin, and what it requires. */
export type CrmWith<P extends AnyPlugin> = Crm<readonly [...Core, ...P["requires"], P]>;

/** A plugin, and how it is filled and asked. */
export interface PluginUnderTest<P extends AnyPlugin> {
  /** Makes the plugin. What it requires is installed with it. */
  readonly plugin: () => P;
  /**
   * Makes one record at least of each of the plugin's entities. `ids` are those of a record of each of core's; texts, and ids of the
   * application's own, begin with `word`.
   */
  readonly populate: (
    crm: CrmWith<P>,
    given: { readonly word: string; readonly ids: { readonly [entity: string]: string } },
  ) => Promise<void>;
  /**
   * Asks each operation ("accounts.tag") and each service ("tagging.popular") for what another tenant has: it must answer as it does
   * for ids that nobody has. A text says why there is nothing to ask.
   */
  readonly probes: Probes<CrmWith<P>>;
}

interface PluginCheck {
  readonly name: string;
  /** It opens the storage a second time. */
  readonly durable: boolean;
  run<P extends AnyPlugin>(tested: PluginUnderTest<P>, bench: CrmBench): Promise<void>;
}

export const pluginChecks: readonly PluginCheck[] = [
  { name: "is installed on an empty database, and closed", durable: false, run: checkInstalled },
  { name: "has hooks that take an empty batch", durable: false, run: checkEmptyBatches },
  { name: "neither gives nor tells anything of another tenant", durable: false, run: checkTenants },
  { name: "is installed on a database with records", durable: true, run: checkAdded },
  { name: "is removed, and finds its records when it is installed again", durable: true, run: checkRemoved },
];

export async function openWith<P extends AnyPlugin>(plugin: P, options: CrmOptions): Promise<CrmWith<P>> {
  return (await createCrm({ ...options, plugins: withRequired(plugin) as readonly [] })) as unknown as CrmWith<P>;
}

/** The plugin after all that it requires, each once. */
function withRequired(plugin: AnyPlugin): readonly AnyPlugin[] {
  const all = [...plugin.requires.flatMap(withRequired), plugin];
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

async function checkInstalled<P extends AnyPlugin>({ plugin, populate }: PluginUnderTest<P>, bench: CrmBench) {
  const crm = await openWith(plugin(), await bench.options());
  await populateWith(populate, crm as unknown as LooseCrm, "some");
  await crm.close();
}

async function checkEmptyBatches<P extends AnyPlugin>({ plugin }: PluginUnderTest<P>, bench: CrmBench) {
  const made = plugin();
  const inside = definePlugin({
    id: "testkit",
    requires: [made as AnyPlugin],
    services: (context) => ({ context: () => context as unknown }),
  });
  const options = await bench.options();
  const plugins = [...withRequired(made), inside] as unknown as readonly [];
  const crm = (await createCrm({ ...options, plugins })) as unknown as { readonly testkit: { context(): never } };
  for (const [entity, hooks] of Object.entries(made.definition.hooks ?? {})) {
    for (const [phase, hook] of [hooks].flat().flatMap((each) => Object.entries(each))) {
      const answer: unknown = await (hook as (context: never, batch: readonly []) => unknown)(
        crm.testkit.context(),
        [],
      );
      expect(answer ?? [], `the ${phase} hook on ${entity}`).toEqual([]);
    }
  }
}

async function checkTenants<P extends AnyPlugin>({ plugin, populate, probes }: PluginUnderTest<P>, bench: CrmBench) {
  const watched = watchSchema(await bench.options());
  const crm = await openWith(plugin(), { ...watched.options, subscribers: waitingSubscriber } as CrmOptions);
  const problems = await walkTenants({
    crm: crm as unknown as LooseCrm,
    schema: watched.schema(),
    writes: watched.writes,
    populate: (tenant, word) => populateWith(populate, tenant, word),
    probes: { ...coreProbes, ...(probes as unknown as Probes<LooseCrm>) },
  });
  expect(problems).toEqual([]);
}

async function checkAdded<P extends AnyPlugin>({ plugin, populate }: PluginUnderTest<P>, bench: CrmBench) {
  const options = await bench.options();
  const before = await createCrm(options);
  const ids = await populateCore(before as unknown as LooseCrm, "old");
  await before.close();
  const crm = await openWith(plugin(), options);
  await populate(crm, { word: "old", ids });
  await crm.close();
}

async function checkRemoved<P extends AnyPlugin>({ plugin, populate }: PluginUnderTest<P>, bench: CrmBench) {
  const options = await bench.options();
  const first = await openWith(plugin(), options);
  await populateWith(populate, first as unknown as LooseCrm, "some");
  const kept = await ownRecords(first, plugin());
  await first.close();
  const without = await createCrm(options);
  await populateCore(without as unknown as LooseCrm, "meanwhile");
  await without.close();
  const again = await openWith(plugin(), options);
  expect(await ownRecords(again, plugin())).toEqual(kept);
}

async function populateWith<P extends AnyPlugin>(
  populate: PluginUnderTest<P>["populate"],
  crm: LooseCrm,
  word: string,
): Promise<void> {
  const ids = await populateCore(crm, word);
  await populate(crm as unknown as CrmWith<P>, { word, ids });
}

/** The records of the plugin's own entities. */
async function ownRecords(crm: object, { definition }: AnyPlugin): Promise<unknown> {
  const records: Record<string, unknown> = {};
  for (const { plural } of definition.entities ?? []) {
    const { list } = (crm as Record<string, { list(query: object): Promise<{ readonly items: unknown }> }>)[plural]!;
    records[plural] = (await list({ archived: "include", limit: 1_000 })).items;
  }
  return records;
}
