/** What plugins add to the timelines of records: entries of kinds of their own, and the records that hang below others. */

/** A record of any entity that is installed. */
export interface RecordReference {
  readonly entityType: string;
  readonly id: string;
}

/** What one source is asked for. */
export interface TimelineRequest {
  /** By entity: the ids of the records whose entries are wanted. */
  readonly records: { readonly [entityType: string]: readonly string[] };
  /** Nothing earlier than this instant. */
  readonly from?: Date;
  /** Only what is earlier than this instant; and, with an id, what is of the very instant and has a lower id. */
  readonly before?: { readonly at: Date; readonly id?: string };
  /** At most so many: the latest ones, and of one instant those with the highest ids. */
  readonly limit: number;
}

/** An entry as its source gives it. */
export interface TimelineItem {
  readonly at: Date;
  /** Unique among the entries of its kind; it does not change. */
  readonly id: string;
  readonly by: string | null;
  /** What the entry tells of. */
  readonly record: RecordReference;
  readonly data: unknown;
}

export interface TimelinePart<C> {
  /** By kind. A kind has one source, whoever asks; it answers with one query for each entity, not with one for each record. */
  readonly entries?: { readonly [kind: string]: TimelineSource<C> };
  /** By entity: the records that hang directly below one, whose entries are its own too when that is asked for. */
  readonly below?: { readonly [entityType: string]: TimelineBelow<C> };
}

export type TimelineSource<C> = (context: C, request: TimelineRequest) => Promise<readonly TimelineItem[]>;
export type TimelineBelow<C> = (context: C, id: string) => Promise<readonly RecordReference[]>;

/** Every plugin's part, each with the context of its plugin. */
export interface TimelineSources {
  readonly entries: ReadonlyMap<string, (request: TimelineRequest) => Promise<readonly TimelineItem[]>>;
  below(record: RecordReference): Promise<readonly RecordReference[]>;
}

/** For one handle: `contextOf` gives the context that a plugin has there. */
export function timelineSources(
  plugins: readonly { readonly id: string; readonly timeline: TimelinePart<never> | undefined }[],
  contextOf: (plugin: string) => object,
): TimelineSources {
  const entries = new Map<string, (request: TimelineRequest) => Promise<readonly TimelineItem[]>>();
  for (const { id, timeline } of plugins) {
    for (const [kind, source] of Object.entries(timeline?.entries ?? {}))
      entries.set(kind, async (request) => source(contextOf(id) as never, request));
  }
  return {
    entries,
    below: async (record) => {
      const found: RecordReference[] = [];
      for (const { id, timeline } of plugins) {
        const below = timeline?.below ?? {};
        const source = Object.hasOwn(below, record.entityType) ? below[record.entityType] : undefined;
        if (source) found.push(...(await source(contextOf(id) as never, record.id)));
      }
      return found;
    },
  };
}

/** The conditions of a request on records whose entries are dated by the field `at`, for `where`; order them by it, descending. */
export function timelineWhere<const F extends string>(
  { from, before }: Pick<TimelineRequest, "from" | "before">,
  at: F,
): { readonly and: readonly TimelineCondition<F>[] } {
  const dated = (condition: object) => ({ [at]: condition }) as TimelineCondition<F>;
  const later = from ? [dated({ gte: from })] : [];
  if (!before) return { and: later };
  if (before.id === undefined) return { and: [...later, dated({ lt: before.at })] };
  const ofTheInstant = { ...dated({ eq: before.at }), id: { lt: before.id } };
  // The bound is also given as a plain condition, which an index serves.
  return { and: [...later, dated({ lte: before.at }), { or: [dated({ lt: before.at }), ofTheInstant] } as never] };
}

type TimelineCondition<F extends string> = {
  readonly [K in F]?: { readonly gte?: Date; readonly lt?: Date; readonly lte?: Date; readonly eq?: Date };
} & { readonly id?: { readonly lt: string }; readonly or?: readonly TimelineCondition<F>[] };
