/** The forecast as people see it: figures, what those above make of them, and how far everybody is on the way to the quota. */
import { compareText } from "@relata/core/plugin";
import * as z from "zod";
import { type ForecastCategory, forecastCategories } from "../category/category.ts";
import { readCategories } from "../category/category-of.ts";
import type { ForecastingContext } from "../parts.ts";
import { type AskedScope, askScope, checkedQuery, scopeFields } from "../roll-up/ask-forecast.ts";
import { type ManagerNode, readManagers } from "../roll-up/managers.ts";
import { addTallies, byMethod, type CategoryTallies } from "../roll-up/tally.ts";
import type { AdjustmentRecord } from "./adjustment-input.ts";
import { type FigureMaker, figureMaker } from "./figure-maker.ts";
import { type JudgedTree, judgedFigures } from "./judged-figures.ts";
import type { JudgedForecast, JudgedQuery, JudgedTeam, JudgedUser } from "./judged-line.ts";
import { judgedPeriod, periodSchema, type StoredPeriod } from "./judged-period.ts";
import { NO_FIGURES, readOwn } from "./own-figures.ts";
import { progressOf, type QuotaProgress } from "./progress.ts";
import type { QuotaRecord } from "./quotas.ts";
import { standingAdjustments, tallyOfSaid } from "./standing.ts";

const QUERY = "judgedForecast";

const schema = z.strictObject({
  period: periodSchema,
  asOf: scopeFields.asOf,
  method: scopeFields.method,
  measure: scopeFields.measure,
  credit: scopeFields.credit,
  convert: scopeFields.convert,
  under: scopeFields.under,
  category: z.enum(forecastCategories).optional(),
});

/**
 * @throws `invalid_input`, `missing_rate`, `stage_without_category`, `hierarchy_cycle`; `not_found` for `under`
 */
export async function judgedForecast(context: ForecastingContext, given: JudgedQuery): Promise<JudgedForecast> {
  const { period: name, category, ...scope } = checkedQuery(QUERY, schema, given);
  const asked = await askScope(context, QUERY, scope);
  const { at, method, measure, credit, convert, under } = asked;
  const { period, ...stored } = judgedPeriod(asked.settings, name, QUERY);
  const managers = await readManagers(at);
  const nodes = under === undefined ? managers.nodes : managers.atOrUnder(under);
  const users = under === undefined ? undefined : nodes.map(({ id }) => id);
  const categories = await readCategories(at);
  const days = { from: period.from, until: period.until };
  const own = await readOwn(asked, categories, { ...days, line: { user: true }, users });
  const shown = new Set(nodes.map(({ id }) => id));
  const standing = await standingAdjustments(at, { ...stored, method, measure, credit }, shown);
  // Teams are left out where only some users are asked for: so are all rates that their quotas would need.
  const quotas = (await quotasOf(asked, stored)).filter(({ userId }) =>
    userId === null ? under === undefined : shown.has(userId),
  );
  const needsTeams = quotas.some(({ teamId }) => teamId !== null);
  const ofTeams = needsTeams
    ? await readOwn(asked, categories, { ...days, line: { path: ["teamId"] } })
    : new Map<string, CategoryTallies>();
  const figures = await figureMaker(asked, { own: [...own.values(), ...ofTeams.values()], ...standing, quotas });
  const managerOf = new Map(managers.nodes.map(({ id, managerId }) => [id, managerId]));
  const tree: JudgedTree = { userIds: nodes.map(({ id }) => id), managerOf, own, method, records: standing.records };
  return {
    asOf: at.now(),
    period: { unit: period.unit, name: period.name, from: period.from, until: period.until },
    ...{ method, measure, credit, convert: convert ?? null },
    users: usersOf(nodes, { tree, figures, quotas, categories: category ? [category] : forecastCategories }),
    teams: needsTeams ? await teamsOf(at, { quotas, ofTeams, figures }) : [],
    setAside: standing.ofOtherMethod + (convert ? 0 : standing.records.filter(isOfWhole).length),
  };
}

/** Shown only where figures are converted. */
function isOfWhole({ amount, currency }: AdjustmentRecord): boolean {
  return amount !== null && currency === "";
}

