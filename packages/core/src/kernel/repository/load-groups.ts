/** The groups of an aggregate, with the results of each figure: what the database is asked, and how its finer groups add up. */

import type { Scope } from "../kernel.ts";
import type { GroupKey, MeasureQuery, Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import type { Params } from "./compilation.ts";
import { andArchived } from "./compile-find.ts";
import { compileWhere } from "./compile-where.ts";
import type { Figure } from "./figures.ts";
import type { NamedGroupKey } from "./group-keys.ts";
import { sendAggregate } from "./read-session.ts";

export interface AggregateRequest {
  readonly where?: unknown;
  readonly groupBy?: unknown;
  readonly measures?: unknown;
  readonly having?: unknown;
  readonly orderBy?: unknown;
  readonly limit?: unknown;
  readonly archived?: unknown;
}

export interface Plan {
  readonly keys: readonly NamedGroupKey[];
  readonly figures: readonly Figure[];
}

export interface Group {
  readonly keys: readonly Storable[];
  /** For each figure, its results: for money by currency, and by the day to convert on where that is a field. */
  readonly results: (readonly Storable[] | Map<string, readonly Storable[]>)[];
}

/** A count of different values is asked for by itself wherever the other groups are to be added up. */
export async function loadGroups(scope: Scope, plan: Plan, request: AggregateRequest): Promise<Group[]> {
  // Days stand before currencies, of which there are few: a database that sorts to group then compares one column more often than two.
  const parts = [...new Set(plan.figures.flatMap(partColumns))].reverse();
  const addsUp = parts.length > 0 || plan.keys.some((key) => key.bucketOf);
  const together = plan.figures.filter((figure) => !(figure.distinctOf && addsUp));
  const measures: MeasureQuery[] = together.flatMap((figure) => figure.queries);
  const keys = [...plan.keys, ...parts.map(columnKey)];
  const groups = new Map<string, Group>();
  const groupOf = groupsOf(plan, groups);
  const placed = together.map((figure) => ({
    figure,
    at: plan.figures.indexOf(figure),
    partsAt: partColumns(figure).map((column) => plan.keys.length + parts.indexOf(column)),
  }));

  const rows = await ask(scope, request, { keys, measures: measures.length > 0 ? measures : [{ kind: "rows" }] });
  for (const row of rows) {
    const group = groupOf(row);
    let from = keys.length;
    for (const { figure, at, partsAt } of placed) {
      const results = row.slice(from, from + figure.queries.length) as Storable[];
      from += figure.queries.length;
      add(group, { at, figure, results, part: partsAt.map((part) => row[part] as string | null) });
    }
  }
  for (const figure of plan.figures.filter((candidate) => candidate.distinctOf && addsUp)) {
    await countDistinct(scope, request, { plan, figure, groupOf });
  }
  // Without keys there is one group, also over nothing, where a currency to group by finds none.
  if (plan.keys.length === 0) groupOf([]);
  return [...groups.values()];
}

async function countDistinct(
  scope: Scope,
  request: AggregateRequest,
  { plan, figure, groupOf }: { readonly plan: Plan; readonly figure: Figure; readonly groupOf: (row: Row) => Group },
): Promise<void> {
  const keys = [...plan.keys, columnKey(figure.distinctOf!)];
  const rows = await ask(scope, request, { keys, measures: [{ kind: "rows" }] });
  const seen = new Map<Group, Set<Storable>>();
  for (const row of rows) {
    const group = groupOf(row);
    const values = seen.get(group) ?? new Set();
    const stored = row[plan.keys.length] as Storable;
    if (stored !== null) values.add(stored);
    seen.set(group, values);
  }
  const at = plan.figures.indexOf(figure);
  for (const [group, values] of seen) group.results[at] = [values.size];
}

/** Figures over all that the request looks at, as one row. */
export async function measureAll(
  scope: Scope,
  request: AggregateRequest,
  measures: readonly MeasureQuery[],
): Promise<readonly Storable[]> {
  const [row] = await ask(scope, request, { keys: [], measures });
  return row as readonly Storable[];
}

interface Asked {
  readonly keys: readonly Pick<NamedGroupKey, "query">[];
  readonly measures: readonly MeasureQuery[];
}

function ask(scope: Scope, request: AggregateRequest, { keys, measures }: Asked): Promise<readonly Row[]> {
  const { kernel, entity } = scope;
  const params: Params = [];
  const where = andArchived(
    entity,
    compileWhere({ schema: kernel.schema, entity, params }, request.where),
    request.archived,
  );
  const groupBy = keys.map(({ query }): GroupKey => (typeof query === "function" ? query(params) : query));
  return sendAggregate(scope, { table: entity.table.name, where, groupBy, measures }, params);
}

function columnKey(column: string): Pick<NamedGroupKey, "query"> {
  return { query: { path: [], column } };
}

/** The columns that a figure's results are kept apart by. */
function partColumns({ currency, conversion }: Figure): readonly string[] {
  return currency === undefined ? [] : [currency, ...(conversion?.column === undefined ? [] : [conversion.column])];
}

/** The group that a row belongs to. Many rows share few buckets: each value is put into its bucket once. */
function groupsOf({ keys, figures }: Plan, groups: Map<string, Group>): (row: Row) => Group {
  const bucketsOf = keys.map(({ bucketOf }) => bucketOf && rememberedBy(bucketOf));
  return (row) => {
    const values = bucketsOf.map((bucketOf, i) => (bucketOf ? bucketOf(row[i] as Storable) : (row[i] as Storable)));
    // No text has a NUL, and all values of a key are of one type, or null.
    const name = values.map((value) => (value === null ? "" : `=${value}`)).join("\0");
    let group = groups.get(name);
    if (!group) {
      const results = figures.map((figure) => (figure.currency === undefined ? figure.nothing : new Map()));
      group = { keys: values, results };
      groups.set(name, group);
    }
    return group;
  };
}

function rememberedBy(bucketOf: (stored: NonNullable<Storable>) => Storable): (stored: Storable) => Storable {
  const known = new Map<Storable, Storable>([[null, null]]);
  return (stored) => {
    let bucket = known.get(stored);
    if (bucket === undefined) {
      bucket = bucketOf(stored!);
      known.set(stored, bucket);
    }
    return bucket;
  };
}

/** What one row of the database says of one figure, the one at `at`. */
interface PartialFigure {
  readonly at: number;
  readonly figure: Figure;
  readonly results: readonly Storable[];
  /** The values of the columns that results are kept apart by: the currency first. */
  readonly part: readonly (string | null)[];
}

function add(group: Group, { at, figure, results, part }: PartialFigure): void {
  const known = group.results[at]!;
  if (!(known instanceof Map)) {
    group.results[at] = figure.merge(known, results);
  } else if (part[0] !== null) {
    const name = part.map((value) => value ?? "").join(" ");
    known.set(name, figure.merge(known.get(name) ?? figure.nothing, results));
  }
}
