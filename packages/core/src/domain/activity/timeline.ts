/** The timeline of a record: what its sources have, in one order, page by page. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordReference, TimelineItem, TimelineRequest } from "../../kernel/plugin/timeline-part.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import { decodeCursor, encodeCursor } from "../../kernel/storage/cursor.ts";
import type { DomainContext } from "../domain-model.ts";
import type { TimelineActivity } from "./timeline-activities.ts";
import type { RecordChange, StageMove } from "./timeline-entries.ts";

export interface TimelineQuery {
  /** Only entries of these kinds: "activity", "stage_move", "field_change", and those of plugins. All of them, unless given. */
  readonly kinds?: readonly string[];
  /** Also what hangs below the record: of an account its contacts and opportunities, of a contact the opportunities it has a role in. */
  readonly includeBelow?: boolean;
  /** Nothing earlier than this instant. */
  readonly from?: Date;
  /** Only what is earlier than this instant. */
  readonly to?: Date;
  /** 1 to 500; 50 unless given. */
  readonly limit?: number;
  /** The `next` of the page before, of the same query. */
  readonly after?: string | undefined;
}

interface EntryOf<K extends string, D> {
  readonly kind: K;
  readonly at: Date;
  /** Unique among the entries of its kind. */
  readonly id: string;
  /** Who did it. */
  readonly by: string | null;
  /** What the entry tells of. */
  readonly record: RecordReference;
  readonly data: D;
}

/** A plugin's kinds have a dot in them: "payments.received". */
export type TimelineEntry =
  | EntryOf<"activity", TimelineActivity>
  | EntryOf<"stage_move", StageMove>
  | EntryOf<"field_change", RecordChange>
  | EntryOf<`${string}.${string}`, unknown>;

const referenceSchema = z.strictObject({ entityType: z.string(), id: z.string() });
const querySchema = z.strictObject({
  kinds: z.array(z.string()).optional(),
  includeBelow: z.boolean().optional(),
  from: z.date().optional(),
  to: z.date().optional(),
  limit: z.int().min(1).max(500).optional(),
  after: z.unknown().optional(),
});

/**
 * The latest first; of one instant by kind, ascending, and then by id, descending. Each source is asked for one page: what a page costs
 * grows with its length, and, with `includeBelow`, with the number of records below.
 */
export async function timelineOf(
  context: DomainContext,
  given: RecordReference,
  query: TimelineQuery = {},
): Promise<Page<TimelineEntry>> {
  const { record, kinds, ...options } = checked(context, given, query);
  if (!(await context.exists(record))) throw absent(record);
  const described = JSON.stringify([record, kinds, options.includeBelow, options.from, options.to]);
  const last = options.after === undefined ? undefined : positionIn(decodeCursor(described, options.after));
  const records = byEntity([record, ...(options.includeBelow ? await context.timelineSources.below(record) : [])]);
  const entries: TimelineEntry[] = [];
  for (const kind of kinds) {
    const request: TimelineRequest = {
      records,
      limit: options.limit + 1,
      ...(options.from ? { from: options.from } : {}),
      ...boundOf(kind, { last, to: options.to }),
    };
    const items = await context.timelineSources.entries.get(kind)!(request);
    entries.push(...items.map((item) => entryOf(kind, item)).filter((entry) => !last || inOrder(last, entry) < 0));
  }
  const page = entries.sort(inOrder).slice(0, options.limit);
  const end = entries.length > page.length ? page.at(-1) : undefined;
  return { items: page, next: end && encodeCursor(described, [end.at.getTime(), end.kind, end.id]) };
}

type Position = Pick<TimelineEntry, "at" | "kind" | "id">;

function inOrder(one: Position, other: Position): number {
  if (one.at.getTime() !== other.at.getTime()) return other.at.getTime() - one.at.getTime();
  if (one.kind !== other.kind) return one.kind < other.kind ? -1 : 1;
  if (one.id === other.id) return 0;
  return one.id > other.id ? -1 : 1;
}

/** Where a kind goes on. Of the last entry's instant, the kinds before its own are done, and those after it have not begun. */
function boundOf(
  kind: string,
  { last, to }: { readonly last: Position | undefined; readonly to: Date | undefined },
): Pick<TimelineRequest, "before"> {
  if (!last) return to ? { before: { at: to } } : {};
  if (kind === last.kind) return { before: { at: last.at, id: last.id } };
  return { before: { at: kind < last.kind ? last.at : new Date(last.at.getTime() + 1) } };
}

function positionIn([at, kind, id]: readonly unknown[]): Position {
  return { at: new Date(at as number), kind: kind as TimelineEntry["kind"], id: id as string };
}

/** @throws `plugin_invalid` for what is no entry. */
function entryOf(kind: string, item: TimelineItem): TimelineEntry {
  if (!(item.at instanceof Date) || typeof item.id !== "string")
    throw new CrmError(
      "plugin_invalid",
      `The timeline's source of "${kind}" gave an entry without an instant or an id.`,
      {
        details: { kind },
      },
    );
  const { at, id, by, record, data } = item;
  return { kind, at, id, by, record, data } as TimelineEntry;
}

function byEntity(records: readonly RecordReference[]): Record<string, string[]> {
  const grouped = new Map<string, Set<string>>();
  for (const { entityType, id } of records) grouped.set(entityType, (grouped.get(entityType) ?? new Set()).add(id));
  return Object.fromEntries([...grouped].map(([entityType, ids]) => [entityType, [...ids]]));
}

function checked(context: DomainContext, given: unknown, query: unknown) {
  const record = referenceSchema.safeParse(given);
  if (!record.success) throw invalidInput("timeline", inputIssues(record.error.issues, given));
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("timeline", inputIssues(parsed.error.issues, query));
  const known = [...context.timelineSources.entries.keys()].sort();
  const { kinds = known, includeBelow = false, limit = 50, ...rest } = parsed.data;
  const unknown = kinds.find((kind) => !known.includes(kind));
  if (unknown !== undefined)
    throw invalidInput("timeline", [
      { field: "kinds", code: "not_allowed", message: `has "${unknown}": the kinds are ${known.join(", ")}` },
    ]);
  return { record: record.data, kinds: [...new Set(kinds)].sort(), includeBelow, limit, ...rest };
}

function absent({ entityType, id }: RecordReference): CrmError {
  return new CrmError("not_found", `There is no ${entityType} "${id.slice(0, 100)}".`, {
    details: { entity: entityType, id },
  });
}
