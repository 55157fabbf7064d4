/** Random walks: up and down references of a table to itself, and over rows that refer to one table twice; of ids, and of types and ids. */
import type { StorageSchema, TableSchema } from "@relata/core/adapter";
import * as fc from "fast-check";
import { everything } from "../question/condition.ts";
import type { Route } from "../question/question.ts";
import { tableOf } from "../schema/define-table.ts";
import { randomConditions } from "./random-condition.ts";

/** Undefined where nothing can be walked. Nodes are given as "row 17"; `concreteRoute` chooses them. */
export function randomRoute(schema: StorageSchema): fc.Arbitrary<Route> | undefined {
  const conditions = randomConditions(schema);
  const routes = [...schema.tables.values()].flatMap((table) =>
    endsOf(table).map(({ from, to }) => {
      const nodes = fc.array(
        fc.nat(60).map((number) => `row ${number}`),
        { minLength: 1, maxLength: 2 },
      );
      const condition = fc.oneof(
        { weight: 2, arbitrary: fc.constant(everything) },
        conditions(tableOf(schema, table.name), 1),
      );
      const types = randomTypes(table, nodes);
      const route = fc.record(
        {
          table: fc.constant(table.name),
          from: fc.constant(from),
          to: fc.constant(to),
          direction: fc.constantFrom("along" as const, "against" as const, "both" as const),
          where: condition,
          whereAgainst: condition,
          start: nodes,
          end: nodes,
          ...(types && { types }),
          depth: fc.nat(3),
          edges: fc.constant(false as const),
          limit: fc.integer({ min: 1, max: 4 }),
          ...(table.history === undefined ? {} : { asOf: fc.integer({ min: -1, max: 45 }) }),
        },
        { requiredKeys: ["table", "from", "to", "direction", "start"] },
      );
      return route.map(({ edges, limit, ...rest }) => {
        if (rest.end) return rest;
        return { ...rest, ...(edges === undefined ? {} : { edges }), ...(limit === undefined ? {} : { limit }) };
      });
    }),
  );
  return routes.length === 0 ? undefined : fc.oneof(...routes);
}

/** "row 17" stands for the type that this row has at that end. */
function randomTypes(
  table: TableSchema,
  nodes: fc.Arbitrary<string[]>,
): fc.Arbitrary<NonNullable<Route["types"]>> | undefined {
  const columns = table.columns.filter(
    ({ name, kind, meaning }) => kind === "text" && meaning === "text" && name !== "id",
  );
  if (columns.length === 0) return undefined;
  const column = fc.constantFrom(...columns.map(({ name }) => name));
  return fc.record({ from: column, to: column, start: nodes, end: nodes });
}

function endsOf(table: TableSchema): readonly { readonly from: string; readonly to: string }[] {
  return table.foreignKeys.flatMap(({ column, target }) => [
    ...(target === table.name ? [{ from: "id", to: column }] : []),
    ...table.foreignKeys
      .filter((other) => other.target === target && other.column !== column)
      .map((other) => ({ from: column, to: other.column })),
  ]);
}
