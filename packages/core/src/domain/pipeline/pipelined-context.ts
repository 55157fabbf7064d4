/** A plugin's context as the code of pipelines sees it: one typed shape, whatever its records are called. Types are widened here only. */
import type { Entity } from "../../kernel/entity/define-entity.ts";
import type { FieldBuilder } from "../../kernel/entity/fields.ts";
import type { PatchInput, RecordOf, ShapesOf } from "../../kernel/entity/model.ts";
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import type { OperationRepository } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { Money } from "../../kernel/value/money.ts";
import { timeZoneOf } from "../../kernel/value/time-zone.ts";
import type { DomainContext } from "../domain-model.ts";
import { currentSettings, type Settings } from "../settings/tenant-settings.ts";
import type { lostReason } from "./lost-reason.ts";
import type { pipeline } from "./pipeline.ts";
import type { defineStageEntry, lifecycleFields, stageProbability } from "./pipeline-fields.ts";
import type { PipelinedEntity } from "./pipelined-entity.ts";
import type { PipelineOperations } from "./pipelines.ts";
import type { stage } from "./stage.ts";
import type { StageChange } from "./stage-changed.ts";

/** The fields that pipelines know of. Not every entity has a probability and an amount: `hasField` tells. */
type PipelinedFields = ReturnType<typeof lifecycleFields<"records">> & {
  readonly probability: ReturnType<typeof stageProbability>;
  readonly amount: FieldBuilder<"money", Money, "optional", "anyone">;
};
type StageEntry = ReturnType<typeof defineStageEntry<"stageEntry", "stageEntries", "record">>;

export interface PipelinedModel
  extends ShapesOf<
    readonly [
      typeof pipeline,
      typeof stage,
      typeof lostReason,
      Entity<"record", "records", PipelinedFields>,
      StageEntry,
    ]
  > {}
export type PipelinedRecord = RecordOf<PipelinedModel, "record">;
export type PipelinedPatch = PatchInput<PipelinedModel, "record">;
export type RecordWhere = Where<PipelinedModel, "record">;

/** What a `before` hook sees of a write. */
export interface ProposedRecord {
  readonly input: PipelinedPatch & { readonly id: string };
  readonly before?: PipelinedRecord;
}

/** What an `after` hook sees of it. */
export interface ChangedRecord {
  readonly before?: PipelinedRecord;
  readonly after?: PipelinedRecord;
}

export interface PipelinedContext extends Pick<DomainContext, "stages" | "phases" | "lostReasons" | "activityLinks"> {
  readonly entity: PipelinedEntity;
  /** The records that go through pipelines. */
  readonly records: OperationRepository<PipelinedModel, "record">;
  /** Their stays in stages. */
  readonly stays: OperationRepository<PipelinedModel, "stageEntry">;
  readonly pipelines: DomainContext["pipelines"] & PipelineOperations;
  readonly actorId: string | null;
  now(): Date;
  /** One query. */
  settings(): Promise<Settings>;
  /** What tells the organisation's day of an instant. One query. */
  dayOf(): Promise<(instant: Date) => string>;
  transaction<T>(work: (tx: PipelinedContext) => Promise<T>): Promise<T>;
  lock: ContextBase["lock"];
  lockSharedAtWrite: ContextBase["lockSharedAtWrite"];
  /** Tells of `entity.stage_changed`. */
  stagesChanged(changes: readonly { readonly recordId: string; readonly data: StageChange }[]): Promise<void>;
}

/** What every plugin's context is at run time. */
interface Widened
  extends ContextBase,
    Pick<PipelinedContext, "pipelines" | "stages" | "phases" | "lostReasons" | "activityLinks"> {
  readonly [plural: string]: unknown;
  transaction<T>(work: (tx: ContextBase) => Promise<T>): Promise<T>;
  emitMany(name: string, events: readonly { readonly recordId: string; readonly data: unknown }[]): Promise<void>;
}

/** Repositories are made when they are used. The context is the one of the plugin that declares the entity: it writes what operations write. */
export function pipelinedContext(context: ContextBase, entity: PipelinedEntity): PipelinedContext {
  return new WidenedContext(context as Widened, entity);
}

/** One is made for each hook that runs, so its members are on its prototype. */
class WidenedContext implements PipelinedContext {
  readonly #own: Widened;
  readonly entity: PipelinedEntity;

  constructor(own: Widened, entity: PipelinedEntity) {
    this.#own = own;
    this.entity = entity;
  }

  get records() {
    return this.#own[this.entity.plural] as PipelinedContext["records"];
  }
  get stays() {
    return this.#own[this.entity.stays] as PipelinedContext["stays"];
  }
  get pipelines() {
    return this.#own.pipelines;
  }
  get stages() {
    return this.#own.stages;
  }
  get phases() {
    return this.#own.phases;
  }
  get lostReasons() {
    return this.#own.lostReasons;
  }
  get activityLinks() {
    return this.#own.activityLinks;
  }
  get actorId() {
    return this.#own.actorId;
  }
  now() {
    return this.#own.now();
  }
  lock(...names: readonly string[]) {
    return this.#own.lock(...names);
  }
  lockSharedAtWrite(...names: readonly string[]) {
    return this.#own.lockSharedAtWrite(...names);
  }
  settings() {
    return currentSettings(this.#own as ContextBase as DomainContext);
  }
  async dayOf() {
    const zone = timeZoneOf((await this.settings()).timeZone);
    return (instant: Date) => zone.dayOf(instant.getTime());
  }
  transaction<T>(work: (tx: PipelinedContext) => Promise<T>): Promise<T> {
    return this.#own.transaction((tx) => work(pipelinedContext(tx, this.entity)));
  }
  stagesChanged(changes: readonly { readonly recordId: string; readonly data: StageChange }[]) {
    return this.#own.emitMany(`${this.entity.name}.stage_changed`, changes);
  }
}

/** The stages, from any plugin's context. */
export function stagesIn(context: ContextBase): DomainContext["stages"] {
  return (context as Widened).stages;
}
