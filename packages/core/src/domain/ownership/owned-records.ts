/** Which entities have owners, and which of their records are open. */
import { CrmError } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { EntityDescription } from "../../kernel/plugin/any-repository.ts";
import type { DomainContext } from "../domain-model.ts";

/** Entities of core, of plugins and of the application whose field `ownerId`, which anyone may write, refers to a user. */
export function ownedEntities(context: DomainContext): readonly EntityDescription[] {
  return context
    .entities()
    .filter(({ fields }) =>
      fields.some(({ name, to, written }) => name === "ownerId" && to === "user" && written === "anyone"),
    );
}

/** The entity, whose records have an owner and may be in a queue. @throws `invalid_input` for one whose records do not. */
export function queuedEntity(context: DomainContext, entityType: unknown): EntityDescription {
  const queued = ownedEntities(context).filter(({ fields }) => fields.some(({ name }) => name === "queueId"));
  const found = queued.find(({ name }) => name === entityType);
  if (found) return found;
  const known = queued.map(({ name }) => name).join(", ");
  throw invalidInput("queue", [
    {
      field: "entityType",
      code: "not_allowed",
      message: `must be an entity whose records can be in a queue: ${known}`,
    },
  ]);
}

/**
 * What is still to be worked on: of an entity whose records are always in a pipeline, those with the status open; of one with `done`, those
 * that are not; of any other, all. Archived records are never open.
 */
export function openRecords({ fields }: EntityDescription): Readonly<Record<string, unknown>> {
  const status = fields.find(({ name }) => name === "status");
  if (status && status.presence !== "optional") return { status: "open" };
  return fields.some(({ name, kind }) => name === "done" && kind === "boolean") ? { done: false } : {};
}

/** @throws `reference_not_found` for a user who is not there; `invalid_input` for one who is not active. */
export async function activeUser(context: DomainContext, id: unknown, field: string): Promise<string> {
  const user = typeof id === "string" ? await context.users.find({ where: { id } }) : undefined;
  if (!user) {
    throw new CrmError("reference_not_found", `There is no user "${String(id)}".`, {
      details: { entity: "user", field, reference: String(id) },
    });
  }
  if (user.active) return user.id;
  throw invalidInput("user", [{ field, code: "not_allowed", message: `is "${user.id}", who is no longer active` }]);
}
