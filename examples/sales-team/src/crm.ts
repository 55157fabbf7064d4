/** This application's CRM: core, two plugins, its own entity, and its own columns on core's entities. */
import { type CrmOptions, createCrm, integer, reference, text } from "@relata/core";
import { forecasting } from "@relata/forecasting";
import { hierarchies } from "@relata/hierarchies";
import { product } from "./product.ts";

/** The CRM of the sales team; `SalesCrm` is its type, the products and the columns below included. */
export async function openCrm(options: Pick<CrmOptions, "storage" | "clock">) {
  return createCrm({
    ...options,
    plugins: [hierarchies(), forecasting()],
    entities: [product],
    extend: {
      account: {
        /** Its name in the source: what makes a second import find it again. */
        externalId: text().optional().unique(),
        yearEstablished: integer().optional(),
      },
      contact: { externalId: text().optional().unique() },
      opportunity: {
        externalId: text().optional().unique(),
        productId: reference("product", { inverse: "opportunities" }).optional(),
      },
      activity: { externalId: text().optional().unique() },
    },
  });
}

export type SalesCrm = Awaited<ReturnType<typeof openCrm>>;
