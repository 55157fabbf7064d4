/** The pipeline that a board or a report is asked for. */
import { CrmError } from "../../errors.ts";
import { defaultPipeline } from "./default-pipeline.ts";
import type { PipelinedContext } from "./pipelined-context.ts";

/**
 * The default one where no key is given; undefined at an instant at which no pipeline had been made yet, where a read cannot make the
 * standard one. @throws `not_found`
 */
export async function askedPipelineId(context: PipelinedContext, key: string | undefined): Promise<string | undefined> {
  const { pipelines, entity } = context;
  if (key === undefined) {
    return defaultPipeline(context).then(
      ({ id }) => id,
      (error: unknown) => {
        if (CrmError.is(error, "past_is_read_only")) return undefined;
        throw error;
      },
    );
  }
  const found = await pipelines.find({ where: { entityType: entity.name, key } });
  if (found) return found.id;
  throw new CrmError("not_found", `There is no pipeline "${key}" of ${entity.plural}.`, {
    details: { entity: "pipeline", key },
  });
}
