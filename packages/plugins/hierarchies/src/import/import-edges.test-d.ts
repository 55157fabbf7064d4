import { expectTypeOf, it } from "vitest";
import type { ImportChoices } from "./import-report.ts";

it("knows which choice each problem has", () => {
  expectTypeOf<{ several_parents: "graph"; otherwise: "detach" }>().toExtend<ImportChoices>();
  expectTypeOf<{ dangling: "graph" }>().not.toExtend<ImportChoices>();
  expectTypeOf<{ otherwise: "graph" }>().not.toExtend<ImportChoices>();
});
