/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { activities } from "./activities.ts";
import { board } from "./board.ts";
import { conversions } from "./conversions.ts";
import { deletions } from "./deletions.ts";
import { durations } from "./durations.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
import { otherEntities } from "./other-entities.ts";
import { pipelines } from "./pipelines.ts";
import { placing } from "./placing.ts";
import { settings } from "./settings.ts";
import { starting } from "./starting.ts";
import { waiting } from "./waiting.ts";
import { winRates } from "./win-rates.ts";

export const allDomainSuites: readonly CrmSuite[] = [
  firstUse,
  pipelines,
  starting,
  moving,
  movingMany,
  stays,
  otherEntities,
  board,
  placing,
  waiting,
  conversions,
  durations,
  winRates,
  hierarchies,
  activities,
  deletions,
  settings,
];
