/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { activities } from "./activities.ts";
import { board } from "./board.ts";
import { deletions } from "./deletions.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { merging } from "./merging.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
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
  merging,
];
