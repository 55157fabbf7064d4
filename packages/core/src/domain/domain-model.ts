/** The entities of the domain, and what its own operations and hooks see. */
import type { Entity } from "../kernel/entity/define-entity.ts";
import type { ShapesOf } from "../kernel/entity/model.ts";
import type { PluginContext } from "../kernel/plugin/define-plugin.ts";
import { account, accountStageEntry } from "./account/account.ts";
import { accountDomain } from "./account/account-domain.ts";
import { activity } from "./activity/activity.ts";
import { activityLink } from "./activity/activity-link.ts";
import { activityParticipant } from "./activity/activity-participant.ts";
import { affiliation } from "./contact/affiliation.ts";
import { contact, contactStageEntry } from "./contact/contact.ts";
import { contactRestriction } from "./contact/contact-restriction.ts";
import { emailAddress } from "./contact/email-address.ts";
import { externalId } from "./contact/external-id.ts";
import { phoneNumber } from "./contact/phone-number.ts";
import type { MayHavePhone } from "./contact/phone-plugin.ts";
import { postalAddress } from "./contact/postal-address.ts";
import { attachment } from "./label/attachment.ts";
import { favorite } from "./label/favorite.ts";
import { savedView } from "./label/saved-view.ts";
import { opportunity, opportunityStageEntry } from "./opportunity/opportunity.ts";
import { opportunityCompetitor } from "./opportunity/opportunity-competitor.ts";
import { opportunityContact } from "./opportunity/opportunity-contact.ts";
import { opportunityMember } from "./opportunity/opportunity-member.ts";
import { opportunityProduct } from "./opportunity/opportunity-product.ts";
import { opportunitySplit } from "./opportunity/opportunity-split.ts";
import { queue } from "./ownership/queue.ts";
import { queueMember } from "./ownership/queue-member.ts";
import { lostReason } from "./pipeline/lost-reason.ts";
import { phase } from "./pipeline/phase.ts";
import { pipeline } from "./pipeline/pipeline.ts";
import { stage } from "./pipeline/stage.ts";
import { team } from "./user/team.ts";
import { user } from "./user/user.ts";

export const entities = [
  user,
  team,
  queue,
  queueMember,
  account,
  accountDomain,
  // Before the contact whose employer it tells: a merge moves references in this order.
  affiliation,
  contact,
  emailAddress,
  phoneNumber,
  postalAddress,
  contactRestriction,
  externalId,
  pipeline,
  phase,
  stage,
  lostReason,
  opportunity,
  opportunityContact,
  opportunityMember,
  opportunitySplit,
  opportunityCompetitor,
  opportunityProduct,
  accountStageEntry,
  contactStageEntry,
  opportunityStageEntry,
  activity,
  activityLink,
  activityParticipant,
  attachment,
  favorite,
  savedView,
] as const satisfies readonly Entity[];

export type DomainModel = ShapesOf<typeof entities>;
export type DomainContext = PluginContext<readonly [], [], typeof entities, {}, {}> & MayHavePhone;
