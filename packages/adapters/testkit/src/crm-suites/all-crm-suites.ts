/** Every suite of a CRM's behaviour, from single records to several units at once. */
import { archive } from "./archive.ts";
import { badQueries } from "./bad-queries.ts";
import { badShapes } from "./bad-shapes.ts";
import { badValues } from "./bad-values.ts";
import { concurrency } from "./concurrency.ts";
import { creations } from "./creations.ts";
import type { CrmSuite } from "./crm-bench.ts";
import { cursors } from "./cursors.ts";
import { dating } from "./dating.ts";
import { deletions } from "./deletions.ts";
import { figures } from "./figures.ts";
import { filters } from "./filters.ts";
import { groups } from "./groups.ts";
import { hooks } from "./hooks.ts";
import { includes } from "./includes.ts";
import { joining } from "./joining.ts";
import { json } from "./json.ts";
import { outerHandles } from "./outer-handles.ts";
import { pages } from "./pages.ts";
import { pluginConflicts } from "./plugin-conflicts.ts";
import { plugins } from "./plugins.ts";
import { prototypeKeys } from "./prototype-keys.ts";
import { queriesShown } from "./queries-shown.ts";
import { records } from "./records.ts";
import { relationFilters } from "./relation-filters.ts";
import { tenants } from "./tenants.ts";
import { textFilters } from "./text-filters.ts";
import { units } from "./units.ts";
import { updates } from "./updates.ts";
import { upserts } from "./upserts.ts";
import { validations } from "./validations.ts";

export const allCrmSuites: readonly CrmSuite[] = [
  records,
  archive,
  filters,
  relationFilters,
  textFilters,
  includes,
  pages,
  creations,
  updates,
  upserts,
  deletions,
  validations,
  concurrency,
  figures,
  groups,
  outerHandles,
  units,
  dating,
  joining,
  json,
  queriesShown,
  hooks,
  pluginConflicts,
  plugins,
  tenants,
  badQueries,
  badShapes,
  badValues,
  cursors,
  prototypeKeys,
];
