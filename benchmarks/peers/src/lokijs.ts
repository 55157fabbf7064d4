/** LokiJS in memory: live documents (its default, nothing is cloned), unique and binary indexes. Its transactions copy a whole collection, and are left out. */
import Loki from "lokijs";
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

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

export async function lokijs({ documents, stages, clock }: MemoryPeerOptions): Promise<MemoryPeer> {
  const newId = createIds(clock);
  const [first] = stages;
  const store = new Loki("benchmark", { adapter: new Loki.LokiMemoryAdapter() });
  const opportunities = store.addCollection<Mutable<Opportunity>>("opportunities", {
    unique: ["id"],
    indices: ["expectedCloseDate"],
    disableMeta: true,
  });
  const entries = store.addCollection<Mutable<StageEntry>>("stageEntries", {
    unique: ["id"],
    indices: ["recordId"],
    disableMeta: true,
  });
  opportunities.insert(documents.opportunities.map((document) => ({ ...document })));
  entries.insert(documents.stageEntries.map((document) => ({ ...document })));

  const make = (input: NewOpportunity, index = 0) =>
    newOpportunity(input, first!, { id: newId(), now: clock(), index });
  const entryOf = (recordId: string, stageId: string, now: number) =>
    newStageEntry(newId(), { recordId, stageId, now });
  const firstEntryOf = ({ id, stageId, createdAt }: Opportunity) => entryOf(id, stageId, createdAt.getTime());
  const find = ({ from, after }: PageQuery) => {
    const [day, id] = (after ?? [from]) as [string, string?];
    const since = opportunities.chain().find({ expectedCloseDate: { $gte: day } });
    return since
      .where(
        (one) =>
          one.status === "open" &&
          one.archivedAt === null &&
          (id === undefined || one.expectedCloseDate! > day || one.id > id),
      )
      .compoundsort([
        ["expectedCloseDate", false],
        ["id", false],
      ])
      .limit(PAGE_SIZE + 1)
      .data();
  };

  return {
    create(input) {
      const opportunity = make(input);
      opportunities.insertOne({ ...opportunity });
      entries.insertOne({ ...firstEntryOf(opportunity) });
      return opportunity;
    },
    createMany(inputs) {
      const made = inputs.map(make);
      opportunities.insert(made.map((opportunity) => ({ ...opportunity })));
      entries.insert(made.map((opportunity) => ({ ...firstEntryOf(opportunity) })));
      return made;
    },
    get: (id) => recordOf(opportunities.by("id", id)!),
    list(query) {
      const found = find(query);
      return { items: found.slice(0, PAGE_SIZE).map(recordOf), next: nextOf(found) };
    },
    listFiveFields(query) {
      const found = find(query);
      const items = found.slice(0, PAGE_SIZE).map(({ id, name, status, amount, expectedCloseDate, ownerId }) => {
        return { id, name, status, amount, expectedCloseDate, ownerId } satisfies FiveFields;
      });
      return { items, next: nextOf(found) };
    },
    move(id, key) {
      const now = clock();
      const stage = stages.find((candidate) => candidate.key === key)!;
      const opportunity = opportunities.by("id", id)!;
      Object.assign(opportunity, moved({ stage, version: opportunity.version, now }));
      opportunities.update(opportunity);
      const stay = entries.find({ recordId: id }).find(({ leftAt }) => leftAt === null)!;
      stay.leftAt = new Date(now);
      stay.durationMs = now - stay.enteredAt.getTime();
      stay.updatedAt = new Date(now);
      stay.version++;
      entries.update(stay);
      entries.insertOne({ ...entryOf(id, stage.id, now) });
      return recordOf(opportunity);
    },
    documents: async () => ({
      opportunities: opportunities.data.map(recordOf),
      stageEntries: entries.data.map(recordOf),
    }),
    close: () => store.close(),
  };
}

/** A copy, without what LokiJS adds. */
function recordOf<T extends object>(document: T & Partial<LokiObj>): T {
  const { $loki, meta, ...fields } = document;
  return fields as unknown as T;
}
