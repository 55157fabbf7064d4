/** `testPlugin`: one call registers a plugin's own facts, and what every plugin must do, on every storage that it is given. */
import { type Core, type Crm, type CrmOptions, createCrm } from "@relata/core";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { describe, expect, it } from "vitest";
import { type CrmBench, type TestClock, withCrmBench } from "./crm-suites/crm-bench.ts";
import type { NamedAdapter } from "./differential.ts";
import { coreProbes, populateCore } from "./tenant-matrix/core-probes.ts";
import { type LooseCrm, watchSchema } from "./tenant-matrix/loose-crm.ts";
import { type Probes, walkTenants } from "./tenant-matrix/walk-tenants.ts";

const factTimeoutMs = 30_000;

export interface PluginStorage extends NamedAdapter {
  /** It finds its records again when it is opened a second time: removing and adding the plugin is tested too. */
  readonly durable?: boolean;
}

/** A CRM with core, the plugin, and what it requires. */
export type CrmWith<P extends AnyPlugin> = Crm<readonly [...Core, ...P["requires"], P]>;

/** What a fact of a plugin is tried with. */
export interface PluginBench<P extends AnyPlugin> {
  readonly clock: TestClock;
  /** A CRM with the plugin over an empty database. It is closed when the fact is done. */
  open(): Promise<CrmWith<P>>;
  /** What `createCrm` needs, over an empty database, for facts about other options. */
  options(): Promise<CrmOptions>;
}

export interface TestPluginOptions<P extends AnyPlugin> {
  /** Makes the plugin. What it requires is installed with it. */
  readonly plugin: () => P;
  readonly storages: readonly PluginStorage[];
  /** The plugin's own facts, by name. */
  readonly facts: { readonly [name: string]: (bench: PluginBench<P>) => Promise<void> };
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

/**
 * Registers with vitest, for each storage: the plugin's own facts; that it is installed on an empty database and on one with records,
 * removed and installed again with its records; that its hooks take an empty batch; and that no member of a handle gives or tells
 * anything of another tenant, the plugin's operations and services among them.
 *
 * @example
 * ```ts
 * import { definePlugin, integer } from "@relata/core/plugin";
 * import { memory } from "@relata/memory";
 * import { testPlugin } from "@relata/testkit";
 * import { expect } from "vitest";
 *
 * const scoring = () =>
 *   definePlugin({
 *     id: "scoring",
 *     extend: { account: { score: integer().optional() } },
 *     operations: (context) => ({
 *       account: { rate: async (id: string, score: number) => context.accounts.update(id, { score }) },
 *     }),
 *   });
 *
 * testPlugin("scoring", {
 *   plugin: scoring,
 *   storages: [{ name: "memory", open: () => memory() }],
 *   populate: async () => {},
 *   probes: { "accounts.rate": (crm, ids) => [() => crm.accounts.rate(ids.account!, 7)] },
 *   facts: {
 *     "rates accounts": async ({ open }) => {
 *       const crm = await open();
 *       const { id } = await crm.accounts.create({ name: "Acme" });
 *       expect(await crm.accounts.rate(id, 7)).toMatchObject({ score: 7 });
 *     },
 *   },
 * });
 * ```
 */
export function testPlugin<P extends AnyPlugin>(name: string, options: TestPluginOptions<P>): void {
  for (const { name: storage, open, durable = false } of options.storages) {
    const register = (fact: string, run: (bench: CrmBench) => Promise<void>) =>
      it(fact, () => withCrmBench(open, run), factTimeoutMs);
    describe(`${name} on ${storage}`, () => {
      for (const [fact, run] of Object.entries(options.facts)) {
        register(fact, ({ clock, options: given }) =>
          run({ clock, options: given, open: async () => openWith(options.plugin(), await given()) }),
        );
      }
      register("is installed on an empty database, and closed", (bench) => checkInstalled(options, bench));
      register("has hooks that take an empty batch", (bench) => checkEmptyBatches(options, bench));
      register("neither gives nor tells anything of another tenant", (bench) => checkTenants(options, bench));
      if (!durable) return;
      register("is installed on a database with records", (bench) => checkAdded(options, bench));
      register("is removed, and finds its records when it is installed again", (bench) => checkRemoved(options, bench));
    });
  }
}

async function openWith<P extends AnyPlugin>(plugin: P, options: CrmOptions): Promise<CrmWith<P>> {
  return (await createCrm({ ...options, plugins: withRequired(plugin) as readonly [] })) as unknown as CrmWith<P>;
}

/** The plugin after all that it requires, each once. */
function withRequired(plugin: AnyPlugin): readonly AnyPlugin[] {
  const all = [...plugin.requires.flatMap(withRequired), plugin];
  return [...new Map(all.map((each) => [each.id, each])).values()];
}

async function checkInstalled<P extends AnyPlugin>({ plugin, populate }: TestPluginOptions<P>, bench: CrmBench) {
  const crm = await openWith(plugin(), await bench.options());
  await populateWith(populate, crm as unknown as LooseCrm, "some");
  await crm.close();
}

async function checkEmptyBatches<P extends AnyPlugin>({ plugin }: TestPluginOptions<P>, bench: CrmBench) {
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
    for (const [phase, hook] of Object.entries(hooks)) {
      const answer: unknown = await (hook as (context: never, batch: readonly []) => unknown)(
        crm.testkit.context(),
        [],
      );
      expect(answer ?? [], `the ${phase} hook on ${entity}`).toEqual([]);
    }
  }
}

async function checkTenants<P extends AnyPlugin>({ plugin, populate, probes }: TestPluginOptions<P>, bench: CrmBench) {
  const watched = watchSchema(await bench.options());
  const crm = await openWith(plugin(), watched.options);
  const problems = await walkTenants({
    crm: crm as unknown as LooseCrm,
    schema: watched.schema(),
    populate: (tenant, word) => populateWith(populate, tenant, word),
    probes: { ...coreProbes, ...(probes as unknown as Probes<LooseCrm>) },
  });
  expect(problems).toEqual([]);
}

async function checkAdded<P extends AnyPlugin>({ plugin, populate }: TestPluginOptions<P>, bench: CrmBench) {
  const options = await bench.options();
  const before = await createCrm(options);
  const ids = await populateCore(before as unknown as LooseCrm, "old");
  await before.close();
  const crm = await openWith(plugin(), options);
  await populate(crm, { word: "old", ids });
  await crm.close();
}

async function checkRemoved<P extends AnyPlugin>({ plugin, populate }: TestPluginOptions<P>, bench: CrmBench) {
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
  populate: TestPluginOptions<P>["populate"],
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
