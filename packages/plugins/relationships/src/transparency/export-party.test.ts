import jsonld from "jsonld";
import { expect, it } from "vitest";
import { onEveryStorage, openCrm, thingsOf } from "../relationships-fixture.ts";
import { standardTypes } from "../type/standard-types.ts";

/** No document is fetched, and nothing may get lost that has no meaning. */
const strict = {
  safe: true,
  documentLoader: (url: string) => Promise.reject(new Error(`asks for ${url}`)),
};
const iri = ({ entityType, id }: { readonly entityType: string; readonly id: string }) =>
  `urn:relata:${entityType}:${id}`;

async function openAnn(open: typeof openCrm) {
  const crm = await open();
  await crm.relationships.defineTypes([
    ...standardTypes,
    { key: "chess partner", shape: "symmetric", name: "plays chess with", fromRole: "chess_partner" },
  ]);
  const { thing } = await thingsOf(crm, "Ben, Cleo, Acme Ltd, Bolt Ltd");
  const { id } = await crm.contacts.create({
    ...{
      givenName: "Ann",
      familyName: "Silva",
      email: "ann@example.com",
      birthDate: "1980-05-17",
      preferredChannel: "email",
    },
  });
  const ann = { entityType: "contact", id };
  await crm.relationships.relateMany([
    {
      ...{ type: "employment", from: ann, to: thing.Acme!, validFrom: "2020-01-01", validUntil: "2024-12-31" },
      ...{ attributes: { position: "Engineer" }, source: "LinkedIn", evidence: [{ url: "https://example.com/ann" }] },
    },
    { type: "parent", from: ann, to: thing.Ben! },
    { type: "founder", from: ann, to: thing.Bolt! },
    { type: "chess partner", from: thing.Cleo!, to: ann, visibility: "restricted" },
    { type: "friend", from: thing.Cleo!, to: ann, basis: "stated" },
  ]);
  await crm.relationships.recordStatement(ann, { kind: "refusal", purpose: "scoring", words: "No scores." });
  await crm.relationships.recordReading(ann, { purpose: "support", recipient: "A Processor Ltd" });
  return { crm, ann, thing };
}

onEveryStorage((open) => {
  it("an export is a document of the vocabulary of schema.org, whose relationships have days and sources", async () => {
    const { crm, ann, thing } = await openAnn(open);
    const document = await crm.relationships.exportParty(ann);
    const [person] = document["@graph"];
    expect(person).toMatchObject({
      ...{ "@id": iri(ann), "@type": "Person", name: "Ann Silva", givenName: "Ann", familyName: "Silva" },
      ...{ email: "ann@example.com", birthDate: "1980-05-17", "relata:preferredChannel": "email" },
      contactPoint: [{ "@type": "ContactPoint", email: "ann@example.com" }],
      worksFor: [
        {
          ...{ "@type": "Role", worksFor: { "@id": iri(thing.Acme!) }, roleName: "Engineer" },
          ...{ startDate: "2020-01-01", endDate: "2024-12-31", "relata:source": "LinkedIn" },
          "relata:evidence": [{ "@type": "CreativeWork", url: "https://example.com/ann" }],
        },
      ],
      children: [{ children: { "@id": iri(thing.Ben!) } }],
      knows: [{ knows: { "@id": iri(thing.Cleo!) }, "relata:basis": "stated" }],
      "@reverse": { founder: [{ "@type": "Role", "@reverse": { founder: [{ "@id": iri(thing.Bolt!) }] } }] },
    });
    const types = document["@graph"].map((node) => node["@type"]);
    expect(types.slice(1, 5).sort()).toEqual(["Organization", "Organization", "Person", "Person"]);
    expect(types.slice(5)).toEqual(["relata:Statement", "ReadAction"]);
    expect(JSON.stringify(document)).not.toContain("chess");
    const all = await crm.relationships.exportParty(ann, { audience: "staff" });
    expect(all["@graph"][0]).toMatchObject({ "@reverse": { "relata:chess%20partner": [{}] } });
  });
});

it("an export is valid for a JSON-LD processor, without the network and with nothing lost", async () => {
  const { crm, ann, thing } = await openAnn(openCrm);
  const document = await crm.relationships.exportParty(ann, { audience: "staff" });
  const expanded = await jsonld.expand(JSON.parse(JSON.stringify(document)), strict as never);
  expect(expanded).toHaveLength(document["@graph"].length);
  const quads = (await jsonld.toRDF(JSON.parse(JSON.stringify(document)), strict as never)) as unknown as readonly {
    readonly subject: { readonly value: string };
    readonly predicate: { readonly value: string };
    readonly object: { readonly value: string; readonly datatype?: { readonly value: string } };
  }[];
  const objectsOf = (subject: string, property: string) =>
    quads
      .filter((quad) => quad.subject.value === subject && quad.predicate.value === `https://schema.org/${property}`)
      .map(({ object }) => object);
  expect(objectsOf(iri(ann), "givenName")[0]!.value).toBe("Ann");
  const [job] = objectsOf(iri(ann), "worksFor");
  expect(objectsOf(job!.value, "worksFor")[0]!.value).toBe(iri(thing.Acme!));
  expect(objectsOf(job!.value, "startDate")[0]).toMatchObject({
    ...{ value: "2020-01-01", datatype: { value: "https://schema.org/Date" } },
  });
  const [founding] = objectsOf(iri(thing.Bolt!), "founder");
  expect(objectsOf(founding!.value, "founder")[0]!.value).toBe(iri(ann));
});
