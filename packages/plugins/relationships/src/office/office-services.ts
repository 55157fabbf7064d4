/** Offices, as services. */
import * as z from "zod";
import { idSchema, parsed } from "../asked.ts";
import { askedDay, askedSpan, type DayQuery, type SpanQuery, spanFields } from "../interval/asked-days.ts";
import type { OfficeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { defineOffices, type OfficeDefinition, officeSchema } from "./define-offices.ts";
import { type Handover, handovers } from "./handovers.ts";
import { type AppointInput, appoint, endOffice, type VacateInput, vacate } from "./hold-office.ts";
import { type HoldersAround, holdersAround, holdersOn } from "./holders.ts";
import type { AskedOffices, Holding } from "./read-offices.ts";
import { type Vacancy, vacancies } from "./vacancies.ts";

/** Of all offices, unless some are named: by their ids, by the accounts that they are at, or by both. */
export type OfficeSpanQuery = SpanQuery & AskedOffices;

/** A day (today unless given), or the days of a span. */
export type VacancyQuery = (DayQuery & AskedOffices) | OfficeSpanQuery;

const idsSchema = z.array(idSchema).optional();
const officeFields = { officeIds: idsSchema, accountIds: idsSchema };

export function officeServices(context: RelationshipsContext) {
  const dayOf = (given: DayQuery) => askedDay(context, { entity: "office", fields: {}, given });
  const spanOf = (given: VacancyQuery) => askedSpan(context, { entity: "office", fields: officeFields, given });
  return {
    /**
     * Makes an office, known by its account and its title, or makes the one that is there as it is given; what is not given stays.
     * One unit.
     *
     * @throws `invalid_input`, `unknown_relationship_type`, `relationship_type_archived`, `reference_not_found`; `office_held_twice`, `office_not_there`
     * and `office_in_use` where holders that there are would break it
     * @example
     * ```ts run with relationships
     * const chair = await crm.relationships.defineOffice({ accountId: acme.id, title: "Chair", validFrom: "2015-01-01" });
     * await crm.relationships.appoint(chair.id, { holder: anna, validFrom: "2019-03-01" });
     * await crm.relationships.appoint(chair.id, { holder: bela, validFrom: "2023-07-01", replacing: true });
     * const [holder] = await crm.relationships.holdersOn(chair.id, { on: "2023-06-30" });
     * console.log(holder?.holder.id === anna.id); // true: Anna's last day
     * ```
     */
    defineOffice: async (office: OfficeDefinition): Promise<OfficeRecord> =>
      (await defineOffices(context, [parsed("office", officeSchema, office)]))[0]!,
    /** The same for many, in the order given. One unit: all, or none. @throws as `defineOffice` */
    defineOffices: (offices: readonly OfficeDefinition[]): Promise<readonly OfficeRecord[]> =>
      defineOffices(context, offices),
    /**
     * Relates who holds an office to its account, by the office. With `replacing`, those who hold it on the first day make room: theirs ends on
     * the day before. One unit.
     *
     * @throws `not_found`, `office_held_twice`, `office_held_by_same`; `office_vacant` where who is to make room does not hold it; `invalid_input`, for
     * days on which there is no office too; `relationship_type_archived`, `relationship_key_taken`, `too_many_relationships`
     */
    appoint: (officeId: string, input: AppointInput): Promise<RelationshipRecord> => appoint(context, officeId, input),
    /** Ends holding an office, with a last day, today unless given. One unit. @throws `invalid_input`, `not_found`; `office_vacant` where nobody held it on that day */
    vacate: (officeId: string, input?: VacateInput): Promise<readonly RelationshipRecord[]> =>
      vacate(context, officeId, input),
    /**
     * Ends the office itself, with a last day, today unless given, and holding it. One unit.
     *
     * @throws `invalid_input`, `not_found`; `office_not_there` where somebody begins to hold it later
     */
    endOffice: (officeId: string, input?: Pick<VacateInput, "on" | "reason">): Promise<OfficeRecord> =>
      endOffice(context, officeId, input),
    /** Who holds an office on a day, in the order of their first days. Two statements, and one for the day where none is given. @throws `invalid_input`, `not_found` */
    holdersOn: async (officeId: string, query: DayQuery = {}): Promise<readonly Holding[]> =>
      holdersOn(context, parsed("office", idSchema, officeId), await dayOf(query)),
    /** Who holds an office on a day, who held it last before, and who holds it next. Two statements, and one for the day where none is given. @throws `invalid_input`, `not_found` */
    holdersAround: async (officeId: string, query: DayQuery = {}): Promise<HoldersAround> =>
      holdersAround(context, parsed("office", idSchema, officeId), await dayOf(query)),
    /** When nobody holds them: the vacancies that last on a day (today unless given), or on some day of a span, by account, title and day. @throws `invalid_input` */
    vacancies: async (query: VacancyQuery = {}): Promise<readonly Vacancy[]> => {
      const asked = await spanOf(query);
      return vacancies(context, asked, asked);
    },
    /** Who came after whom in a span, by account, title and day; `vacantDays` between them. @throws `invalid_input` */
    handovers: async (query: OfficeSpanQuery): Promise<readonly Handover[]> => {
      parsed("office", z.looseObject(spanFields), query);
      const asked = await spanOf(query);
      return handovers(context, asked, asked);
    },
  };
}
