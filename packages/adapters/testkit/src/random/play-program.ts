/** Plays a program on storages and on the model at the same time, and stops at the first difference. */
import type { Row, Savepoint, Storable, TableSchema } from "@relata/core/adapter";
import * as fc from "fast-check";
import { type Refusal, refusalOf } from "../bench/refusal.ts";
import { type Conversation, firstTenant, type Store, secondTenant, type Unit } from "../bench/store.ts";
import { answerAggregate, answerFind } from "../model/answer.ts";
import { applySteps } from "../model/apply.ts";
import { emptyTables, type ModelTables, rowsOf, valueIn } from "../model/tables.ts";
import { answerWalk, pathProblem } from "../model/walk.ts";
import { type Question, type Route, sortKeys } from "../question/question.ts";
import { tableOf } from "../schema/define-table.ts";
import { concreteRoots, idOfRow } from "./concrete-roots.ts";
import { concreteStep } from "./plan-step.ts";
import type { Operation, Program } from "./random-program.ts";

interface Contestant {
  readonly name: string;
  readonly store: Store;
}

/** @throws an error with every step up to the difference, what was answered and what the contract asks for. */
export async function playProgram(program: Program, contestants: readonly Contestant[]): Promise<void> {
  const players = contestants.map(({ name, store }): Player => ({ name, talk: store }));
  const game: Game = { players, model: emptyTables(program.schema), transcript: [] };
  try {
    for (const operation of program.operations) await play(operation, game, contestants);
    await compareContents(game);
  } catch (error) {
    const tables = [...program.schema.tables.values()].map(describeTable);
    const story = [...tables, ...game.transcript].join("\n");
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nIn this program:\n${story}`, {
      cause: error,
    });
  }
}

interface Player {
  readonly name: string;
  talk: Conversation;
}

interface Game {
  readonly players: readonly Player[];
  model: ModelTables;
  readonly transcript: string[];
}

async function play(operation: Operation, game: Game, contestants: readonly Contestant[]): Promise<void> {
  switch (operation.kind) {
    case "write":
      return playWrite(operation, game);
    case "find":
      return playFind(operation.question, operation.tenantId, game);
    case "walk":
      return playWalk(operation.question, operation.tenantId, game);
    case "aggregate": {
      const { tenantId } = operation;
      const figures = concreteRoots(operation.figures, tenantId, game.model);
      game.transcript.push(`aggregate ${tenantId} ${fc.stringify(figures)}`);
      const expected = inOrder(answerAggregate(figures, tenantId, game.model));
      for (const { name, talk } of game.players)
        agree(name, inOrder(await talk.aggregate(figures, tenantId)), expected);
      return;
    }
    case "traverse":
      return playTraverse(operation.route, operation.tenantId, game);
    case "unit":
      return playUnit(operation, game, contestants);
    case "savepoint":
      return playSavepoint(operation, game, contestants);
  }
}

async function playWrite({ tenantId, steps: plans }: Extract<Operation, { kind: "write" }>, game: Game): Promise<void> {
  const steps = plans.map((plan) => concreteStep(plan, tenantId, game.model));
  const outcome = applySteps(game.model, tenantId, steps);
  if (outcome.kind === "open") return;
  game.transcript.push(`write ${tenantId} ${fc.stringify(steps)}`);
  const allowed = outcome.kind === "refused" ? outcome.refusals.map(refusalText) : ["done"];
  for (const { name, talk } of game.players) {
    // A unit goes on after a refusal only from a savepoint before it.
    const savepoint = outcome.kind === "refused" && "savepoint" in talk ? await (talk as Unit).savepoint() : undefined;
    const said = await talk.write(steps, tenantId).then(
      () => "done",
      (error: unknown) => refusalText(refusalOf(error)),
    );
    await savepoint?.rollback();
    if (!allowed.includes(said))
      throw new Error(`${name} said ${said}; the contract asks for ${[...new Set(allowed)].join(" or ")}.`);
  }
  if (outcome.kind === "applied") game.model = outcome.tables;
}

async function playFind(planned: Question, tenantId: string, game: Game): Promise<void> {
  const question = concreteRoots(planned, tenantId, game.model);
  game.transcript.push(`find ${tenantId} ${fc.stringify(question)}`);
  const expected = answerFind(question, tenantId, game.model);
  for (const { name, talk } of game.players) agree(name, await talk.find(question, tenantId), expected);
}

/** Page by page, and all pages together against the question without a limit. */
async function playWalk(planned: Question & { readonly limit: number }, tenantId: string, game: Game): Promise<void> {
  const question = concreteRoots(planned, tenantId, game.model);
  const { limit, ...whole } = question;
  const columns = question.columns ?? [];
  game.transcript.push(`walk ${tenantId} ${fc.stringify(question)}`);
  const expected = answerFind(whole, tenantId, game.model);
  for (const { name, talk } of game.players) {
    const rows: Row[] = [];
    let page = await talk.find(question, tenantId);
    while (page.length > 0 && rows.length <= expected.length) {
      rows.push(...page);
      const last = page.at(-1) as Row;
      const after = sortKeys(question).map((key) => last[columns.indexOf(key.column)] as Storable);
      page = await talk.find({ ...question, after }, tenantId);
    }
    agree(name, rows, expected);
  }
}

async function playTraverse(planned: Route, tenantId: string, game: Game): Promise<void> {
  const route = concreteNodes(concreteRoots(planned, tenantId, game.model), tenantId, game.model);
  game.transcript.push(`traverse ${tenantId} ${fc.stringify(route)}`);
  const { end } = route;
  if (end === undefined) {
    const expected = answerWalk(route, tenantId, game.model);
    const ordered = route.edges === false ? inOrder : (rows: readonly Row[]) => rows;
    for (const { name, talk } of game.players)
      agree(name, ordered(await talk.traverse(route, tenantId)), ordered(expected));
    return;
  }
  for (const { name, talk } of game.players) {
    const rows = await talk.traverse(route, tenantId);
    const problem = pathProblem({ ...route, end }, tenantId, { tables: game.model, rows });
    if (problem) throw new Error(`${name} answered\n  ${fc.stringify(rows)}\n${problem}`);
  }
}

/** The nodes that a walk begins and ends at, and their types, are those of rows that exist. */
function concreteNodes(planned: Route, tenantId: string, model: ModelTables): Route {
  const { table, from, start, end, types } = planned;
  const nodes = from === "id" ? table : targetOf(model, planned);
  const ids = (chosen: readonly string[]) => chosen.map((row) => idOfRow(row, nodes, { tenantId, tables: model }));
  const typesFor = (chosen: readonly string[], column: string, { length }: readonly string[]) =>
    Array.from({ length }, (_, at) => typeOfRow(chosen[at % chosen.length]!, { table, column, tenantId, model }));
  return {
    ...planned,
    start: ids(start),
    ...(end && { end: ids(end) }),
    ...(types && {
      types: {
        from: types.from,
        to: types.to,
        start: typesFor(types.start, types.from, start),
        ...(end && { end: typesFor(types.end ?? types.start, types.to, end) }),
      },
    }),
  };
}

function typeOfRow(
  chosen: string,
  at: { readonly table: string; readonly column: string; readonly tenantId: string; readonly model: ModelTables },
): string {
  const rows = rowsOf(at.model, at.table, at.tenantId);
  const row = rows[Number(chosen.slice(4)) % Math.max(1, rows.length)];
  return String((row && valueIn(row, at.column)) ?? "none");
}

function targetOf({ schema }: ModelTables, { table, from }: Route): string {
  return tableOf(schema, table).foreignKeys.find(({ column }) => column === from)?.target ?? table;
}

async function playUnit(
  { body, end }: Extract<Operation, { kind: "unit" }>,
  game: Game,
  contestants: readonly Contestant[],
) {
  const before = game.model;
  game.transcript.push("begin");
  for (const [at, { store }] of contestants.entries()) (game.players[at] as Player).talk = await store.begin();
  for (const operation of body) await play(operation, game, contestants);
  game.transcript.push(end);
  for (const [at, { store }] of contestants.entries()) {
    const player = game.players[at] as Player;
    await (player.talk as Unit)[end]();
    player.talk = store;
  }
  if (end === "rollback") game.model = before;
  await compareContents(game);
}

async function playSavepoint(
  { body, end }: Extract<Operation, { kind: "savepoint" }>,
  game: Game,
  contestants: readonly Contestant[],
) {
  const before = game.model;
  game.transcript.push("savepoint");
  const savepoints: Savepoint[] = [];
  for (const { talk } of game.players) savepoints.push(await (talk as Unit).savepoint());
  for (const operation of body) await play(operation, game, contestants);
  game.transcript.push(`${end} savepoint`);
  for (const savepoint of savepoints) await savepoint[end]();
  if (end === "rollback") game.model = before;
}

async function compareContents(game: Game): Promise<void> {
  for (const table of game.model.schema.tables.values()) {
    const columns = table.columns.map((column) => column.name);
    for (const tenantId of [firstTenant, secondTenant])
      await playFind({ table: table.name, columns, orderBy: ["id", "version"] }, tenantId, { ...game, transcript: [] });
  }
}

function agree(name: string, found: readonly Row[], expected: readonly Row[]): void {
  if (isSame(found, expected)) return;
  throw new Error(`${name} answered\n  ${fc.stringify(found)}\nThe contract asks for\n  ${fc.stringify(expected)}`);
}

function isSame(left: unknown, right: unknown): boolean {
  if (!Array.isArray(left) || !Array.isArray(right)) return Object.is(left, right);
  return left.length === right.length && left.every((part, at) => isSame(part, right[at]));
}

/** Groups come in no particular order. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const keyed = rows.map((row) => [row.map((value) => `${typeof value} ${String(value)}`).join("\n"), row] as const);
  return keyed.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([, row]) => row);
}

function refusalText({ code, entity, field }: Refusal): string {
  return [code, entity, field].filter((part) => part !== undefined).join(" ");
}

function describeTable(table: TableSchema): string {
  const columns = table.columns.map((column) => {
    const target = table.foreignKeys.find((key) => key.column === column.name)?.target;
    const kind = column.values ? fc.stringify(column.values) : column.kind;
    return `${column.name} ${kind}${column.nullable ? "?" : ""}${target ? ` -> ${target}` : ""}`;
  });
  const rules = table.indexes.map((index) => `${index.unique ? "unique" : "index"} (${index.columns.join(", ")})`);
  return `table ${table.name}: ${[...columns, ...rules].join(", ")}`;
}
