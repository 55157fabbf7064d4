/** How what is known of a party is said in the words of schema.org. What has no word there has one of this vocabulary: "relata:". */

/** By key of a type: the property from its `from` end to the other, and the one from there back. Null: there is only the way back, or none. */
export interface EdgeProperties {
  readonly along: string | null;
  readonly against: string | null;
}

const both = (property: string): EdgeProperties => ({ along: property, against: property });

/** Of `standardTypes`. A type that is not here is `relata:<key>` from its `from` end. */
export const edgeProperties: ReadonlyMap<string, EdgeProperties> = new Map([
  ["parent", { along: "children", against: "parent" }],
  ["spouse", both("spouse")],
  ["sibling", both("sibling")],
  ["friend", both("knows")],
  ["acquaintance", both("knows")],
  ["colleague", both("colleague")],
  ["employment", { along: "worksFor", against: "employee" }],
  ["journalist", { along: "worksFor", against: "employee" }],
  ["member", { along: "memberOf", against: "member" }],
  ["board_member", { along: "memberOf", against: "member" }],
  ["alumnus", { along: "alumniOf", against: "alumni" }],
  ["owner", { along: "owns", against: null }],
  ["founder", { along: null, against: "founder" }],
  ["sponsor", { along: null, against: "sponsor" }],
  ["investor", { along: null, against: "funder" }],
]);

/** By entity: the type of its records, and the properties of their fields. A field that is not here is `relata:<field>`. */
export const entityTerms: ReadonlyMap<string, { readonly type: string; readonly fields: ReadonlyMap<string, string> }> =
  new Map([
    [
      "contact",
      {
        type: "Person",
        fields: new Map([
          ["givenName", "givenName"],
          ["middleName", "additionalName"],
          ["familyName", "familyName"],
          ["honorific", "honorificPrefix"],
          ["suffix", "honorificSuffix"],
          ["fullName", "name"],
          ["jobTitle", "jobTitle"],
          ["email", "email"],
          ["phone", "telephone"],
          ["birthDate", "birthDate"],
          ["deathDate", "deathDate"],
          ["gender", "gender"],
          ["preferredLanguage", "knowsLanguage"],
          ["description", "description"],
        ]),
      },
    ],
    [
      "account",
      {
        type: "Organization",
        fields: new Map([
          ["name", "name"],
          ["phone", "telephone"],
          ["description", "description"],
          ["employees", "numberOfEmployees"],
        ]),
      },
    ],
  ]);

/** By entity of what belongs to a party: the property that the party has it by, and what of the record is its value. */
export const recordTerms: ReadonlyMap<
  string,
  { readonly property: string; readonly fields: ReadonlyMap<string, string>; readonly type: string }
> = new Map([
  [
    "emailAddress",
    {
      property: "contactPoint",
      type: "ContactPoint",
      fields: new Map([
        ["address", "email"],
        ["kind", "contactType"],
      ]),
    },
  ],
  [
    "phoneNumber",
    {
      property: "contactPoint",
      type: "ContactPoint",
      fields: new Map([
        ["number", "telephone"],
        ["kind", "contactType"],
      ]),
    },
  ],
  [
    "postalAddress",
    {
      ...{ property: "address", type: "PostalAddress" },
      fields: new Map([
        ["street", "streetAddress"],
        ["city", "addressLocality"],
        ["region", "addressRegion"],
        ["postalCode", "postalCode"],
        ["country", "addressCountry"],
        ["kind", "contactType"],
      ]),
    },
  ],
]);

/** Stands in the document itself, so that a reader needs no network. */
export const jsonLdContext = {
  "@vocab": "https://schema.org/",
  relata: "urn:relata:vocabulary:",
  ...Object.fromEntries(["startDate", "endDate"].map((name) => [name, { "@type": "https://schema.org/Date" }])),
  ...Object.fromEntries(["dateCreated", "startTime"].map((name) => [name, { "@type": "https://schema.org/DateTime" }])),
} as const;
