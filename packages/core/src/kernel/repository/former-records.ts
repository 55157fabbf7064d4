/** The records that a merge has changed: as they were before, after, and are now. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import type { ChangedVersions } from "./merge.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";
import { type EndedRow, endedRows, lastOf } from "./version-rows.ts";
import { currentRows } from "./write-scope.ts";

export interface Former {
  readonly entity: EntitySchema;
  readonly id: string;
  readonly versionBefore: number | null;
  readonly versionAfter: number | null;
  /** Undefined where it was not there, and where history does not have it any more. `before` of what has ended has its last version. */
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  readonly current: Row | undefined;
  /** The last version of what is not there now. */
  readonly ended: EndedRow | undefined;
}

/** Two queries for each entity. Entities that are not installed any more are left out. */
export async function formerRecords(scope: Scope, versions: ChangedVersions): Promise<readonly Former[]> {
  const formers: Former[] = [];
  for (const { entity: name, records } of versions) {
    const entity = scope.kernel.schema.entities.get(name);
    if (!entity) continue;
    const own = { ...scope, entity };
    const ids = records.map(([id]) => id);
    const current = await currentRows(own, ids);
    const where = { kind: "in", column: "id", values: 0 } as const;
    const past = entity.history ? await endedRows(own, entity, { where, params: [ids] }) : [];
    const last = lastOf(past);
    const byVersion = new Map(past.map(({ row }) => [keyOf(row), row]));
    for (const row of current.values()) byVersion.set(keyOf(row), row);
    const position = layoutOf(entity).positions.get("version")!;
    for (const [id, versionBefore, versionAfter] of records) {
      const [now, ended] = [current.get(id), last.get(id)];
      const was = byVersion.get(`${id} ${versionBefore}`);
      const before = was && !now && ended ? was.with(position, ended.row[position]!) : was;
      const after = byVersion.get(`${id} ${versionAfter}`);
      formers.push({
        ...{ entity, id, versionBefore, versionAfter },
        ...{ before, after, current: now, ended: now ? undefined : ended },
      });
    }
  }
  return formers;
}

function keyOf(row: Row): string {
  return `${row[ID]} ${versionOf(row)}`;
}
