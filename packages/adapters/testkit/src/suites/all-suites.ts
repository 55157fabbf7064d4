/** Every suite, in the order in which an adapter is best written. */
import type { Suite } from "../bench/fact.ts";
import { asOf } from "./as-of.ts";
import { bigValues } from "./big-values.ts";
import { closing } from "./closing.ts";
import { columnRules } from "./column-rules.ts";
import { figureFacts } from "./figures.ts";
import { foreignKeys } from "./foreign-keys.ts";
import { groups } from "./groups.ts";
import { history } from "./history.ts";
import { includes } from "./includes.ts";
import { isolation } from "./isolation.ts";
import { joining } from "./joining.ts";
import { keysetPages } from "./keyset-pages.ts";
import { locks } from "./locks.ts";
import { migrations } from "./migrations.ts";
import { nestedIncludes } from "./nested-includes.ts";
import { nullLogic } from "./null-logic.ts";
import { order } from "./order.ts";
import { predicates } from "./predicates.ts";
import { relations } from "./relations.ts";
import { savepoints } from "./savepoints.ts";
import { schemaChanges } from "./schema-changes.ts";
import { sharing } from "./sharing.ts";
import { specification } from "./specification.ts";
import { tenants } from "./tenants.ts";
import { text } from "./text.ts";
import { transactions } from "./transactions.ts";
import { traverse } from "./traverse.ts";
import { treePaths } from "./tree-paths.ts";
import { trees } from "./trees.ts";
import { uniqueRules } from "./unique-rules.ts";
import { widening } from "./widening.ts";
import { writes } from "./writes.ts";

export const allSuites: readonly Suite[] = [
  migrations,
  widening,
  schemaChanges,
  columnRules,
  predicates,
  nullLogic,
  text,
  order,
  keysetPages,
  relations,
  trees,
  treePaths,
  traverse,
  includes,
  nestedIncludes,
  figureFacts,
  groups,
  writes,
  uniqueRules,
  foreignKeys,
  transactions,
  savepoints,
  locks,
  history,
  asOf,
  isolation,
  sharing,
  tenants,
  bigValues,
  joining,
  closing,
  specification,
];
