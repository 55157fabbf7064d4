/** People and firms, and what is searched for them: mailboxes and telephone lines in entities of their own. */
import { type CrmOptions, createCrm } from "@relata/core";
import { defineEntity, definePlugin, reference, text } from "@relata/core/plugin";

const firm = defineEntity("firm", {
  plural: "firms",
  fields: {
    name: text({ fold: true }),
    city: text({ fold: true }).optional(),
    code: text().optional(),
    switchboard: text({ fold: "phone" }).optional(),
  },
});

const person = defineEntity("person", {
  plural: "people",
  fields: {
    name: text({ fold: true }).optional(),
    alias: text({ fold: true }).optional(),
    firmId: reference("firm", { inverse: "people" }).optional(),
  },
});

const mailbox = defineEntity("mailbox", {
  plural: "mailboxes",
  fields: {
    address: text({ fold: true }),
    kind: text({ fold: true }).optional(),
    personId: reference("person", { inverse: "mailboxes", onDelete: "cascade" }).optional(),
    firmId: reference("firm", { onDelete: "cascade" }).optional(),
  },
  searchFor: ["personId", "firmId"],
});

const line = defineEntity("line", {
  plural: "lines",
  fields: {
    number: text({ fold: "phone" }),
    personId: reference("person", { inverse: "lines", onDelete: "cascade" }).optional(),
  },
  searchFor: ["personId"],
});

/** Has nothing to be found by but what is searched for it. */
const desk = defineEntity("desk", { plural: "desks", fields: { place: text() } });
const sticker = defineEntity("sticker", {
  plural: "stickers",
  fields: { label: text({ fold: true }), deskId: reference("desk", { inverse: "stickers", onDelete: "cascade" }) },
  searchFor: ["deskId"],
});

const memo = defineEntity("memo", { plural: "memos", fields: { title: text({ fold: true }) }, history: false });

export const directory = definePlugin({
  id: "directory",
  entities: [firm, person, mailbox, line, desk, sticker, memo],
  services: (context) => ({ lookUp: (words: string) => context.search(words, { entities: ["person"] }) }),
});

export function openDirectory(options: CrmOptions) {
  return createCrm({ ...options, plugins: [directory] });
}

export type DirectoryCrm = Awaited<ReturnType<typeof openDirectory>>;

interface Hit {
  readonly entity: string;
  readonly record: object;
  readonly rank: string;
  readonly matched: readonly {
    readonly field: string;
    readonly value: string;
    readonly places: readonly (readonly [number, number])[];
  }[];
}

/** "person Ann: equal; name=Ann 0-3; mailboxes.address=ann@x.example 0-3" */
export function shown(hits: readonly Hit[]): readonly string[] {
  return hits.map(({ entity, record, rank, matched }) => {
    const matches = matched.map(({ field, value, places }) => {
      return `; ${field}=${value} ${places.map((place) => place.join("-")).join(" ")}`;
    });
    return `${entity} ${titleOf(record)}: ${rank}${matches.join("")}`;
  });
}

/** "person Ann, firm Acme" */
export function named(hits: readonly Hit[]): string {
  return hits.map(({ entity, record }) => `${entity} ${titleOf(record)}`).join(", ");
}

function titleOf(record: object): unknown {
  const { name, title, address, place, subject } = record as Record<string, unknown>;
  return name ?? title ?? address ?? place ?? subject ?? "-";
}
