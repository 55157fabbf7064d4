/** What the tests of changes share. */
import { type CrmOptions, createCrm } from "@relata/core";
import { onTestFinished } from "vitest";
import { forecasting } from "../forecasting.ts";
import type { MakeStorage } from "../forecasting-fixture.ts";
import type { ChangeBar } from "./waterfall.ts";

const create = (options: CrmOptions) => createCrm({ ...options, plugins: [forecasting()] });

export type Crm = Awaited<ReturnType<typeof create>>;

/** A CRM whose clock stands until it is set. */
export async function openAt(make: MakeStorage, instant: string) {
  let now = Date.parse(instant);
  const crm = await create({ storage: await make(), clock: () => now });
  onTestFinished(() => crm.close());
  return {
    crm,
    set(to: string | number) {
      now = typeof to === "number" ? to : Date.parse(to);
    },
  };
}

/** "pushed_out -100.00 EUR: Acme -100.00 EUR"; the bars without opportunities are left out. */
export function told(bars: readonly ChangeBar[]): readonly string[] {
  return bars
    .filter(({ opportunities }) => opportunities.length > 0)
    .map(({ kind, figure, opportunities }) => {
      const parts = opportunities.map(({ name, change }) => `${name} ${text(change)}`).toSorted();
      return `${kind} ${text(figure)}: ${parts.join(", ")}`;
    });
}

export function text(figure: ChangeBar["figure"]): string {
  if (typeof figure === "number") return String(figure);
  return [figure]
    .flat()
    .map(({ amount, currency }) => `${amount} ${currency}`)
    .join(" + ");
}
