/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { activities } from "./activities.ts";
import { amounts } from "./amounts.ts";
import { attachments } from "./attachments.ts";
import { betweenPipelines } from "./between-pipelines.ts";
import { board } from "./board.ts";
import { cloning } from "./cloning.ts";
import { contactRoles } from "./contact-roles.ts";
import { deletions } from "./deletions.ts";
import { guards, lostReasons, requiredFields } from "./entering-stages.ts";
import { exchangeRates } from "./exchange-rates.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { lifecycles } from "./lifecycles.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
import { otherEntities } from "./other-entities.ts";
import { queues, transfers } from "./ownership.ts";
import { pipelines } from "./pipelines.ts";
import { primaryContacts } from "./primary-contacts.ts";
import { products } from "./products.ts";
import { settings } from "./settings.ts";
import { splits } from "./splits.ts";
import { stagesInUse } from "./stages-in-use.ts";
import { starting } from "./starting.ts";
import { tags } from "./tags.ts";
import { favorites, savedViews } from "./views.ts";

export const allDomainSuites: readonly CrmSuite[] = [
  firstUse,
  pipelines,
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
  deletions,
  settings,
  exchangeRates,
];
