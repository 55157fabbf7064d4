/** What one can do with saved views: queries kept as data, run for whoever asks. */
import { CrmError } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import type { AnyRecord } from "../../kernel/plugin/any-repository.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { today } from "../settings/tenant-settings.ts";
import { type Moment, resolveQuery } from "./resolve-query.ts";

export type SavedViewRecord = RecordOf<DomainModel, "savedView">;

export interface SavedViewOperations {
  /**
   * The records of a view, a page of them. `{ "$me": true }` in its query is whoever acts, `{ "$today": -30 }` the day 30 days ago,
   * `{ "$instant": "2026-01-31T09:00:00Z" }` a point in time.
   *
   * @throws `not_found`, also for a view that whoever acts may not see.
   */
  run(id: string, page?: { readonly limit?: number; readonly after?: string | undefined }): Promise<Page<AnyRecord>>;
  /** The views that a user sees: the own ones, those of the user's team, and those for everyone; by name. At most 1,000. */
  visibleTo(userId: string, options?: { readonly entityType?: string }): Promise<readonly SavedViewRecord[]>;
}

export function savedViewOperations(context: DomainContext): SavedViewOperations {
  return {
    run: async (id, page = {}) => {
      const { limit, after } = page ?? {};
      const view = await context.savedViews.get(id);
      if (context.actorId !== null && !(await isVisible(context, view, context.actorId))) {
        throw new CrmError("not_found", `There is no savedView "${id}".`, { details: { entity: "savedView", id } });
      }
      const query = resolveQuery(view.query, await momentOf(context));
      return context.repository(view.entityType).list({
        ...query,
        ...(limit === undefined ? {} : { limit }),
        ...(after === undefined ? {} : { after }),
      });
    },
    visibleTo: async (userId, options = {}) => {
      const entityType = options?.entityType;
      const { teamId } = await context.users.get(userId);
      const where = {
        ...(entityType === undefined ? {} : { entityType }),
        or: [
          { visibility: "everyone" as const },
          { ownerId: userId },
          ...(teamId === null ? [] : [{ visibility: "team" as const, teamId }]),
        ],
      };
      return (await context.savedViews.list({ where, orderBy: [{ name: "asc" }], limit: 1_000 })).items;
    },
  };
}

async function isVisible(context: DomainContext, view: SavedViewRecord, userId: string): Promise<boolean> {
  if (view.visibility === "everyone" || view.ownerId === userId) return true;
  if (view.visibility === "private" || view.teamId === null) return false;
  const user = await context.users.find({ where: { id: userId }, archived: "include" });
  return user?.teamId === view.teamId;
}

type Proposed = PatchInput<DomainModel, "savedView">;

/** A `before` hook: a view has an owner or a team where its visibility needs one, and a query that the entity's `list` takes. */
export async function checkViews(
  context: DomainContext,
  batch: readonly { readonly input: Proposed; readonly before?: SavedViewRecord }[],
): Promise<readonly (Proposed | undefined)[]> {
  const patches: (Proposed | undefined)[] = [];
  for (const { input, before } of batch) {
    const view = { ...before, ...input };
    const owner = view.ownerId ?? (before ? null : await actingUser(context));
    if ((view.visibility ?? "private") === "private" && owner === null)
      throw refused("ownerId", "missing_field", "is required for a private view");
    if (view.visibility === "team" && (view.teamId ?? null) === null)
      throw refused("teamId", "missing_field", "is required for a view of a team");
    if (input.query !== undefined) await checkQuery(context, view.entityType!, input.query);
    patches.push(before || owner === null ? undefined : { ownerId: owner });
  }
  return patches;
}

async function actingUser(context: DomainContext): Promise<string | null> {
  if (context.actorId === null) return null;
  return (await context.exists({ entityType: "user", id: context.actorId })) ? context.actorId : null;
}

async function checkQuery(context: DomainContext, entityType: string, query: Readonly<Record<string, unknown>>) {
  if (!context.entities().some(({ name }) => name === entityType))
    throw refused("entityType", "not_allowed", `is "${entityType}", which is no entity that is installed`);
  try {
    await context.repository(entityType).list({ limit: 1, ...resolveQuery(query, await momentOf(context)) });
  } catch (error) {
    if (!CrmError.is(error)) throw error;
    const { field } = error.details as { readonly field?: string };
    throw refused(field ? `query.${field}` : "query", "invalid_query", `cannot be run: ${error.message}`);
  }
}

async function momentOf(context: DomainContext): Promise<Moment> {
  return { actorId: context.actorId, today: await today(context) };
}

function refused(field: string, code: string, message: string): CrmError {
  return invalidInput("savedView", [{ field, code, message }]);
}
