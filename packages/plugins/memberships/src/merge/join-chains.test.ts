import { addDays } from "@relata/core/plugin";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spansOf } from "../chain/spans.ts";
import type { MembershipEventRecord, TermRecord } from "../parts.ts";
import { joinChains } from "./join-chains.ts";

const DAYS = 60;
const day = (number: number) => addDays("2024-01-01", number);
const dayOf = (text: string | null) =>
  text === null ? DAYS * 2 : Math.round((Date.parse(text) - Date.parse("2024-01-01")) / 86_400_000);

/** Terms by their first days and lengths, with gaps; the last one may be for life. */
const chain = (name: string) =>
  fc
    .tuple(fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 15 }), fc.boolean()), { maxLength: 4 }), fc.boolean())
    .map(([parts, forLife]) => {
      let next = 0;
      let start = 0;
      return parts.map(([gap, length, isReturn], at) => {
        const first = next + gap;
        next = first + length;
        if (at === 0 || isReturn) start = first;
        const ends = forLife && at === parts.length - 1 ? null : day(next - 1);
        return {
          ...term,
          id: `${name}${at}`,
          membershipId: name,
          countsFrom: day(first),
          startsOn: day(first),
          endsOn: ends,
          chainStartsOn: day(start),
        };
      });
    });
const term = { levelId: "level", voidedOn: null, price: null } as unknown as TermRecord;

const events = (name: string) =>
  fc
    .array(fc.tuple(fc.constantFrom("cancelled", "paused"), fc.nat(DAYS), fc.option(fc.nat(20))), { maxLength: 2 })
    .map((all) =>
      all.map(
        ([kind, from, length], at) =>
          ({
            id: `${name} event ${at}`,
            kind,
            validFrom: day(from),
            validUntil: length === null ? null : day(from + length),
            voidedOn: null,
            status: null,
          }) as MembershipEventRecord,
      ),
    );

const coveredBy = (terms: readonly TermRecord[], number: number) =>
  terms.filter(({ countsFrom, endsOn }) => dayOf(countsFrom) <= number && number <= dayOf(endsOn));

const holds = <T>(property: fc.IProperty<T>) => fc.assert(property, { numRuns: 300 });

describe("two chains that are joined", () => {
  it("cover the days that either covered, each once, and the survivor's as they were", () => {
    return holds(
      fc.property(chain("own"), chain("other"), (own, other) => {
        const joined = joinChains({ terms: own, events: [] }, { terms: other, events: [] });
        const terms = joined.terms.flatMap(({ record, pieces }) => pieces.map((piece) => ({ ...record, ...piece })));
        for (let number = 0; number < DAYS * 2; number++) {
          const [before, beside, after] = [own, other, terms].map((all) => coveredBy(all, number));
          expect(after!.map(({ id }) => id)).toEqual((before!.length > 0 ? before! : beside!).map(({ id }) => id));
          const told = joined.overlaps.filter(({ from, until }) => dayOf(from) <= number && number <= dayOf(until));
          expect(told.map(({ keptTermId, cutTermId }) => [keptTermId, cutTermId])).toEqual(
            before!.length > 0 && beside!.length > 0 ? [[before![0]!.id, beside![0]!.id]] : [],
          );
        }
        const sorted = terms.toSorted((a, b) => (a.countsFrom < b.countsFrom ? -1 : 1));
        for (const [at, each] of sorted.entries()) {
          expect(each.chainStartsOn <= each.countsFrom).toBe(true);
          const last = sorted[at - 1];
          if (last?.endsOn && addDays(last.endsOn, 1) === each.countsFrom)
            expect(each.chainStartsOn).toBe(last.chainStartsOn);
        }
      }),
    );
  });

  it("are cancelled and paused on the days of the membership that this was about", () => {
    return holds(
      fc.property(
        fc.tuple(chain("own"), events("own")),
        fc.tuple(chain("other"), events("other")),
        ([own, ownEvents], [other, otherEvents]) => {
          const joined = joinChains({ terms: own, events: ownEvents }, { terms: other, events: otherEvents });
          const apply = <R extends object>(
            parts: readonly { readonly record: R; readonly pieces: readonly object[] }[],
          ) => parts.flatMap(({ record, pieces }) => pieces.map((piece) => ({ ...record, ...piece })));
          const spans = spansOf({
            terms: apply(joined.terms) as TermRecord[],
            events: apply(joined.events) as MembershipEventRecord[],
            orders: [],
          });
          const [first, second] = [
            spansOf({ terms: own, events: ownEvents, orders: [] }),
            spansOf({ terms: other, events: otherEvents, orders: [] }),
          ];
          for (let number = 0; number < DAYS; number++) {
            const stateIn = (all: typeof spans) =>
              all.find(({ firstDay, lastDay }) => firstDay <= day(number) && day(number) <= lastDay);
            const now = stateIn(spans);
            const source = now && (now.termId!.startsWith("own") ? first : second);
            expect(now?.state).toBe(source && stateIn(source)?.state);
          }
        },
      ),
    );
  });
});
