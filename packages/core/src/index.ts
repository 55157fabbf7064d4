/** For applications: make a CRM, name its records, ask for figures, handle its errors. */
export type { MigrationOptions } from "./crm.ts";
export { createCrm } from "./crm.ts";
export type { AccountOperations } from "./domain/account/accounts.ts";
export type { ActivityOperations } from "./domain/activity/activities.ts";
export type { Agenda, AgendaQuery } from "./domain/activity/agenda.ts";
export type { ParticipantInput } from "./domain/activity/participants.ts";
export type { Reminded, RemindOptions } from "./domain/activity/reminders.ts";
export type { TimelineEntry, TimelineQuery } from "./domain/activity/timeline.ts";
export type { FileStorage, Files, NewFile } from "./domain/attachment/files.ts";
export { files } from "./domain/attachment/files.ts";
export type { BoardColumn, BoardColumnQuery, BoardQuery, ConvertedSums } from "./domain/board/board.ts";
export type { BoardOperations } from "./domain/board/board-operations.ts";
export type { Place } from "./domain/board/place-record.ts";
export type { FiscalCalendar, FiscalPeriod, FiscalUnit } from "./domain/calendar/fiscal-calendar.ts";
export { fiscalPeriod, fiscalPeriodOf, fiscalPeriodsOf, shiftFiscalPeriod } from "./domain/calendar/fiscal-calendar.ts";
export type { AffiliatedQuery } from "./domain/contact/affiliations.ts";
export type { BirthdayQuery } from "./domain/contact/birthdays.ts";
export type { ContactOperations } from "./domain/contact/contacts.ts";
export type { LookUpOptions } from "./domain/contact/find-parties.ts";
export type { NameQuery } from "./domain/contact/list-by-name.ts";
export type { Permission, PermissionQuery, PermissionReason } from "./domain/contact/may-contact.ts";
export type { NameForm, NameParts } from "./domain/contact/names.ts";
export { contactDisplay } from "./domain/contact/names.ts";
export type { NormalizedAgain, NormalizeOptions } from "./domain/contact-point/normalize-phones.ts";
export type { PhoneNumberOperations } from "./domain/contact-point/phone-numbers.ts";
export type { Core, Domain } from "./domain/domain.ts";
export type { ExchangeRateOperations, MoneyConversion } from "./domain/exchange-rate/exchange-rates.ts";
export type { ExternalIdOperations, ExternalIdQuery } from "./domain/external-id/external-ids.ts";
export { type ExternalRecord, upsertByExternalId } from "./domain/external-id/upsert-by-external-id.ts";
export type { CloneChanges, CloneOperations } from "./domain/opportunity/clone-opportunity.ts";
export type { OpportunityOperations } from "./domain/opportunity/opportunities.ts";
export type { ContactRoleOperations, NewContactRole } from "./domain/opportunity/opportunity-contacts.ts";
export type { Split, SplitKind, SplitOperations } from "./domain/opportunity/opportunity-splits.ts";
export type { Assignment, AssignResult, InQueue, QueueOperations } from "./domain/ownership/queues.ts";
export { type GuardedStage, guardStages, type StagePassage } from "./domain/pipeline/guard-stages.ts";
export type { PipelineDefinition, StageDefinition, StandardPipeline } from "./domain/pipeline/pipeline-definition.ts";
export {
  defineStageEntry,
  lifecycleFields,
  pipelineFields,
  stageProbability,
} from "./domain/pipeline/pipeline-fields.ts";
export { type Pipelined, pipelined } from "./domain/pipeline/pipelined.ts";
export type { PipelinedOperations } from "./domain/pipeline/pipelined-operations.ts";
export type { DefinedPipeline } from "./domain/pipeline/pipelines.ts";
export type { PipelineReports } from "./domain/pipeline-report/pipeline-reports.ts";
export type { ReportPeriod } from "./domain/pipeline-report/report-query.ts";
export type { ReportedCurrency } from "./domain/pipeline-report/reported-currency.ts";
export type { ConversionQuery, StageConversion } from "./domain/pipeline-report/stage-conversion.ts";
export type { StaleRecord } from "./domain/pipeline-report/stale-records.ts";
export type { Durations, TimeInStage, TimeInStageQuery } from "./domain/pipeline-report/time-in-stage.ts";
export type { WaitingQuery } from "./domain/pipeline-report/waiting-pages.ts";
export type { WinRate, WinRateQuery } from "./domain/pipeline-report/win-rate.ts";
export type { Settings, SettingsOperations } from "./domain/settings/tenant-settings.ts";
export type { TagOperations } from "./domain/tag/tags.ts";
export type { TransferOptions, TransferReport, UserOperations } from "./domain/user/users.ts";
export type { Favorite, FavoriteOperations } from "./domain/view/favorites.ts";
export type { SavedViewOperations } from "./domain/view/saved-views.ts";
export type { CrmErrorCode, CrmErrorDetails, InputIssue } from "./errors.ts";
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
export type { Part, Shape } from "./kernel/entity/model.ts";
export type { CrmEvent } from "./kernel/event/event.ts";
export type { DeliveryOperations, DrainCounts, DrainOptions, OutboxOptions } from "./kernel/event/outbox.ts";
export type { KernelPlugin } from "./kernel/kernel-plugin.ts";
export type { AbortSignalLike, LongWork } from "./kernel/long-work.ts";
export type { Conversion, Migration } from "./kernel/migration/define-migration.ts";
export { convert } from "./kernel/migration/define-migration.ts";
export type { Risk } from "./kernel/migration/describe-step.ts";
export type { Leftover } from "./kernel/migration/leftovers.ts";
export type { MigrationPlan } from "./kernel/migration/migrate-all.ts";
export type { MigrationProgress } from "./kernel/migration/run-backfill.ts";
export type { PlannedStep } from "./kernel/migration/schema-work.ts";
export type { CrmOptions } from "./kernel/plugin/crm-options.ts";
export type { Crm, JoinedHandle, Model } from "./kernel/plugin/handle.ts";
export type { Plugin } from "./kernel/plugin/plugin.ts";
export type { NewRecordOf, PatchOf, RecordOf } from "./kernel/plugin/record-of.ts";
export type { RecordReference } from "./kernel/plugin/timeline-part.ts";
export { avg, count, countDistinct, max, min, sum } from "./kernel/repository/aggregate.ts";
export type { TreeProblem } from "./kernel/repository/check-trees.ts";
export type {
  Affected,
  AffectedBy,
  ChangedVersion,
  CreateResult,
  Erasure,
  FieldChange,
  Impact,
  Merged,
  MergeOptions,
  NodeDistance,
  Page,
  Path,
  Reached,
  ReachedRecord,
  RecordDistance,
  RecordVersion,
  Relative,
  Repository,
  Unmerged,
  UpsertResult,
  Verdict,
  VersionsQuery,
} from "./kernel/repository/repository.ts";
export type { FoundRecord, SearchHit, SearchMatch } from "./kernel/repository/search-hit.ts";
export type { ShownStatement } from "./kernel/storage/shown-statement.ts";
export type { IdempotencyKeyOperations } from "./kernel/unit-of-work/idempotency-keys.ts";
export type { Attempt, UnitOptions } from "./kernel/unit-of-work/unit-options.ts";
export type { Money } from "./kernel/value/money.ts";
export { dayIn } from "./kernel/value/time-zone.ts";
export { planMigrations, runMigrations } from "./migrate.ts";
