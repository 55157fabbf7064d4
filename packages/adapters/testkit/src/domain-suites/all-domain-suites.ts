/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { activities } from "./activities.ts";
import { activityRules } from "./activity-rules.ts";
import { agenda } from "./agenda.ts";
import { board } from "./board.ts";
import { deletions } from "./deletions.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
import { participants } from "./participants.ts";
import { pipelines } from "./pipelines.ts";
import { reminders } from "./reminders.ts";
import { settings } from "./settings.ts";
import { starting } from "./starting.ts";
import { timeline } from "./timeline.ts";

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
  activityRules,
  participants,
  reminders,
  agenda,
  timeline,
  deletions,
  settings,
];
