/** Every suite of the domain. */
import type { CrmSuite } from "../crm-suites/crm-bench.ts";
import { activities } from "./activities.ts";
import { amounts } from "./amounts.ts";
import { board } from "./board.ts";
import { cloning } from "./cloning.ts";
import { contactRoles } from "./contact-roles.ts";
import { deletions } from "./deletions.ts";
import { firstUse } from "./first-use.ts";
import { hierarchies } from "./hierarchies.ts";
import { moving } from "./moving.ts";
import { movingMany, stays } from "./moving-many.ts";
import { pipelines } from "./pipelines.ts";
import { primaryContacts } from "./primary-contacts.ts";
import { products } from "./products.ts";
import { splits } from "./splits.ts";
import { starting } from "./starting.ts";

export const allDomainSuites: readonly CrmSuite[] = [
  firstUse,
  pipelines,
  starting,
  moving,
  movingMany,
  stays,
  board,
  contactRoles,
  primaryContacts,
  splits,
  amounts,
  products,
  cloning,
  hierarchies,
  activities,
  deletions,
];
