/** Pipelines and stages are not merged as records: what is in a stage moves by the pipeline's rules, and its status with it. */
import { CrmError } from "../../errors.ts";

/** A `merging` hook. @throws `move_not_allowed`. */
export function refuseMerge(entity: "pipeline" | "stage") {
  return async (
    _context: unknown,
    [merge]: readonly { readonly survivor: { readonly id: string } }[],
  ): Promise<never> => {
    throw new CrmError(
      "move_not_allowed",
      "Pipelines and stages cannot be merged as records are: move what is in the one to the other, and then delete it.",
      { details: { entity, id: merge!.survivor.id } },
    );
  };
}
