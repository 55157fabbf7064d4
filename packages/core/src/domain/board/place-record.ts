/** Puts a record to a place in a column of a board, that of another stage too. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import { isUuid } from "../../kernel/value/id.ts";
import { defaultPipeline } from "../pipeline/default-pipeline.ts";
import { type MoveOptions, moveOptions, setIssues } from "../pipeline/move-input.ts";
import { moveBatch, recordsOf } from "../pipeline/move-records.ts";
import type { PipelinedContext, PipelinedRecord } from "../pipeline/pipelined-context.ts";
import type { PipelinedEntity } from "../pipeline/pipelined-entity.ts";
import type { StageRecord } from "../pipeline/pipelines.ts";
import { type Card, isBefore, keysBetween } from "./board-position.ts";

/** Exactly one of `before`, `after`, `first` and `last` says where. */
export interface Place<Values = { readonly [field: string]: unknown }> extends MoveOptions<Values> {
  /** The key of the stage; the one where the record is, unless given. */
  readonly stage?: string;
  /** The id of the record that it comes right before. */
  readonly before?: string;
  /** The id of the record that it comes right after. */
  readonly after?: string;
  readonly first?: true;
  readonly last?: true;
}

const PLACES = ["before", "after", "first", "last"] as const;

const placeSchema = z.strictObject({
  stage: z.string().normalize("NFC").optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  first: z.literal(true).optional(),
  last: z.literal(true).optional(),
  version: z.int().optional(),
  ...moveOptions,
});

/**
 * Writes this one record, whatever stands around it. Only where there is no room left between its neighbours, these get new keys too,
 * with one list of writes. Two records that are put into one gap at once both get there, in the order of their ids.
 */
export async function placeRecord(context: PipelinedContext, id: string, given: Place): Promise<PipelinedRecord> {
  const { stage, before, after, first: _, last, ...options } = checkedPlace(context.entity, given);
  return context.transaction(async (tx) => {
    const [record] = await recordsOf(tx, [id]);
    const target = await targetStage(tx, record!, stage);
    // Where there is no such stage, it is the move that says so.
    if (!target) return (await moveBatch(tx, [{ ...options, id, stage: stage! }]))[0]!;
    await tx.lock(`board:${target.id}`);
    const column = { tx, stageId: target.id, without: id };
    const direction = before !== undefined || last ? "desc" : "asc";
    const anchor = await anchorIn(column, { before, after });
    const [next] = await cardsBehind(column, { direction, card: anchor, most: 1 });
    const gap = direction === "asc" ? { lower: anchor, upper: next } : { lower: next, upper: anchor };
    const stands = record!.stageId === target.id && record!.boardPosition !== null && isWithin(record!, gap);
    const boardPosition = stands ? record!.boardPosition! : await keyIn(column, gap);
    return (await moveBatch(tx, [{ ...options, id, stage: target.key, boardPosition }]))[0]!;
  });
}

function checkedPlace(entity: PipelinedEntity, given: Place): Place {
  const parsed = placeSchema.safeParse(given);
  if (!parsed.success) throw invalidInput(entity.name, inputIssues(parsed.error.issues, given));
  const places = PLACES.filter((place) => parsed.data[place] !== undefined);
  const one = "needs exactly one of before, after, first and last";
  const issues = [
    ...(places.length === 1 ? [] : [{ field: places[1] ?? "", code: "not_allowed", message: one }]),
    ...setIssues(entity, parsed.data.set ?? {}),
  ];
  if (issues.length > 0) throw invalidInput(entity.name, issues);
  return parsed.data as Place;
}

async function targetStage(
  tx: PipelinedContext,
  { stageId, pipelineId }: PipelinedRecord,
  key: string | undefined,
): Promise<StageRecord | undefined> {
  if (key !== undefined) {
    const pipeline = pipelineId ?? (await defaultPipeline(tx)).id;
    return tx.stages.find({ where: { key, pipelineId: pipeline }, archived: "include" });
  }
  if (stageId !== null) return tx.stages.get(stageId);
  const message = "is required: the record is in no stage yet";
  throw invalidInput(tx.entity.name, [{ field: "stage", code: "missing_field", message }]);
}

/** The records of a stage that a board shows, without the one that is placed. */
interface Column {
  readonly tx: PipelinedContext;
  readonly stageId: string;
  readonly without: string;
}

async function anchorIn(
  { tx, stageId, without }: Column,
  { before, after }: { readonly before: string | undefined; readonly after: string | undefined },
): Promise<Card | undefined> {
  const id = before ?? after;
  if (id === undefined) return undefined;
  const isOne = (tx.entity.ids === "app" || isUuid(id)) && id !== without;
  const anchor = isOne ? await tx.records.find({ where: { id, stageId } }) : undefined;
  if (anchor) return anchor;
  const field = before === undefined ? "after" : "before";
  const message = `refers to "${id}", which is no other ${tx.entity.name} in that stage`;
  throw invalidInput(tx.entity.name, [{ field, code: "reference_not_found", message }]);
}

interface Stretch {
  readonly direction: "asc" | "desc";
  /** The card behind which it begins; at the end of the column, unless given. */
  readonly card: Card | undefined;
  readonly most: number;
}

async function cardsBehind({ tx, stageId, without }: Column, { direction, card, most }: Stretch): Promise<Card[]> {
  const query = { where: { stageId, id: { ne: without } }, orderBy: [{ boardPosition: direction }] };
  const cards: Card[] = [];
  let after = card && (await tx.records.cursorAfter(card, query));
  do {
    const limit = Math.min(most - cards.length, 1_000);
    const page = await tx.records.list({ ...query, select: ["boardPosition"], limit, after });
    cards.push(...page.items);
    after = page.next;
  } while (after !== undefined && cards.length < most);
  return cards;
}

/** Two cards that stand side by side; at an end of the column there is but one. */
interface Gap {
  readonly lower: Card | undefined;
  readonly upper: Card | undefined;
}

function isWithin(card: Card, { lower, upper }: Gap): boolean {
  return (!lower || isBefore(lower, card)) && (!upper || isBefore(card, upper));
}

async function keyIn(column: Column, gap: Gap): Promise<string> {
  return keysBetween(gap.lower, gap.upper, 1)?.[0] ?? makeRoom(column, gap, 1);
}

/** Gives new keys to the cards around a gap, `size` on each side, or to more where these have no room either: to the whole column at the most. */
async function makeRoom(column: Column, { lower, upper }: Gap, size: number): Promise<string> {
  const around = async (direction: Stretch["direction"], card: Card | undefined) =>
    card ? [card, ...(await cardsBehind(column, { direction, card, most: size }))] : [];
  const [above, below] = [await around("desc", lower), await around("asc", upper)];
  const from = above.length > size ? above.pop() : undefined;
  const to = below.length > size ? below.pop() : undefined;
  const keys = keysBetween(from, to, above.length + 1 + below.length);
  if (!keys) return makeRoom(column, { lower, upper }, size * 30);
  const place = above.length;
  const cards = [...above.reverse(), undefined, ...below];
  const changes = cards.flatMap((card, i) => (card ? [{ id: card.id, boardPosition: keys[i]! }] : []));
  await column.tx.records.updateMany(changes);
  return keys[place]!;
}
