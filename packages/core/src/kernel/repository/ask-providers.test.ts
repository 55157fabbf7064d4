import { expect, it } from "vitest";
import type { Scope } from "../kernel.ts";
import { collectProviders } from "../plugin/providers.ts";
import { askForCalendar, askForRates } from "./ask-providers.ts";
import { visits } from "./visits-fixture.ts";

const scopeWith = (provides: object) => {
  const providers = collectProviders([{ id: "bank", provides }]);
  const kernel = { providers, contextFor: (binding: object) => binding };
  return { kernel, binding: { tenantId: "t1", plugin: undefined }, entity: visits } as unknown as Scope;
};
const wanted = [{ from: "USD", to: "EUR", on: "2026-01-01" }];

it("asks the plugin that provides it, with its own context of the reader's tenant", async () => {
  const rates = async (...asked: readonly unknown[]) => asked;
  expect(await askForRates(scopeWith({ rates }), wanted)).toEqual([{ tenantId: "t1", plugin: "bank" }, wanted]);
  const calendar = async (...asked: readonly unknown[]) => asked;
  expect(await askForCalendar(scopeWith({ calendar }))).toEqual([{ tenantId: "t1", plugin: "bank" }]);
});

it("refuses what needs what no plugin provides", async () => {
  await expect(askForRates(scopeWith({}), wanted)).rejects.toThrow(
    "visit.measures cannot be converted: no plugin provides exchange rates.",
  );
  await expect(askForCalendar(scopeWith({}))).rejects.toThrow(
    "visit.groupBy needs a fiscal calendar or a time zone, which no plugin provides.",
  );
});
