/** The entities of the domain, and what its own operations and hooks see. */
import type { Entity } from "../kernel/entity/define-entity.ts";
import type { ShapesOf } from "../kernel/entity/model.ts";
import type { PluginContext } from "../kernel/plugin/define-plugin.ts";
import { account, accountStageEntry } from "./account/account.ts";
import { accountDomain } from "./account/account-domain.ts";
import { activity } from "./activity/activity.ts";
import { activityLink } from "./activity/activity-link.ts";
import { activityParticipant } from "./activity/activity-participant.ts";
import { reminderDue } from "./activity/reminder-due.ts";
import { attachment } from "./attachment/attachment.ts";
import { affiliation } from "./contact/affiliation.ts";
import { contact, contactStageEntry } from "./contact/contact.ts";
import { contactRestriction } from "./contact/contact-restriction.ts";
import { emailAddress } from "./contact-point/email-address.ts";
import { phoneNumber } from "./contact-point/phone-number.ts";
import type { MayHavePhone } from "./contact-point/phone-plugin.ts";
import { postalAddress } from "./contact-point/postal-address.ts";
import { exchangeRate } from "./exchange-rate/exchange-rate.ts";
import { externalId } from "./external-id/external-id.ts";
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
import { stageChangeSchema } from "./pipeline/stage-changed.ts";
import { settings } from "./settings/settings.ts";
import { tag } from "./tag/tag.ts";
import { tagging } from "./tag/tagging.ts";
import { team } from "./user/team.ts";
import { user } from "./user/user.ts";
import { favorite } from "./view/favorite.ts";
import { savedView } from "./view/saved-view.ts";

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
  tag,
  tagging,
  attachment,
  favorite,
  savedView,
  settings,
  exchangeRate,
] as const satisfies readonly Entity[];

/** What the domain tells of besides the writes of records. */
export const events = {
  "activity.reminder_due": reminderDue,
  "account.stage_changed": stageChangeSchema,
  "contact.stage_changed": stageChangeSchema,
  "opportunity.stage_changed": stageChangeSchema,
};

export type DomainModel = ShapesOf<typeof entities>;
export type DomainContext = PluginContext<readonly [], [], typeof entities, {}, {}, readonly [], {}, typeof events> &
  MayHavePhone;
