/** What the team sells: an entity of this application's own, in every respect equal to core's. */
import { defineEntity, money, text } from "@relata/core";

export const product = defineEntity("product", {
  plural: "products",
  fields: {
    name: text({ fold: true }).unique(),
    series: text().optional(),
    listPrice: money(),
  },
});
