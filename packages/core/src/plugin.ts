/** For plugin authors: entities, fields, and the plugin interface. */
export type { ContextOf } from "./crm.ts";
export { definePlugin } from "./crm.ts";
export type { Normalized } from "./domain/contact/normalized.ts";
export type { PhoneNumbers } from "./domain/contact/phone-plugin.ts";
export type { Core } from "./domain/domain.ts";
export type { InputIssue } from "./errors.ts";
export { CrmError } from "./errors.ts";
export type { Entity } from "./kernel/entity/define-entity.ts";
export { defineEntity } from "./kernel/entity/define-entity.ts";
export type { FieldBuilder, ReferenceBuilder } from "./kernel/entity/fields.ts";
export {
  appReference,
  boolean,
  date,
  decimal,
  instant,
  integer,
  json,
  money,
  oneOf,
  reference,
  text,
} from "./kernel/entity/fields.ts";
export { inputIssues, invalidInput } from "./kernel/entity/input-issues.ts";
export type { Part, Shape } from "./kernel/entity/model.ts";
export type { CrmEvent } from "./kernel/event/event.ts";
export type { KernelPlugin } from "./kernel/kernel-plugin.ts";
export type { Conversion, Migration } from "./kernel/migration/define-migration.ts";
export { convert } from "./kernel/migration/define-migration.ts";
export type { PluginContext, Subscribers } from "./kernel/plugin/define-plugin.ts";
export type { Hooks } from "./kernel/plugin/hook.ts";
export type { AnyPlugin, Plugin } from "./kernel/plugin/plugin.ts";
export type { NewRecordOf, PatchOf, RecordOf } from "./kernel/plugin/record-of.ts";
export { avg, count, countDistinct, max, min, sum } from "./kernel/repository/aggregate.ts";
export { dayOf, daysBetween, isDate } from "./kernel/value/calendar.ts";
export { isUuid } from "./kernel/value/id.ts";
export type { Money } from "./kernel/value/money.ts";
export { textProblem } from "./kernel/value/text.ts";
