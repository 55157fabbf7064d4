/** For plugin authors: entities, fields, and the plugin interface. */
export type { ContextOf } from "./crm.ts";
export { definePlugin } from "./crm.ts";
export type {
  CalendarSettings,
  FiscalCalendar,
  FiscalPeriod,
  FiscalUnit,
  MonthsCalendar,
  WeeksCalendar,
} from "./domain/calendar/fiscal-calendar.ts";
export { fiscalPeriod, fiscalPeriodOf, fiscalPeriodsOf, shiftFiscalPeriod } from "./domain/calendar/fiscal-calendar.ts";
export type { Normalized } from "./domain/contact-point/normalized.ts";
export type { PhoneNumbers } from "./domain/contact-point/phone-plugin.ts";
export type { Core } from "./domain/domain.ts";
export { type GuardedStage, guardStages, type StagePassage } from "./domain/pipeline/guard-stages.ts";
export type { StandardPipeline } from "./domain/pipeline/pipeline-definition.ts";
export {
  defineStageEntry,
  lifecycleFields,
  pipelineFields,
  stageProbability,
} from "./domain/pipeline/pipeline-fields.ts";
export { type MoveValues, type Pipelined, pipelined } from "./domain/pipeline/pipelined.ts";
export type { PipelinedOperations } from "./domain/pipeline/pipelined-operations.ts";
export { rateOf } from "./domain/pipeline-report/rate.ts";
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
export type { BaseFields, FilterOf, Part, Shape } from "./kernel/entity/model.ts";
export type { CrmEvent } from "./kernel/event/event.ts";
export type { KernelPlugin } from "./kernel/kernel-plugin.ts";
export { loadedFunction, loadedFunctions } from "./kernel/loaded.ts";
export type { AbortSignalLike, LongWork } from "./kernel/long-work.ts";
export type { Conversion, Migration } from "./kernel/migration/define-migration.ts";
export { convert } from "./kernel/migration/define-migration.ts";
export type { AnyRecord, AnyRepository, EntityDescription, FieldDescription } from "./kernel/plugin/any-repository.ts";
export type { PluginContext, Subscribers } from "./kernel/plugin/define-plugin.ts";
export type { EntityHooks, Hooks } from "./kernel/plugin/hook.ts";
export type { AnyPlugin, Plugin } from "./kernel/plugin/plugin.ts";
export type { CalendarPeriod, FiscalBucket, Provided, TenantCalendar, WantedRate } from "./kernel/plugin/provided.ts";
export type { NewRecordOf, PatchOf, RecordOf } from "./kernel/plugin/record-of.ts";
export type {
  RecordReference,
  TimelineItem,
  TimelinePart,
  TimelineRequest,
  TimelineSources,
} from "./kernel/plugin/timeline-part.ts";
export { timelineWhere } from "./kernel/plugin/timeline-part.ts";
export type { Measure } from "./kernel/repository/aggregate.ts";
export { avg, count, countDistinct, max, min, sum } from "./kernel/repository/aggregate.ts";
export type { MissingRate } from "./kernel/repository/missing-rates.ts";
export { missingRates } from "./kernel/repository/missing-rates.ts";
export type { FoundRecord, SearchHit, SearchMatch } from "./kernel/repository/search-hit.ts";
export { decodeCursor, encodeCursor } from "./kernel/storage/cursor.ts";
export type { Weekday } from "./kernel/value/calendar.ts";
export {
  addDays,
  addMonths,
  dayAt,
  dayNumberOf,
  dayOf,
  daysBetween,
  firstOfMonth,
  isDate,
  lastWeekday,
  weekdays,
} from "./kernel/value/calendar.ts";
export { minorDigitsOf } from "./kernel/value/currency.ts";
export { addDecimals } from "./kernel/value/decimal.ts";
export { fingerprint } from "./kernel/value/fingerprint.ts";
export { isUuid } from "./kernel/value/id.ts";
export type { Money } from "./kernel/value/money.ts";
export { addMoney } from "./kernel/value/money.ts";
export { multiplyMoney } from "./kernel/value/multiply-money.ts";
export type { ConvertedPart, Ratio } from "./kernel/value/ratio.ts";
export { convertMoney, inverseOf, isMoney, ratioOf, sumConverted, timesRatio } from "./kernel/value/ratio.ts";
export { shareOut } from "./kernel/value/share-out.ts";
export { compareText, foldText, textProblem } from "./kernel/value/text.ts";
export type { TimeZone } from "./kernel/value/time-zone.ts";
export { dayIn, isTimeZone, timeZoneOf } from "./kernel/value/time-zone.ts";
