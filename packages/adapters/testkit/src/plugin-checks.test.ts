import { defineEntity, definePlugin, text } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { describe, expect, it } from "vitest";
import { withCrmBench } from "./crm-suites/crm-bench.ts";
import { type PluginUnderTest, pluginChecks } from "./plugin-checks.ts";

// Each walks every member of every entity.
const visit = defineEntity("visit", { plural: "visits", fields: { note: text() } });
const good = () => definePlugin({ id: "visiting", entities: [visit] });
type Visiting = ReturnType<typeof good>;

const tested: PluginUnderTest<Visiting> = {
  plugin: good,
  populate: async (crm, { word }) => void (await crm.visits.create({ note: word })),
  probes: {},
};

/** The checks of a storage that is not durable which do not hold. */
async function failing(plugin: PluginUnderTest<Visiting>): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, durable, run } of pluginChecks) {
    if (durable) continue;
    await withCrmBench(
      () => memory(),
      (bench) => run(plugin, bench),
    ).catch(() => failed.push(name));
  }
  return failed;
}

describe("the checks of a plugin", () => {
  it("hold for one that is good", async () => {
    expect(await failing(tested)).toEqual([]);
  });

  it("find one that cannot be filled, or closed", async () => {
    const populate = async () => Promise.reject(new Error("no"));
    expect(await failing({ ...tested, populate })).toContain("is installed on an empty database, and closed");
    const plugin = () =>
      definePlugin({ id: "visiting", entities: [visit], dispose: () => Promise.reject(new Error("no")) });
    expect(await failing({ ...tested, plugin })).toEqual(["is installed on an empty database, and closed"]);
  });

  it("find a hook that does not expect an empty batch", async () => {
    const plugin = () =>
      definePlugin({
        id: "visiting",
        entities: [visit],
        hooks: {
          visit: {
            before: async (_, batch) =>
              batch
                .slice(1)
                .concat(batch[0]!)
                .map(({ input }) => ({ note: input.note! })),
          },
        },
      });
    expect(await failing({ ...tested, plugin })).toContain("has hooks that take an empty batch");
  });

  it("find a service without a probe", async () => {
    const plugin = () =>
      definePlugin({ id: "visiting", entities: [visit], services: () => ({ plan: () => 1 }) }) as never;
    expect(await failing({ ...tested, plugin })).toEqual(["neither gives nor tells anything of another tenant"]);
  });
});
