/** Who answers and who moves: Relata, and what one would write by hand. */
import { count, sum } from "@relata/core/plugin";
import type { Operation } from "../measure/measure.ts";
import type { Node, TreeCrm } from "./tree-data.ts";

/** Statements by hand, in the words of one database. Parameters are `?`. */
export interface HandDatabase {
  /** `text` is prepared once. */
  all(text: string): (...values: readonly unknown[]) => unknown;
  /** `text` is planned anew for its values, where the database does so. */
  planned(text: string): (...values: readonly unknown[]) => unknown;
  /** Runs the statements as one transaction. */
  transaction(work: (run: (text: string, ...values: readonly unknown[]) => unknown) => unknown): unknown;
  /** A table of the CRM. */
  table(name: string): string;
  /** A parameter that is an id. */
  readonly id: string;
}

const TENANT = "default";

/** Sales and their sum under an account, itself included: by currency, of which there is one. */
interface RollUp {
  readonly sales: number;
  readonly amount: readonly (readonly [currency: string, cents: number])[];
}

export function relataRollUp({ sales }: Pick<TreeCrm, "sales">, nodes: readonly Node[]): Operation {
  return async (number): Promise<RollUp> => {
    const [row] = await sales.aggregate({
      where: { accountId: { atOrUnder: nodes[number % nodes.length]!.id } },
      measures: { sales: count(), amount: sum("amount") },
    });
    return { sales: row!.sales, amount: row!.amount.map(({ amount, currency }) => [currency, cents(amount)]) };
  };
}

/** The rows below are a range of one index. The path of the top is looked up first, so that the planner knows the range. */
export function pathRollUp(hand: HandDatabase, nodes: readonly Node[]): Operation {
  const known = hand.all(`select path from ${hand.table("hand_path")} where id = ${hand.id}`);
  const rollUp = hand.planned(
    `select s.amount_currency, count(*), sum(s.amount) from ${hand.table("sale")} s
    where s.tenant_id = '${TENANT}' and s.account_id in (select p.id from ${hand.table("hand_path")} p where p.path >= ? and p.path < ?)
    group by s.amount_currency`,
  );
  return async (number) => {
    const [path] = rowOf(await known(nodes[number % nodes.length]!.id));
    return figures(rollUp(path, `${path}~`));
  };
}

export function closureRollUp(hand: HandDatabase, nodes: readonly Node[]): Operation {
  const rollUp = hand.all(
    `select s.amount_currency, count(*), sum(s.amount) from ${hand.table("sale")} s
    where s.tenant_id = '${TENANT}' and s.account_id in (select descendant from ${hand.table("hand_closure")} where ancestor = ${hand.id})
    group by s.amount_currency`,
  );
  return (number) => figures(rollUp(nodes[number % nodes.length]!.id));
}

export function recursiveRollUp(hand: HandDatabase, nodes: readonly Node[]): Operation {
  const account = hand.table("account");
  const rollUp = hand.all(
    `with recursive below (id) as (
      select id from ${account} where tenant_id = '${TENANT}' and id = ${hand.id}
      union all select a.id from below join ${account} a on a.tenant_id = '${TENANT}' and a.parent_id = below.id
    ) select s.amount_currency, count(*), sum(s.amount) from ${hand.table("sale")} s
    where s.tenant_id = '${TENANT}' and s.account_id in (select id from below) group by s.amount_currency`,
  );
  return (number) => figures(rollUp(nodes[number % nodes.length]!.id));
}

/** Between two places, there and back, so that all contestants' trees stay alike. */
interface Moves {
  readonly nodes: readonly Node[];
  readonly places: readonly [string, string];
}

function moveOf({ nodes, places }: Moves, number: number): readonly [id: string, to: string] {
  return [nodes[number % nodes.length]!.id, places[Math.floor(number / nodes.length) % 2]!];
}

export function relataMove({ accounts }: Pick<TreeCrm, "accounts">, moves: Moves): Operation {
  return async (number) => {
    const [id, parentId] = moveOf(moves, number);
    await accounts.update(id, { parentId });
  };
}

/** A row for each pair of a node and one above it: those to the old ones above go, those to the new ones come. */
export function closureMove(hand: HandDatabase, moves: Moves): Operation {
  const [node, closure] = [hand.table("hand_node"), hand.table("hand_closure")];
  const { id } = hand;
  const below = `select descendant from ${closure} where ancestor = ${id}`;
  return (number) => {
    const [moved, to] = moveOf(moves, number);
    return hand.transaction(async (run) => {
      await run(`select 1 from ${closure} where ancestor = ${id} and descendant = ${id}`, moved, to);
      await run(`update ${node} set parent_id = ${id} where id = ${id}`, to, moved);
      await run(
        `delete from ${closure} where descendant in (${below}) and ancestor in (select ancestor from ${closure} where descendant = ${id} and ancestor <> ${id})`,
        ...[moved, moved, moved],
      );
      await run(
        `insert into ${closure} (ancestor, descendant) select u.ancestor, d.descendant from ${closure} u cross join ${closure} d where u.descendant = ${id} and d.ancestor = ${id}`,
        ...[to, moved],
      );
    });
  };
}

/** The beginnings of the paths below are replaced in one statement. */
export function pathMove(hand: HandDatabase, moves: Moves): Operation {
  const [node, path] = [hand.table("hand_node"), hand.table("hand_path")];
  const { id } = hand;
  const paths = new Map([...moves.nodes].map((each) => [each.id, each.path]));
  const known = hand.all(`select path from ${path} where id = ${id}`);
  return async (number) => {
    const [moved, to] = moveOf(moves, number);
    const [above] = rowOf(await known(to));
    const [before] = rowOf(await known(moved));
    const label = paths.get(moved)!.split("/").at(-2)!;
    await hand.transaction(async (run) => {
      await run(`update ${node} set parent_id = ${id} where id = ${id}`, to, moved);
      await run(
        `update ${path} set path = ? || substr(path, ${String(before).length + 1}) where path >= ? and path < ?`,
        ...[`${above}${label}/`, before, `${before}~`],
      );
    });
  };
}

async function figures(answer: unknown): Promise<RollUp> {
  const rows = (await answer) as readonly (readonly [string, unknown, unknown])[];
  return {
    sales: rows.reduce((total, [, sales]) => total + Number(sales), 0),
    amount: rows.map(([currency, , sum]) => [currency, Number(sum)]),
  };
}

function cents(amount: string): number {
  return Math.round(Number(amount) * 100);
}

function rowOf(rows: unknown): readonly unknown[] {
  return (rows as readonly (readonly unknown[])[])[0]!;
}
