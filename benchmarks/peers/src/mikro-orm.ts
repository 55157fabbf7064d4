/** MikroORM on better-sqlite3: a fork of the entity manager for each operation, as for each request; its unit of work and version checks. */
import { EntitySchema, type EntitySchemaMetadata, MikroORM } from "@mikro-orm/sqlite";
import { type NewOpportunity, PAGE_SIZE, type PageQuery } from "../../src/sales/contestant.ts";
import { createIds } from "../../src/sales/ids.ts";
import {
  FIVE_FIELDS_COLUMNS,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  type OpportunityRow,
  opportunityOf,
  type StageEntryRow,
  TENANT,
} from "../../src/sales/rows.ts";
import type { ContestantOptions } from "../../src/sqlite/open-database.ts";
import { OPPORTUNITY_TYPES, STAGE_ENTRY_TYPES, type StoredType } from "./columns.ts";
import { type Peer, SETTINGS } from "./peer.ts";
import { moveChanges, readStages } from "./stages.ts";

const Opportunity = new EntitySchema<OpportunityRow>({
  name: "Opportunity",
  tableName: "opportunity",
  properties: propertiesOf(OPPORTUNITY_TYPES),
});
const StageEntry = new EntitySchema<StageEntryRow>({
  name: "StageEntry",
  tableName: "opportunity_stage_entry",
  properties: propertiesOf(STAGE_ENTRY_TYPES),
});

export async function mikroOrm({ filename, clock }: ContestantOptions): Promise<Peer> {
  const newId = createIds(clock);
  const stages = readStages(filename);
  const orm = await MikroORM.init({
    dbName: filename,
    entities: [Opportunity, StageEntry],
  });
  for (const setting of SETTINGS) await orm.em.getConnection().execute(`pragma ${setting}`);

  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, stages.first, { id: newId(), now: clock(), index });
  const entryOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const pageOf = ({ from, after }: PageQuery) =>
    ({
      where: { tenant_id: TENANT, archived_at: null, status: "open", expected_close_date: { $gte: from } },
      orderBy: { expected_close_date: "asc", id: "asc" },
      first: PAGE_SIZE,
      includeCount: false,
      disableIdentityMap: true,
      ...(after !== undefined && { after: after as string }),
    }) as const;

  return {
    async create(input) {
      const row = newRow(input);
      await orm.em.fork().transactional(async (em) => {
        await em.insert(Opportunity, row);
        await em.insert(StageEntry, entryOf(row.id, row.stage_id, row.created_at));
      });
      return opportunityOf(row);
    },
    async createMany(inputs) {
      const rows = inputs.map(newRow);
      await orm.em.fork().transactional(async (em) => {
        await em.insertMany(Opportunity, rows);
        await em.insertMany(
          StageEntry,
          rows.map((row) => entryOf(row.id, row.stage_id, row.created_at)),
        );
      });
      return rows.map(opportunityOf);
    },
    get: async (id) => opportunityOf(await orm.em.fork().findOneOrFail(Opportunity, { tenant_id: TENANT, id })),
    async list(query) {
      const { items, hasNextPage, endCursor } = await orm.em.fork().findByCursor(Opportunity, pageOf(query));
      return { items: items.map(opportunityOf), next: hasNextPage ? endCursor : undefined };
    },
    async listFiveFields(query) {
      const { items, hasNextPage, endCursor } = await orm.em.fork().findByCursor(Opportunity, {
        ...pageOf(query),
        fields: FIVE_FIELDS_COLUMNS,
      });
      return { items: items.map(fiveFieldsOf), next: hasNextPage ? endCursor : undefined };
    },
    move: (id, key) =>
      orm.em.fork().transactional(async (em) => {
        const now = clock();
        const stage = stages.byKey(key);
        const opportunity = await em.findOneOrFail(Opportunity, { tenant_id: TENANT, id });
        const stay = await em.findOneOrFail(StageEntry, { tenant_id: TENANT, record_id: id, left_at: null });
        em.assign(opportunity, { ...moveChanges(stage, now), version: opportunity.version + 1 });
        em.assign(stay, {
          left_at: now,
          duration_ms: now - stay.entered_at,
          updated_at: now,
          version: stay.version + 1,
        });
        em.create(StageEntry, entryOf(id, stage.id, now), { persist: true });
        await em.flush();
        return opportunityOf(opportunity);
      }),
    close: () => orm.close(),
  };
}

/** An update names the version that was read: MikroORM's own version property needs a default that the table does not have. */
function propertiesOf<Row>(types: Readonly<Record<keyof Row, StoredType>>) {
  const properties = Object.entries<StoredType>(types).map(([name, { type, nullable }]) => [
    name,
    { type, nullable, primary: name === "tenant_id" || name === "id", concurrencyCheck: name === "version" },
  ]);
  return Object.fromEntries(properties) as Required<EntitySchemaMetadata<Row>>["properties"];
}
