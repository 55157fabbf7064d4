/** The entities of the domain, and what its own operations and hooks see. */
import type { Entity } from "../kernel/entity/define-entity.ts";
import type { ShapesOf } from "../kernel/entity/model.ts";
import type { PluginContext } from "../kernel/plugin/define-plugin.ts";
import { account } from "./account/account.ts";
import { activity } from "./activity/activity.ts";
import { activityLink } from "./activity/activity-link.ts";
import { contact } from "./contact/contact.ts";
import { exchangeRate } from "./exchange-rate/exchange-rate.ts";
import { opportunity } from "./opportunity/opportunity.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { stage } from "./pipeline/stage.ts";
import { stageEntry } from "./pipeline/stage-entry.ts";
import { settings } from "./settings/settings.ts";
import { team } from "./user/team.ts";
import { user } from "./user/user.ts";

export const entities = [
  user,
  team,
  account,
  contact,
  pipeline,
  stage,
  opportunity,
  stageEntry,
  activity,
  activityLink,
  settings,
  exchangeRate,
] as const satisfies readonly Entity[];

export type DomainModel = ShapesOf<typeof entities>;
export type DomainContext = PluginContext<readonly [], [], typeof entities, {}, {}>;
