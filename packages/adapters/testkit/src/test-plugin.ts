/** `testPlugin`: one call registers a plugin's own facts, and what every plugin must do, on every storage that it is given. */
import type { CrmOptions } from "@relata/core";
import type { AnyPlugin } from "@relata/core/plugin";
import { describe, it } from "vitest";
import { type CrmBench, type TestClock, withCrmBench } from "./crm-suites/crm-bench.ts";
import type { NamedAdapter } from "./differential.ts";
import { type CrmWith, openWith, type PluginUnderTest, pluginChecks } from "./plugin-checks.ts";

// The tenant matrix asks every member of a handle, several times, each time in a unit: on a server these are many round trips.
const factTimeoutMs = 300_000;

export interface PluginStorage extends NamedAdapter {
  /** It finds its records again when it is opened a second time: removing and adding the plugin is tested too. */
  readonly durable?: boolean;
}

/** What a fact of a plugin is tried with. */
export interface PluginBench<P extends AnyPlugin> {
  readonly clock: TestClock;
  /** A CRM with the plugin over an empty database. It is closed when the fact is done. */
  open(): Promise<CrmWith<P>>;
  /** What `createCrm` needs, over an empty database, for facts about other options. */
  options(): Promise<CrmOptions>;
}

export interface TestPluginOptions<P extends AnyPlugin> extends PluginUnderTest<P> {
  readonly storages: readonly PluginStorage[];
  /** The plugin's own facts, by name. */
  readonly facts: { readonly [name: string]: (bench: PluginBench<P>) => Promise<void> };
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
      for (const check of pluginChecks) {
        if (durable || !check.durable) register(check.name, (bench) => check.run(options, bench));
      }
    });
  }
}