async function quotasOf({ at, measure }: AskedScope, { periodUnit, periodStart }: StoredPeriod) {
  const where = { periodUnit, periodStart, measure };
  return Array.fromAsync(at.forecastQuotas.iterate({ where }));
}

interface Shown {
  readonly tree: JudgedTree;
  readonly figures: FigureMaker;
  readonly quotas: readonly QuotaRecord[];
  readonly categories: readonly ForecastCategory[];
}

/** Whoever has left is shown with what is there still, and with whom is below. */
function usersOf(nodes: readonly ManagerNode[], { tree, figures, quotas, categories }: Shown): readonly JudgedUser[] {
  const byUser = new Map(quotas.flatMap((quota) => (quota.userId === null ? [] : [[quota.userId, quota] as const])));
  const byCategory = categories.map((category) => judgedFigures(tree, category, figures));
  const totals = totalsOf(tree);
  const judged = new Set(tree.records.map(({ userId }) => userId));
  const kept = keptOf(nodes, (id) => tree.own.has(id) || byUser.has(id) || judged.has(id));
  const top = nodes[0]?.depth ?? 0;
  return nodes.flatMap(({ id, name, managerId, depth }, place) => {
    if (!kept.has(id)) return [];
    const quota = byUser.get(id);
    return [
      {
        ...{ userId: id, name, managerId: place === 0 ? null : managerId, depth: depth - top },
        figures: byCategory.map((each) => each.get(id)!),
        quota: quota ? progress(quota, totals.get(id) ?? NO_FIGURES, figures) : null,
      },
    ];
  });
}

function keptOf(nodes: readonly ManagerNode[], hasSomething: (id: string) => boolean): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const { id, managerId, active } of nodes.toReversed()) {
    if (!active && !kept.has(id) && !hasSomething(id)) continue;
    kept.add(id);
    if (managerId !== null) kept.add(managerId);
  }
  return kept;
}

/** What is closed and what is open, of each user with all below. */
function totalsOf({ userIds, managerOf, own }: JudgedTree): ReadonlyMap<string, CategoryTallies> {
  const totals = new Map<string, CategoryTallies>(own);
  for (const id of userIds.toReversed()) {
    const managerId = managerOf.get(id);
    const mine = totals.get(id);
    if (!mine || managerId === null || managerId === undefined) continue;
    totals.set(managerId, sumOf(totals.get(managerId) ?? NO_FIGURES, mine));
  }
  return totals;
}

function sumOf(a: CategoryTallies, b: CategoryTallies): CategoryTallies {
  return Object.fromEntries(forecastCategories.map((each) => [each, addTallies(a[each], b[each])])) as never;
}

function progress(quota: QuotaRecord, own: CategoryTallies, figures: FigureMaker): QuotaProgress {
  const { unitsOf, figureOf } = figures.allIn(quota.amount?.currency ?? "");
  const open = byMethod("cumulative", own).pipeline;
  return progressOf({ quota: unitsOf(tallyOfSaid(quota)), closed: unitsOf(own.closed), open: unitsOf(open) }, figureOf);
}

interface TeamsShown {
  readonly quotas: readonly QuotaRecord[];
  readonly ofTeams: ReadonlyMap<string, CategoryTallies>;
  readonly figures: FigureMaker;
}

async function teamsOf(
  at: ForecastingContext,
  { quotas, ofTeams, figures }: TeamsShown,
): Promise<readonly JudgedTeam[]> {
  const names = new Map<string, string>();
  const where = { id: { in: quotas.flatMap(({ teamId }) => teamId ?? []) } };
  for await (const { id, name } of at.teams.iterate({ where, archived: "include" })) names.set(id, name);
  const teams = quotas.flatMap((quota) => {
    if (quota.teamId === null) return [];
    const own = ofTeams.get(quota.teamId) ?? NO_FIGURES;
    return [{ teamId: quota.teamId, name: names.get(quota.teamId)!, quota: progress(quota, own, figures) }];
  });
  return teams.sort((a, b) => compareText(a.name, b.name) || compareText(a.teamId, b.teamId));
}
