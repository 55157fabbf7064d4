import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { expectTypeOf, it } from "vitest";
import { relationships } from "../relationships.ts";
import { type AttributesOf, defineRelationshipType } from "./define-relationship-type.ts";
import { standardTypes } from "./standard-types.ts";

const ends = { name: "owner of", inverseName: "owned by", fromRole: "owner", toRole: "owned" } as const;
const ownership = defineRelationshipType({
  ...{ key: "ownership", ...ends },
  attributes: [
    { key: "share", kind: "decimal", required: true },
    { key: "votes", kind: "number" },
    { key: "kind", kind: "one_of", values: ["direct", "trust"] },
    { key: "isPublic", kind: "boolean" },
  ],
});
const plain = defineRelationshipType({ key: "plain", ...ends });

const crm = await createCrm({ storage: memory(), plugins: [relationships()] });
const { relate } = crm.relationships;
const [from, to] = [
  { entityType: "contact", id: "a" },
  { entityType: "account", id: "b" },
];

it("knows the attributes of a type in code", () => {
  expectTypeOf<AttributesOf<typeof ownership>>().toMatchObjectType<{
    readonly attributes: { readonly share: string };
  }>();
  expectTypeOf(ownership.key).toEqualTypeOf<"ownership">();
  void relate({ type: ownership, from, to, attributes: { share: "50", votes: 3, kind: "trust", isPublic: true } });
  void relate({ type: plain, from, to });
  void relate({ type: "any", from, to, attributes: { whatever: 1 } });
  // @ts-expect-error: `share` is required
  void relate({ type: ownership, from, to, attributes: { votes: 3 } });
  // @ts-expect-error: and with it `attributes`
  void relate({ type: ownership, from, to });
  // @ts-expect-error: a decimal is a text
  void relate({ type: ownership, from, to, attributes: { share: 50 } });
  // @ts-expect-error: one of the values
  void relate({ type: ownership, from, to, attributes: { share: "50", kind: "loan" } });
  // @ts-expect-error: an attribute that it does not have
  void relate({ type: ownership, from, to, attributes: { share: "50", shares: 1 } });
  // @ts-expect-error: a type without attributes
  void relate({ type: plain, from, to, attributes: { share: "50" } });
  // @ts-expect-error: a field that there is not
  void relate({ type: plain, from, to, validTo: "2020-01-01" });
  void crm.relationships.defineTypes([...standardTypes, ownership, plain]);
});
