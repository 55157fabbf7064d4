import { expect, it } from "vitest";
import { inVersionOrder, type Placed } from "./version-order.ts";

function delivery(id: string, of: Pick<Placed, "eventName" | "recordVersion">, more: Partial<Placed> = {}): Placed {
  return {
    id,
    ...of,
    subscriber: "s",
    entityType: "team",
    recordId: "t1",
    occurredAt: new Date(1_000),
    ...more,
  };
}

const updated = (recordVersion: number) => ({ eventName: "team.updated", recordVersion });
const created = (recordVersion: number) => ({ eventName: "team.created", recordVersion });
const deleted = (recordVersion: number) => ({ eventName: "team.deleted", recordVersion });
const praised = { eventName: "team.praised", recordVersion: null };

const ids = (deliveries: readonly Placed[]) => inVersionOrder(deliveries).map(({ id }) => id);

it("puts the versions of one record and instant in order, and the end of a record last", () => {
  expect(
    ids([delivery("a", deleted(3)), delivery("b", updated(3)), delivery("c", created(1)), delivery("d", updated(2))]),
  ).toEqual(["c", "d", "b", "a"]);
});

it("leaves what has no version where it is", () => {
  expect(
    ids([delivery("a", updated(2)), delivery("b", praised), delivery("c", created(1)), delivery("d", praised)]),
  ).toEqual(["c", "b", "a", "d"]);
});

it("compares within a record, a subscriber and an instant only", () => {
  const others: readonly Partial<Placed>[] = [
    { recordId: "t2" },
    { entityType: "user" },
    { subscriber: "other" },
    { occurredAt: new Date(1_001) },
  ];
  for (const other of others)
    expect(ids([delivery("a", updated(2)), delivery("b", updated(1), other)])).toEqual(["a", "b"]);
});
