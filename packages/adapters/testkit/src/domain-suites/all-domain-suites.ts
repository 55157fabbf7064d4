/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { scenario } from "../scenario/scenario.ts";
import { activities } from "./activities.ts";
import { activityRules } from "./activity-rules.ts";
import { affiliationSuite } from "./affiliations.ts";
import { agenda } from "./agenda.ts";
import { amounts } from "./amounts.ts";
import { attachments } from "./attachments.ts";
import { betweenPipelines } from "./between-pipelines.ts";
import { board } from "./board.ts";
import { cloning } from "./cloning.ts";
import { contactPointRules } from "./contact-point-rules.ts";
import { contactPoints } from "./contact-points.ts";
import { primariesAtRandom } from "./contact-points-at-random.ts";
import { contactRoles } from "./contact-roles.ts";
import { conversions } from "./conversions.ts";
import { deletions } from "./deletions.ts";
import { durations } from "./durations.ts";
import { guards, lostReasons, requiredFields } from "./entering-stages.ts";
import { exchangeRates } from "./exchange-rates.ts";
import { externalIds } from "./external-ids.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { knownPipelines } from "./known-pipelines.ts";
import { lifecycles } from "./lifecycles.ts";
import { lostRaces } from "./lost-races.ts";
import { merging } from "./merging.ts";
import { mergingOpportunities } from "./merging-opportunities.ts";
import { mergingParties } from "./merging-parties.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
import { otherEntities } from "./other-entities.ts";
import { queues, transfers } from "./ownership.ts";
import { participants } from "./participants.ts";
import { people } from "./people.ts";
import { permissions } from "./permissions.ts";
import { pipelines } from "./pipelines.ts";
import { placing } from "./placing.ts";
import { primaryContacts } from "./primary-contacts.ts";
import { products } from "./products.ts";
import { reminders } from "./reminders.ts";
import { settings } from "./settings.ts";
import { splits } from "./splits.ts";
import { stagesInUse } from "./stages-in-use.ts";
import { starting } from "./starting.ts";
import { tags } from "./tags.ts";
import { timeline } from "./timeline.ts";
import { favorites, savedViews } from "./views.ts";
import { waiting } from "./waiting.ts";
import { wholeDeletions } from "./whole-deletions.ts";
import { winRates } from "./win-rates.ts";

export const allDomainSuites: readonly CrmSuite[] = [
  firstUse,
  pipelines,
  knownPipelines,
  starting,
  moving,
  movingMany,
  stays,
  requiredFields,
  lostReasons,
  guards,
  lifecycles,
  betweenPipelines,
  stagesInUse,
  otherEntities,
  board,
  placing,
  waiting,
  conversions,
  durations,
  winRates,
  contactRoles,
  primaryContacts,
  splits,
  amounts,
  products,
  cloning,
  hierarchies,
  activities,
  queues,
  transfers,
  tags,
  attachments,
  favorites,
  savedViews,
  activityRules,
  participants,
  reminders,
  agenda,
  timeline,
  deletions,
  settings,
  exchangeRates,
  merging,
  mergingOpportunities,
  mergingParties,
  wholeDeletions,
  contactPoints,
  contactPointRules,
  primariesAtRandom,
  affiliationSuite,
  permissions,
  people,
  externalIds,
  lostRaces,
  scenario,
];
