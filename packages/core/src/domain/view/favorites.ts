/** What one can do with favourites: records that a user wants at hand. */
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { AnyRecord } from "../../kernel/plugin/any-repository.ts";
import type { RecordReference } from "../../kernel/plugin/timeline-part.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { byEntity, checkedReference } from "../record-reference.ts";

export type FavoriteRecord = RecordOf<DomainModel, "favorite">;

/** A favourite, and the record as it is now. */
export interface Favorite {
  readonly favorite: FavoriteRecord;
  readonly record: AnyRecord;
}

export interface FavoriteOperations {
  /**
   * Puts a record at the end of a user's favourites; once is enough. The user is the one who acts, unless given.
   *
   * @throws `reference_not_found` where there is no such record or user; `invalid_input` where nobody acts and no user is given.
   */
  add(record: RecordReference, options?: { readonly userId?: string }): Promise<FavoriteRecord>;
  remove(record: RecordReference, options?: { readonly userId?: string }): Promise<void>;
  /** A user's favourites in order, with their records: one query, and one for each entity. At most 1,000. */
  of(options?: { readonly userId?: string; readonly entityType?: string }): Promise<readonly Favorite[]>;
}

const MOST = 1_000;

export function favoriteOperations(context: DomainContext): FavoriteOperations {
  return {
    add: async (given, options) => {
      const { entityType, id: recordId } = checkedReference("favorite", given);
      const userId = userOf(context, options);
      return context.transaction(async (tx) => {
        await tx.lock(`favorites:${userId}`);
        const where = { userId, entityType, recordId };
        const existing = await tx.favorites.find({ where, archived: "include" });
        if (existing) return existing.archivedAt ? tx.favorites.restore(existing.id) : existing;
        const last = await tx.favorites.find({ where: { userId }, orderBy: [{ position: "desc" }] });
        return tx.favorites.create({ ...where, position: (last?.position ?? -1) + 1 });
      });
    },
    remove: async (given, options) => {
      const { entityType, id: recordId } = checkedReference("favorite", given);
      const userId = userOf(context, options);
      await context.transaction(async (tx) => {
        const existing = await tx.favorites.find({ where: { userId, entityType, recordId }, archived: "include" });
        if (existing) await tx.favorites.delete(existing.id);
      });
    },
    of: async (options = {}) => {
      const entityType = options?.entityType;
      const where = { userId: userOf(context, options), ...(entityType === undefined ? {} : { entityType }) };
      const { items } = await context.favorites.list({ where, orderBy: [{ position: "asc" }], limit: MOST });
      const records = new Map<string, AnyRecord>();
      for (const [name, ids] of byEntity(items.map((item) => ({ entityType: item.entityType, id: item.recordId })))) {
        const found = await context
          .repository(name)
          .list({ where: { id: { in: ids } }, archived: "include", limit: MOST });
        for (const record of found.items) records.set(`${name} ${record.id}`, record);
      }
      return items.flatMap((favorite) => {
        const record = records.get(`${favorite.entityType} ${favorite.recordId}`);
        return record ? [{ favorite, record }] : [];
      });
    },
  };
}

function userOf(context: DomainContext, options: { readonly userId?: string } = {}): string {
  const user = options?.userId ?? context.actorId;
  if (typeof user === "string") return user;
  throw invalidInput("favorite", [
    { field: "userId", code: "missing_field", message: "is required where no user acts: bind one with `as`" },
  ]);
}
