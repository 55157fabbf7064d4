/** A plugin in two versions, and a database that the first one has filled: what an upgrade is tried on. */
import { type CrmOptions, createCrm } from "@relata/core";
import { convert, defineEntity, definePlugin, integer, oneOf, reference, text } from "@relata/core/plugin";

const tool = defineEntity("tool", {
  plural: "tools",
  ids: "app",
  fields: {
    title: text({ fold: true }).indexed(),
    size: text(),
    accountId: reference("account", { inverse: "tools" }).optional(),
    partOfId: reference("tool", { inverse: "parts" }).optional(),
    kind: oneOf("hand", "power").default("hand"),
    junk: text().optional().indexed(),
  },
});

export const gearOne = definePlugin({
  id: "gear",
  entities: [tool],
  extend: { account: { rank: oneOf("a", "b").optional(), label: text().optional().unique() } },
});

const device = defineEntity("device", {
  plural: "devices",
  ids: "app",
  fields: {
    name: text({ fold: true }).indexed(),
    size: integer().indexed(),
    accountId: reference("account", { inverse: "devices" }).optional(),
    partOfId: reference("device", { inverse: "parts" }).optional(),
    kind: oneOf("hand", "power").default("hand"),
    code: text().optional().unique(),
  },
});

const renamed = {
  id: "2026-10-device",
  rename: {
    entities: { tool: "device" },
    fields: { device: { title: "name" }, account: { rank: "grade" } },
  },
} as const;

const resized = {
  id: "2026-11-size",
  change: { device: { size: convert(text(), integer(), (size) => Number(size)) } },
};

export const gearTwo = definePlugin({
  id: "gear",
  entities: [device],
  extend: { account: { grade: oneOf("a", "b").optional(), label: text().optional().unique() } },
  migrations: [
    renamed,
    resized,
    {
      id: "2026-12-code",
      backfill: {
        device: {
          batch: 2,
          async run(context, records) {
            await context.devices.updateMany(records.map(({ id, name }) => ({ id, code: `${name}-${id}` })));
          },
        },
      },
      drop: { fields: { device: ["junk"] } },
    },
  ],
});

/** Fills the database by the first version, for two tenants. */
export async function fillGear(options: CrmOptions): Promise<void> {
  const crm = await createCrm({ ...options, plugins: [gearOne] });
  const acme = await crm.accounts.create({ name: "Acme", rank: "a", label: "first" });
  const sized = (id: string, size: string) => ({ id, title: `T${id}`, size });
  await crm.tools.createMany([
    { ...sized("1", "10"), accountId: acme.id, junk: "x" },
    { ...sized("2", "20"), partOfId: "1" },
    { ...sized("3", "30"), kind: "power" },
  ]);
  await crm.tools.archive("3");
  await crm.as({ tenantId: "other" }).tools.createMany([sized("1", "1"), sized("2", "2")]);
  await crm.close();
}
