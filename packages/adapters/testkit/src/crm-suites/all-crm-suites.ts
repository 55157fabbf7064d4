/** Every suite of a CRM's behaviour, from single records to several units at once. */
import { archive } from "./archive.ts";
import { asOf } from "./as-of.ts";
import { badPlugins } from "./bad-plugins.ts";
import { badQueries } from "./bad-queries.ts";
import { badShapes } from "./bad-shapes.ts";
import { badValues } from "./bad-values.ts";
import { committedHooks } from "./committed-hooks.ts";
import { concurrency } from "./concurrency.ts";
import { convertedFigures } from "./converted-figures.ts";
import { creations } from "./creations.ts";
import type { CrmSuite } from "./crm-bench.ts";
import { cursors } from "./cursors.ts";
import { dating } from "./dating.ts";
import { deletions } from "./deletions.ts";
import { erasing } from "./erasing.ts";
import { events } from "./events.ts";
import { figures } from "./figures.ts";
import { filters } from "./filters.ts";
import { groups } from "./groups.ts";
import { hints } from "./hints.ts";
import { hookLimits } from "./hook-limits.ts";
import { hooks } from "./hooks.ts";
import { idempotency } from "./idempotency.ts";
import { impact } from "./impact.ts";
import { includes } from "./includes.ts";
import { joining } from "./joining.ts";
import { json } from "./json.ts";
import { liveReferences } from "./live-references.ts";
import { locking } from "./locking.ts";
import { manyVersions } from "./many-versions.ts";
import { merging } from "./merging.ts";
import { mergingReferences } from "./merging-references.ts";
import { mergingUnits } from "./merging-units.ts";
import { outbox } from "./outbox.ts";
import { outerHandles } from "./outer-handles.ts";
import { pages } from "./pages.ts";
import { pluginConflicts } from "./plugin-conflicts.ts";
import { pluginParts } from "./plugin-parts.ts";
import { plugins } from "./plugins.ts";
import { poisonedHooks } from "./poisoned-hooks.ts";
import { polymorphic } from "./polymorphic.ts";
import { prototypeKeys } from "./prototype-keys.ts";
import { queriesShown } from "./queries-shown.ts";
import { records } from "./records.ts";
import { relationFilters } from "./relation-filters.ts";
import { search } from "./search.ts";
import { searchAll } from "./search-all.ts";
import { searchAlong } from "./search-along.ts";
import { searchRandom } from "./search-random.ts";
import { searchScripts } from "./search-scripts.ts";
import { sharedClock } from "./shared-clock.ts";
import { sharedDrains } from "./shared-drains.ts";
import { spikes } from "./spikes.ts";
import { spikesTrees } from "./spikes-trees.ts";
import { tenantBuckets } from "./tenant-buckets.ts";
import { tenantMatrix } from "./tenant-matrix.ts";
import { tenants } from "./tenants.ts";
import { textFilters } from "./text-filters.ts";
import { transactionOptions } from "./transaction-options.ts";
import { traverse } from "./traverse.ts";
import { treePaths } from "./tree-paths.ts";
import { treePathsRandom } from "./tree-paths-random.ts";
import { trees } from "./trees.ts";
import { units } from "./units.ts";
import { erasingMerged, unmerging } from "./unmerging.ts";
import { updates } from "./updates.ts";
import { upserts } from "./upserts.ts";
import { validations } from "./validations.ts";
import { versions } from "./versions.ts";

export const allCrmSuites: readonly CrmSuite[] = [
  records,
  archive,
  filters,
  relationFilters,
  textFilters,
  search,
  searchAll,
  searchAlong,
  searchScripts,
  searchRandom,
  trees,
  treePaths,
  treePathsRandom,
  traverse,
  spikesTrees,
  includes,
  pages,
  creations,
  updates,
  upserts,
  deletions,
  impact,
  merging,
  mergingReferences,
  mergingUnits,
  unmerging,
  liveReferences,
  polymorphic,
  asOf,
  versions,
  manyVersions,
  erasing,
  erasingMerged,
  validations,
  concurrency,
  figures,
  groups,
  convertedFigures,
  tenantBuckets,
  outerHandles,
  units,
  transactionOptions,
  idempotency,
  locking,
  dating,
  joining,
  json,
  queriesShown,
  hooks,
  hookLimits,
  poisonedHooks,
  committedHooks,
  events,
  outbox,
  sharedDrains,
  hints,
  sharedClock,
  pluginConflicts,
  badPlugins,
  plugins,
  pluginParts,
  tenants,
  tenantMatrix,
  badQueries,
  badShapes,
  badValues,
  cursors,
  prototypeKeys,
  spikes,
];
