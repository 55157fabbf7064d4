/** NeDB in memory: an index on what each query narrows most by. It copies documents in and out, and has no transactions. */
import NedbModule, { type Document } from "@seald-io/nedb";
import {
  type FiveFields,
  type NewOpportunity,
  type Opportunity,
  PAGE_SIZE,
  type PageQuery,
} from "../../src/sales/contestant.ts";
import { createIds } from "../../src/sales/ids.ts";
import { newOpportunity, newStageEntry, type StageEntry } from "./documents.ts";
import { type MemoryPeer, type MemoryPeerOptions, moved, nextOf } from "./memory-peer.ts";

/** The class itself is what the module exports; its types put it under `default`. */
const Nedb = NedbModule as unknown as typeof NedbModule.default;

type Stored<T extends { readonly id: string }> = Omit<T, "id"> & { readonly _id: string };

export async function nedb({ documents, stages, clock }: MemoryPeerOptions): Promise<MemoryPeer> {
  const newId = createIds(clock);
  const [first] = stages;
  const opportunities = new Nedb<Stored<Opportunity>>();
  const entries = new Nedb<Stored<StageEntry>>();
  await opportunities.ensureIndexAsync({ fieldName: "expectedCloseDate" });
  await entries.ensureIndexAsync({ fieldName: "recordId" });
  await opportunities.insertAsync(documents.opportunities.map(stored));
  await entries.insertAsync(documents.stageEntries.map(stored));

  const make = (input: NewOpportunity, index = 0) =>
    newOpportunity(input, first!, { id: newId(), now: clock(), index });
  const entryOf = (recordId: string, stageId: string, now: number) =>
    newStageEntry(newId(), { recordId, stageId, now });
  const firstEntryOf = ({ id, stageId, createdAt }: Opportunity) => entryOf(id, stageId, createdAt.getTime());
  const find = (query: PageQuery, projection: Readonly<Record<string, 1>> = {}) =>
    opportunities
      .findAsync<Stored<Opportunity>>(pageQuery(query), projection)
      .sort({ expectedCloseDate: 1, _id: 1 })
      .limit(PAGE_SIZE + 1);

  return {
    async create(input) {
      const opportunity = make(input);
      await opportunities.insertAsync(stored(opportunity));
      await entries.insertAsync(stored(firstEntryOf(opportunity)));
      return opportunity;
    },
    async createMany(inputs) {
      const made = inputs.map(make);
      await opportunities.insertAsync(made.map(stored));
      await entries.insertAsync(made.map((opportunity) => stored(firstEntryOf(opportunity))));
      return made;
    },
    get: async (id) => recordOf(await opportunities.findOneAsync<Stored<Opportunity>>({ _id: id })),
    async list(query) {
      const found = (await find(query)).map(recordOf);
      return { items: found.slice(0, PAGE_SIZE), next: nextOf(found) };
    },
    async listFiveFields(query) {
      const found = (await find(query, FIVE_FIELDS)).map(
        ({ _id, name, status, amount, expectedCloseDate, ownerId }) => {
          return { id: _id, name, status, amount, expectedCloseDate, ownerId } satisfies FiveFields;
        },
      );
      return { items: found.slice(0, PAGE_SIZE), next: nextOf(found) };
    },
    async move(id, key) {
      const now = clock();
      const { version } = await opportunities.findOneAsync<Stored<Opportunity>>({ _id: id }, { version: 1 });
      const stage = stages.find((candidate) => candidate.key === key)!;
      const { affectedDocuments } = await opportunities.updateAsync(
        { _id: id, version },
        { $set: moved({ stage, version, now }) },
        { returnUpdatedDocs: true, multi: false },
      );
      if (affectedDocuments === null) throw new Error(`${id} has changed`);
      const stay = await entries.findOneAsync<Stored<StageEntry>>({ recordId: id, leftAt: null });
      const leftAt = new Date(now);
      const durationMs = now - stay.enteredAt.getTime();
      await entries.updateAsync(
        { _id: stay._id },
        { $set: { leftAt, durationMs, updatedAt: leftAt, version: stay.version + 1 } },
        {},
      );
      await entries.insertAsync(stored(entryOf(id, stage.id, now)));
      return recordOf(affectedDocuments as Document<Stored<Opportunity>>);
    },
    documents: async () => ({
      opportunities: opportunities.getAllData().map(recordOf),
      stageEntries: entries.getAllData().map(recordOf),
    }),
    close() {},
  };
}

const FIVE_FIELDS = { name: 1, status: 1, amount: 1, expectedCloseDate: 1, ownerId: 1 } as const;

function stored<T extends { readonly id: string }>({ id, ...fields }: T): Stored<T> {
  return { _id: id, ...fields } as unknown as Stored<T>;
}

function recordOf<T extends { readonly _id: string }>({ _id, ...fields }: T): Omit<T, "_id"> & { readonly id: string } {
  return { id: _id, ...fields };
}

function pageQuery({ from, after }: PageQuery) {
  const open = { status: "open", archivedAt: null };
  if (after === undefined) return { ...open, expectedCloseDate: { $gte: from } };
  const [day, id] = after as [string, string];
  return {
    ...open,
    expectedCloseDate: { $gte: day },
    $or: [{ expectedCloseDate: { $gt: day } }, { _id: { $gt: id } }],
  };
}
