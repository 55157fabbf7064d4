// Writes plugins as an author would: each adds an entity that refers to `account` and to the entity of the plugin before it, columns
// on three entities, a hook, an operation and a service, and is published under a named interface.

/** The sources of `count` plugins that require one another in a chain: file name to text. */
export function pluginSources(count) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [fileOf(index), sourceOf(index)]));
}

/** The statements that import every plugin and install them: the head of a program to be measured. */
export function installation(count) {
  const names = Array.from({ length: count }, (_, index) => `plugin${label(index)}`);
  return `${names.map((name, index) => `import { ${name} } from "./${fileOf(index)}";`).join("\n")}
import { memory } from "./storage.ts";
import { createCrm } from "@relata/core";

export const crm = await createCrm({ storage: memory, plugins: [${names.map((name) => `${name}()`).join(", ")}] });
`;
}

/** What stands for an adapter: the measured programs are about the CRM. */
export const storageSource = `import type { StorageAdapter } from "@relata/core/adapter";

export declare const memory: StorageAdapter;
`;

function fileOf(index) {
  return `plugin-${label(index)}.ts`;
}

function label(index) {
  return String(index + 1).padStart(2, "0");
}

function sourceOf(index) {
  const me = label(index);
  const before = index > 0 ? label(index - 1) : undefined;
  const extended = ["contact", "opportunity", "user"][index % 3];
  return `import { boolean, count, date, defineEntity, definePlugin, integer, money, oneOf, reference, sum, text } from "@relata/core/plugin";
${before ? `import { plugin${before} } from "./plugin-${before}.ts";\n` : ""}
const item = defineEntity("item${me}", {
  plural: "items${me}",
  fields: {
    title${me}: text({ fold: true }).indexed(),
    amount: money().optional(),
    day: date(),
    rank: integer().default(0),
    state: oneOf("draft", "live", "closed").default("draft").written("operations"),
    note: text().optional(),
    accountId: reference("account", { inverse: "items${me}" }),
    ${before ? `previousId: reference("item${before}", { inverse: "items${me}" }).optional(),` : `ownerId: reference("user", { inverse: "items${me}" }).optional(),`}
  },
});

const build = () =>
  definePlugin({
    id: "plugin${me}",
    ${before ? `requires: [plugin${before}()],` : ""}
    entities: [item],
    extend: {
      account: { score${me}: integer().optional() },
      ${extended}: { tier${me}: oneOf("gold", "silver").optional() },
      ${before ? `item${before}` : "team"}: { flag${me}: boolean().default(false) },
    },
    hooks: {
      item${me}: {
        async before(_context, batch) {
          return batch.map(({ input, before }) => (before?.note ? undefined : { note: input.title${me} ?? null }));
        },
      },
    },
    operations: (context) => ({
      item${me}: {
        async close(id: string) {
          return context.items${me}.update(id, { state: "closed" });
        },
      },
    }),
    services: (context) => ({
      async live(accountId: string) {
        const page = await context.items${me}.list({ where: { accountId, state: "live" }, include: { account: true } });
        return page.items.map(({ id, account }) => ({ id, account: account?.name }));
      },
      async totals(from: string) {
        return context.items${me}.aggregate({
          where: { day: { gte: from } },
          groupBy: { month: { day: "month" } },
          measures: { items: count(), amount: sum("amount") },
        });
      },
      async rate(accountId: string, score: number) {
        return context.accounts.update(accountId, { score${me}: score });
      },
    }),
  });

type Named<T> = T;
export interface Plugin${me} extends Named<ReturnType<typeof build>> {}
export const plugin${me} = (): Plugin${me} => build();
`;
}
