/** An event that was kept as JSON, as it was when it happened. */
import type { Kernel } from "../kernel.ts";
import type { StoredEvent } from "./delivery.ts";
import type { CrmEvent } from "./event.ts";

/** Points in time are dates again, where the record's fields say so. */
export function reviveEvent(kernel: Kernel, stored: StoredEvent): CrmEvent {
  const { id, name, entity, recordId, tenantId, actorId, at, data } = stored;
  const revived = kernel.events.declared.has(name) ? data : reviveRecords(kernel, entity, data as RecordData);
  return { id, name, entity, recordId, tenantId, actorId, at: new Date(at), data: revived };
}

type JsonRecord = Readonly<Record<string, unknown>>;
interface RecordData {
  readonly before?: JsonRecord;
  readonly after?: JsonRecord;
}

function reviveRecords(kernel: Kernel, entity: string, { before, after, ...facts }: RecordData): RecordData {
  const revive = (record: JsonRecord) => reviveRecord(kernel, entity, record);
  return { ...(before ? { before: revive(before) } : {}), ...(after ? { after: revive(after) } : {}), ...facts };
}

/** Fields that are not declared any more stay as they are. */
function reviveRecord({ schema }: Kernel, entity: string, record: JsonRecord): JsonRecord {
  const fields = schema.entities.get(entity)?.fields;
  const revived = Object.entries(record).map(([name, value]) => {
    const isInstant = fields?.get(name)?.definition.kind === "instant" && typeof value === "string";
    return [name, isInstant ? new Date(value) : value];
  });
  return Object.fromEntries(revived);
}
