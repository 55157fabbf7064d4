/** Names for the records and inputs of one very CRM, its plugins' and the application's own fields included. */
import type { InputOf, RecordOf as ModelRecordOf } from "../entity/model.ts";
import type { Crm, Model, ModelOf } from "./handle.ts";
import type { AnyPlugin } from "./plugin.ts";

/**
 * @example
 * ```ts
 * import { createCrm, type RecordOf } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({ storage: memory() });
 * type Account = RecordOf<typeof crm, "account">;
 * const account: Account = await crm.accounts.create({ name: "Acme" });
 * console.log(account.name);
 * ```
 */
export type RecordOf<C, E extends string> =
  C extends Crm<infer Ps extends readonly AnyPlugin[]>
    ? E extends keyof ModelOf<Ps>
      ? ModelRecordOf<Model<Ps>, E>
      : `no entity "${E}"`
    : never;

/** What `create` takes. */
export type NewRecordOf<C, E extends string> =
  C extends Crm<infer Ps extends readonly AnyPlugin[]>
    ? E extends keyof ModelOf<Ps>
      ? InputOf<Model<Ps>, E, "create">
      : `no entity "${E}"`
    : never;

/** What `update` takes: any of the fields that can be changed. */
export type PatchOf<C, E extends string> =
  C extends Crm<infer Ps extends readonly AnyPlugin[]>
    ? E extends keyof ModelOf<Ps>
      ? InputOf<Model<Ps>, E, "update">
      : `no entity "${E}"`
    : never;
