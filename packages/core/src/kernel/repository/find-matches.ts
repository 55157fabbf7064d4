/** Which fields of a record that was found match, and where. */
import type { EntitySchema, FieldSchema, ResolvedSchema } from "../entity/entity-schema.ts";
import { foldAs, foldingOf } from "../entity/folding.ts";
import type { IncludeQuery, Row, RowElement } from "../storage/query.ts";
import { phoneForms } from "../value/phone.ts";
import { type Place, placesOf } from "../value/text-places.ts";
import type { Compilation } from "./compilation.ts";
import { anyTermCondition } from "./compile-search.ts";
import type { SearchMatch } from "./search-hit.ts";
import type { SearchText } from "./search-text.ts";
import { foldedFields, searchedAlong } from "./searched-fields.ts";

/** Of each relation, for each record. */
const MOST_MATCHES = 10;

/** Loads, with a record, what matches in records that are searched for it. */
export function matchIncludes(at: Compilation, { terms }: SearchText): readonly IncludeQuery[] {
  return searchedAlong(at.schema, at.entity).map(({ entity, by }) => {
    const foreign = by.columns[0]!.name;
    return {
      cardinality: "many",
      local: "id",
      foreign,
      query: {
        table: entity.table.name,
        columns: [foreign, "id", ...foldedFields(entity).map(({ columns }) => columns[0]!.name)],
        where: anyTermCondition({ ...at, entity }, terms),
        orderBy: [{ column: "id", direction: "asc" }],
        limit: at.params.push(MOST_MATCHES) - 1,
        include: [],
      },
    };
  });
}

/** `related` are the rows that `matchIncludes` asks for. */
export function matchesIn(
  {
    schema,
    entity,
    text,
  }: { readonly schema: ResolvedSchema; readonly entity: EntitySchema; readonly text: SearchText },
  record: object,
  related: readonly RowElement[],
): readonly SearchMatch[] {
  const own = foldedFields(entity).flatMap((field) =>
    matchOf(text, field, { name: field.name, value: (record as Record<string, string | null>)[field.name]! }),
  );
  const along = searchedAlong(schema, entity).flatMap(({ entity: other, name }, i) =>
    (related[i] as readonly Row[]).flatMap(([, , ...values]) =>
      foldedFields(other).flatMap((field, j) =>
        matchOf(text, field, { name: `${name}.${field.name}`, value: values[j] as string | null }),
      ),
    ),
  );
  return [...own, ...along];
}

function matchOf(
  text: SearchText,
  field: FieldSchema,
  { name, value }: { readonly name: string; readonly value: string | null },
): readonly SearchMatch[] {
  if (value === null) return [];
  const places = foldingOf(field) === "phone" ? phonePlaces(text, value) : textPlaces(text, value);
  return places.length === 0 ? [] : [{ field: name, value, places }];
}

function textPlaces({ terms }: SearchText, value: string): readonly Place[] {
  return placesOf(
    value,
    terms.flatMap(({ words }) => words),
  );
}

function phonePlaces({ terms }: SearchText, value: string): readonly Place[] {
  const digits = foldAs("phone", value);
  const found = terms.some(
    ({ phone }) => phone !== undefined && (digits.includes(phone) || phoneForms(phone).includes(digits)),
  );
  return found ? [[0, value.length]] : [];
}
