/** What the code of pipelines knows of an entity whose records go through them. */
import type { Fields } from "../../kernel/entity/field.ts";
import type { ContextBase } from "../../kernel/plugin/handle.ts";
import type { StandardPipeline } from "./pipeline-definition.ts";

/** An entity whose records go through pipelines. */
export interface PipelinedEntity {
  readonly name: string;
  readonly plural: string;
  readonly ids: "generated" | "app";
  readonly fields: Fields;
  /** The plural of its stays in stages. */
  readonly stays: string;
  /** Made at first use where no pipeline of the entity has ever been defined. */
  readonly standard: StandardPipeline | undefined;
}

/** A plugin's context, and the entity of the plugin that goes through pipelines. */
export interface PipelinedPlace {
  readonly context: ContextBase;
  readonly entity: PipelinedEntity;
}

export function hasField({ fields }: PipelinedEntity, name: string): boolean {
  return Object.hasOwn(fields, name);
}

/** Whether its records are in a pipeline only once they have been put into one. */
export function mayBeOutside({ fields }: PipelinedEntity): boolean {
  return fields.stageId!.definition.presence === "optional";
}
