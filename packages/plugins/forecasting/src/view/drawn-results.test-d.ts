import { expectTypeOf, it } from "vitest";
import type { Changes } from "../changes/changes.ts";
import type { Forecast } from "../roll-up/line.ts";
import type { DrawnForecast } from "./forecast-rows.ts";
import type { DrawnChanges } from "./waterfall-bars.ts";

it("takes what `forecast` and `changes` answer as it is", () => {
  expectTypeOf<Forecast>().toExtend<DrawnForecast>();
  expectTypeOf<Changes>().toExtend<DrawnChanges>();
});
