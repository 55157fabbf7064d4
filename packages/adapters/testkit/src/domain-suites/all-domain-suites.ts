/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { activities } from "./activities.ts";
import { affiliationSuite } from "./affiliations.ts";
import { board } from "./board.ts";
import { contactPointRules } from "./contact-point-rules.ts";
import { contactPoints } from "./contact-points.ts";
import { primariesAtRandom } from "./contact-points-at-random.ts";
import { deletions } from "./deletions.ts";
import { externalIds } from "./external-ids.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
import { people } from "./people.ts";
import { permissions } from "./permissions.ts";
import { pipelines } from "./pipelines.ts";
import { starting } from "./starting.ts";

export const allDomainSuites: readonly CrmSuite[] = [
  firstUse,
  pipelines,
  starting,
  moving,
  movingMany,
  stays,
  board,
  hierarchies,
  activities,
  deletions,
  contactPoints,
  contactPointRules,
  primariesAtRandom,
  affiliationSuite,
  permissions,
  people,
  externalIds,
];
