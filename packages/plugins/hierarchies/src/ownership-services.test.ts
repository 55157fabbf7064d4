import { expect, it } from "vitest";
import { legalGroup, refusal } from "./hierarchies-fixture.ts";

it("checks what is asked about an account and itself as it checks any other question", async () => {
  const { crm, id } = await legalGroup("A");
  const ask = (query: object) => refusal(crm.hierarchies.ownership(id.A!, id.A!, query));
  expect(await ask({ hierarchy: "nope" })).toMatchObject({ code: "unknown_hierarchy" });
  expect(await ask({ x: 1 })).toMatchObject({ code: "invalid_input", details: { field: "x" } });
  expect(await crm.hierarchies.ownership(id.A!, id.A!)).toMatchObject({ effective: "100", controls: true });
});

it("refuses to be asked for holdings under another account", async () => {
  const { crm, id } = await legalGroup("AB");
  const query: object = { under: id.B! };
  expect(await refusal(crm.hierarchies.holdings(id.A!, query))).toMatchObject({
    code: "invalid_input",
    details: { field: "under" },
  });
});
