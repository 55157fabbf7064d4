/** Appoints to offices, and ends that. */
import { invalidInput, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed, reasonSchema, thingSchema } from "../asked.ts";
import { endEdges } from "../edge/end-edges.ts";
import { type AnyRelateInput, relateMany } from "../edge/relate.ts";
import { dayBefore, firstDay } from "../interval/day-interval.ts";
import type { OfficeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { isSameThing, thingKey } from "../things.ts";
import { lockOffices } from "./holding-hooks.ts";
import { factsOf } from "./holding-rules.ts";
import { requireTypeOf } from "./office-type.ts";
import { readHoldings } from "./read-offices.ts";

/** Its days, how sure they are, where it is known from: whatever a relationship says of itself. */
export interface AppointInput extends Omit<AnyRelateInput, "type" | "from" | "to" | "officeId"> {
  readonly holder: RecordReference;
  /** Who makes room, from the first day on: all who hold the office (`true`), or one of them. Theirs ends on the day before. */
  readonly replacing?: true | RecordReference | undefined;
}

const appointSchema = z.looseObject({
  holder: thingSchema,
  validFrom: daySchema.nullable().optional(),
  replacing: z.union([z.literal(true), thingSchema]).optional(),
});

/** One unit. @throws as `appoint` */
export async function appoint(
  context: RelationshipsContext,
  officeId: string,
  input: AppointInput,
): Promise<RelationshipRecord> {
  const id = parsed("office", idSchema, officeId);
  parsed("relationship", appointSchema, input);
  const { holder, replacing, ...values } = input;
  return context.transaction(async (tx) => {
    await lockOffices(tx, [id]);
    const office = await tx.offices.get(id);
    const type = await requireTypeOf(tx, office);
    if (replacing !== undefined) await makeRoom(tx, office, { from: values.validFrom, replacing });
    const to = { entityType: "account", id: office.accountId };
    const [edge] = await relateMany(tx, [{ ...values, type: type.key, from: holder, to, officeId: id }]);
    return edge!;
  });
}

async function makeRoom(
  tx: RelationshipsContext,
  office: OfficeRecord,
  { from, replacing }: { readonly from: string | null | undefined; readonly replacing: true | RecordReference },
): Promise<void> {
  const eve = from ? dayBefore(from) : undefined;
  if (!from || eve === undefined) {
    const [code, message] = from
      ? ["out_of_range", `is ${from}, the first day of all: nobody makes room before it`]
      : ["missing_field", "is required with replacing: the others' last day is the day before"];
    throw invalidInput("relationship", [{ field: "validFrom", code, message }]);
  }
  const held = (await readHoldings(tx, [office.id], { days: { from, until: from } })).of(office.id);
  const leaving = replacing === true ? held : held.filter(({ holder }) => isSameThing(holder, replacing));
  if (replacing !== true && leaving.length === 0) throw vacantError(tx, office, { holder: replacing, day: from });
  // Who begins on that very day has no day before it: this is no handover, and is refused as two at a time.
  const ending = leaving.filter((holding) => firstDay(holding) <= eve);
  await endEdges(
    tx,
    ending.map(({ edge }) => ({ id: edge.id, on: eve })),
  );
}

export interface VacateInput {
  /** The last day on which it is held; today unless given. */
  readonly on?: string | undefined;
  /** Who leaves; all who hold it unless given. */
  readonly holder?: RecordReference | undefined;
  readonly reason?: string | undefined;
}

const vacateSchema = z.strictObject({
  on: daySchema.optional(),
  holder: thingSchema.optional(),
  reason: reasonSchema,
});

/** One unit. @throws as `vacate` */
export async function vacate(
  context: RelationshipsContext,
  officeId: string,
  given: VacateInput = {},
): Promise<readonly RelationshipRecord[]> {
  const id = parsed("office", idSchema, officeId);
  const { on, holder, reason } = parsed("office", vacateSchema, given);
  return context.transaction(async (tx) => {
    await lockOffices(tx, [id]);
    const office = await tx.offices.get(id);
    const day = on ?? (await tx.settings.today());
    const held = (await readHoldings(tx, [id], { days: { from: day, until: day } })).of(id);
    const leaving = holder ? held.filter((each) => isSameThing(each.holder, holder)) : held;
    if (leaving.length === 0) throw vacantError(tx, office, { holder, day });
    return endEdges(
      tx,
      leaving.map(({ edge }) => ({ id: edge.id, on: day, reason })),
    );
  });
}

/**
 * The office is there no longer from the day after on, and whoever holds it then does so until that day. One unit.
 *
 * @throws as `endOffice`
 */
export async function endOffice(
  context: RelationshipsContext,
  officeId: string,
  given: Pick<VacateInput, "on" | "reason"> = {},
): Promise<OfficeRecord> {
  const id = parsed("office", idSchema, officeId);
  const { on, reason } = parsed("office", vacateSchema.omit({ holder: true }), given);
  return context.transaction(async (tx) => {
    await lockOffices(tx, [id]);
    await tx.offices.get(id, { select: ["id"] });
    const day = on ?? (await tx.settings.today());
    const held = (await readHoldings(tx, [id], { days: { from: day, until: day } })).of(id);
    const ending = held.filter(({ validUntil }) => validUntil === null || validUntil > day);
    await endEdges(
      tx,
      ending.map(({ edge }) => ({ id: edge.id, on: day, reason })),
    );
    return tx.offices.update(id, { validUntil: day });
  });
}

function vacantError(
  tx: RelationshipsContext,
  office: OfficeRecord,
  { holder, day }: { readonly holder: RecordReference | undefined; readonly day: string },
): Error {
  return tx.error("office_vacant", {
    ...{ ...factsOf(office), field: "holder", holder: holder ? thingKey(holder) : "anybody", day },
  });
}
