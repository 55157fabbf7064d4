/** A plain model of memberships, for tests: months as text, lists of days, amounts in cents, and no more. */
import { addDays, daysBetween } from "@relata/core/plugin";
import {
  byDay,
  type Days,
  endRanges,
  freeDays,
  holds,
  joined,
  LAST,
  lengthOf,
  monthsLater,
  partOf,
  within,
} from "./model-days-fixture.ts";

export type Level = "friend" | "gold";
/** Of a month, in cents. */
export const PRICES: Readonly<Record<Level, number>> = { friend: 1_000, gold: 2_537 };

export interface Rules {
  readonly graceRenewal: "continue" | "restart";
  readonly onRefund: "end" | "keep";
  readonly onChargeback: "end" | "keep";
}

export interface ModelTerm {
  from: string;
  to: string;
  anchor: string;
  place: number;
  /** The number of the order; -1: transferred. */
  order: number;
  level: Level;
  price: number;
  /** Cut by a refund, a change or a transfer: the days of a pause are not added to it any more. */
  isCut: boolean;
}

export interface ModelOrder {
  owner: ModelMember;
  readonly kind: "join" | "renewal" | "change";
  readonly level: Level;
  readonly terms: number;
  readonly due: number;
  readonly credited: number;
  readonly ordered: string;
  paid: number;
  state: "open" | "applied" | "void";
  since: string;
}

/** One person of the program. */
export class ModelMember {
  terms: ModelTerm[] = [];
  cancelled: Days[] = [];
  paused: (Days & { hasAdded: boolean })[] = [];
  credit = 0;
  renewal: Level = "friend";
  exists = false;
}

export const REFUSED = "refused";
/** What is not refused is done; undefined: there is nothing to do it to. */
export type Outcome = typeof REFUSED | "done" | undefined;

export class Model {
  readonly orders: ModelOrder[] = [];
  readonly payments: { readonly order: number; readonly amount: number; back: number }[] = [];
  today: string;
  readonly rules: Rules;
  members: ModelMember[];

  constructor(today: string, rules: Rules, members: number) {
    this.today = today;
    this.rules = rules;
    this.members = Array.from({ length: members }, () => new ModelMember());
  }

  status(of: ModelMember, day: string): string | null {
    const term = of.terms.findLast(({ from }) => from <= day);
    const waits = (order: ModelOrder) =>
      order.owner === of && order.ordered <= day && (order.state !== "void" || day < order.since);
    if (!term && !this.orders.some(waits)) return null;
    if (holds(of.cancelled, day)) return "cancelled";
    if (holds(of.paused, day)) return "paused";
    if (!term) return "pending";
    if (day <= term.to) return day <= monthsLater(of.terms[0]!.from, 3) ? "new" : "current";
    return day <= monthsLater(term.to, 1) ? "grace" : "expired";
  }

  counts(of: ModelMember, day = this.today): boolean {
    return ["new", "current", "grace"].includes(this.status(of, day) ?? "");
  }

  openOrder(of: ModelMember): number {
    return this.orders.findIndex(({ owner, state }) => owner === of && state === "open");
  }

  running(of: ModelMember): ModelTerm | undefined {
    return of.terms.findLast(({ from }) => from <= this.today);
  }

  join(of: ModelMember, level: Level, terms: number): Outcome {
    if (this.counts(of) || this.status(of, this.today) === "paused" || this.openOrder(of) >= 0) return REFUSED;
    // A term that is to come stands in the way of a new chain, unless the membership is cancelled then.
    const end = of.cancelled.findLast(({ from, to }) => from <= this.today && this.today <= to)?.to ?? "";
    if (of.terms.some(({ from, to }) => to >= this.today && from > end)) return REFUSED;
    [of.exists, of.renewal] = [true, level];
    return this.order(of, { kind: "join", level, terms, price: terms * PRICES[level] });
  }

  renew(of: ModelMember, terms: number): Outcome {
    if (!of.exists) return undefined;
    if (this.openOrder(of) >= 0 || of.terms.length === 0 || this.status(of, this.today) === "cancelled") return REFUSED;
    return this.order(of, { kind: "renewal", level: of.renewal, terms, price: terms * PRICES[of.renewal] });
  }

  change(of: ModelMember, level: Level): Outcome {
    if (!of.exists) return undefined;
    const term = this.running(of);
    const isIn = term && ["new", "current"].includes(this.status(of, this.today)!);
    if (!isIn || term.level === level || this.openOrder(of) >= 0) return REFUSED;
    return this.order(of, {
      kind: "change",
      level,
      terms: 1,
      price: Math.max(this.quote(of, level, this.today).rest, 0),
    });
  }

  private order(
    owner: ModelMember,
    { price, ...given }: Pick<ModelOrder, "kind" | "level" | "terms"> & { price: number },
  ): Outcome {
    const credited = Math.min(price, owner.credit);
    owner.credit -= credited;
    const days = { ordered: this.today, since: this.today };
    const at =
      this.orders.push({ ...given, owner, due: price - credited, credited, paid: 0, state: "open", ...days }) - 1;
    if (price === credited) this.apply(at);
    return "done";
  }

  /** What is charged for the new level, and what is then to be paid: below nothing, it is credit. */
  private quote(of: ModelMember, level: Level, on: string) {
    const term = of.terms.findLast(({ from }) => from <= on)!;
    const later = of.terms.filter(({ from }) => from > term.from);
    const whole = of.terms.filter(({ anchor, place }) => anchor === term.anchor && place === term.place);
    const left = Math.max(daysBetween(on, term.to) + 1, 0);
    const credit = partOf(term.price, left, lengthOf(term)) + later.reduce((sum, { price }) => sum + price, 0);
    const keepsEnd = later.every((each) => each.level === term.level);
    const days = whole.reduce((sum, each) => sum + lengthOf(each), 0);
    const charge = keepsEnd ? partOf(PRICES[level], left, days) + PRICES[level] * later.length : PRICES[level];
    return { term, later, keepsEnd, charge, rest: charge - credit };
  }

  pay(of: ModelMember, part: number): Outcome {
    const at = this.openOrder(of);
    const order = this.orders[at];
    if (!order) return undefined;
    const amount = Math.min(part, order.due - order.paid);
    if (order.paid + amount === order.due && this.isInTheWay(order)) return REFUSED;
    this.payments.push({ order: at, amount, back: 0 });
    order.paid += amount;
    if (order.paid === order.due) this.apply(at);
    return "done";
  }

  private apply(at: number): void {
    const order = this.orders[at]!;
    const { owner: of, level, terms } = order;
    order.state = "applied";
    of.renewal = level;
    if (order.kind === "change") {
      this.applyChange(at);
      return;
    }
    const last = of.terms.at(-1);
    let [anchor, place] = [this.today, 0];
    if (last && this.goesOn(order)) {
      const restarts = last.to < this.today && this.rules.graceRenewal === "restart";
      endRanges(of.cancelled, this.today);
      if (!restarts) [anchor, place] = placeAfter(last, last.level === level);
    } else this.beginAgain(of);
    for (let number = 0; number < terms; number++, place++)
      of.terms.push({
        ...{ from: monthsLater(anchor, place), to: addDays(monthsLater(anchor, place + 1), -1), anchor, place },
        ...{ order: at, level, price: PRICES[level], isCut: false },
      });
    of.terms.sort(byDay);
  }

  /** Behind the last term; joining does where a merge has brought terms that run, or are to come. */
  private goesOn({ owner: of, kind }: ModelOrder): boolean {
    const status = this.status(of, this.today);
    const last = of.terms.at(-1);
    if (!last || status === "cancelled") return false;
    const runs = this.today <= last.to;
    return kind === "renewal" ? this.counts(of) || status === "paused" || runs : runs;
  }

  /** A term that is to come, and was not given up, where new ones would begin today. */
  private isInTheWay(order: ModelOrder): boolean {
    const { owner: of, kind } = order;
    if (kind === "change" || this.goesOn(order)) return false;
    const end = of.cancelled.findLast(({ from, to }) => from <= this.today && this.today <= to)?.to ?? "";
    const until = addDays(monthsLater(this.today, order.terms), -1);
    return of.terms.some(({ from, to }) => from > end && to >= this.today && from <= until);
  }

  private applyChange(at: number): void {
    const { owner: of, level, ordered } = this.orders[at]!;
    const { term, later, keepsEnd, charge, rest } = this.quote(of, level, ordered);
    const to = keepsEnd ? term.to : addDays(monthsLater(ordered, 1), -1);
    endTerms(of, [term, ...later], ordered);
    of.credit += Math.max(-rest, 0);
    const [anchor, place] = keepsEnd ? [term.anchor, term.place] : [ordered, 0];
    const others = keepsEnd ? later : [];
    const made = { order: at, level, isCut: false };
    of.terms.push({ ...made, from: ordered, to, anchor, place, price: charge - others.length * PRICES[level] });
    for (const each of others) of.terms.push({ ...each, ...made, price: PRICES[level] });
    of.terms.sort(byDay);
  }

  /** What was cancelled is given up; neither a cancellation nor a pause goes on. */
  private beginAgain(of: ModelMember): void {
    const end = of.cancelled.findLast(({ from, to }) => from <= this.today && this.today <= to)?.to ?? "";
    endTerms(
      of,
      of.terms.filter(({ from }) => from <= end),
      this.today,
    );
    endRanges(of.cancelled, this.today);
    endRanges(of.paused, this.today);
  }

  giveBack(at: number, kind: "refund" | "chargeback"): Outcome {
    const payment = this.payments[at];
    if (!payment) return undefined;
    if (payment.back > 0) return REFUSED;
    payment.back = payment.amount;
    const order = this.orders[payment.order]!;
    const of = order.owner;
    order.paid -= payment.amount;
    const rule = kind === "refund" ? this.rules.onRefund : this.rules.onChargeback;
    if (order.state !== "applied" || rule === "keep") return "done";
    const own = of.terms.filter((term) => term.order === payment.order);
    const running = this.running(of);
    const ends = running && own.includes(running) && running.from < this.today && !holds(of.cancelled, this.today);
    const next = of.terms.find((term) => term.from > this.today && term.order !== payment.order);
    if (own.some(({ to }) => to >= this.today)) this.giveUpOrders(of);
    endTerms(of, own, this.today);
    Object.assign(order, { state: "void", since: this.today });
    if (ends) of.cancelled.push({ from: this.today, to: next ? addDays(next.from, -1) : LAST });
    return "done";
  }

  private giveUpOrders(of: ModelMember): void {
    for (const order of this.orders)
      if (order.owner === of && order.state === "open") {
        Object.assign(order, { state: "void", since: this.today });
        of.credit += order.credited;
      }
  }

  cancel(of: ModelMember): Outcome {
    if (!of.exists) return undefined;
    if (this.status(of, this.today) === "cancelled") return REFUSED;
    this.giveUpOrders(of);
    endRanges(of.cancelled, this.today);
    if (of.terms.length > 0) of.cancelled.push({ from: this.today, to: LAST });
    return "done";
  }

  reinstate(of: ModelMember): Outcome {
    if (!of.exists) return undefined;
    if (!of.cancelled.some(({ to }) => this.today <= to)) return REFUSED;
    endRanges(of.cancelled, this.today);
    return "done";
  }

  /** Without days: until it is resumed. */
  pause(of: ModelMember, days: number | undefined): Outcome {
    if (!of.exists) return undefined;
    const running = this.running(of);
    const isIn = running && this.today <= running.to && ["new", "current"].includes(this.status(of, this.today)!);
    if (!isIn) return REFUSED;
    of.paused.push({
      from: this.today,
      to: days === undefined ? LAST : addDays(this.today, days - 1),
      hasAdded: days !== undefined,
    });
    if (days !== undefined) move(of, running, days);
    return "done";
  }

  resume(of: ModelMember): Outcome {
    if (!of.exists) return undefined;
    const at = of.paused.findIndex(({ from, to }) => from <= this.today && this.today <= to);
    const pause = of.paused[at];
    if (!pause) return REFUSED;
    const term = of.terms.findLast(({ from }) => from <= pause.from);
    const notPaused = pause.hasAdded ? -(daysBetween(this.today, pause.to) + 1) : 0;
    const days = pause.to === LAST ? daysBetween(pause.from, this.today) : notPaused;
    if (pause.from === this.today) of.paused.splice(at, 1);
    else pause.to = addDays(this.today, -1);
    if (term && days !== 0 && !term.isCut) move(of, term, days);
    return "done";
  }

  transfer(of: ModelMember, to: ModelMember): Outcome {
    if (!of.exists) return undefined;
    const running = this.running(of);
    const isIn = running && this.today <= running.to && ["new", "current"].includes(this.status(of, this.today)!);
    if (!isIn || this.counts(to) || this.openOrder(to) >= 0) return REFUSED;
    const moved = of.terms.filter(({ from }) => from >= running.from);
    const rows = moved.map((term): ModelTerm => {
      const from = [term.from, this.today].sort()[1]!;
      const price = partOf(term.price, daysBetween(from, term.to) + 1, lengthOf(term));
      return { ...term, from, price, order: -1, isCut: false };
    });
    const end = to.cancelled.findLast(({ from, to: last }) => from <= this.today && this.today <= last)?.to ?? "";
    const standing = to.terms.filter((term) => term.from > end && term.to >= this.today);
    if (standing.some((term) => rows.some((row) => row.from <= term.to && term.from <= row.to))) return REFUSED;
    endTerms(of, moved, this.today);
    this.giveUpOrders(of);
    of.cancelled.push({ from: this.today, to: LAST });
    this.beginAgain(to);
    to.terms.push(...rows);
    to.terms.sort(byDay);
    [to.exists, to.renewal] = [true, of.renewal];
    return "done";
  }

  /** The other one is a new person then. */
  merge(of: ModelMember, other: ModelMember): Outcome {
    this.members = this.members.map((each) => (each === other ? new ModelMember() : each));
    const orders = this.orders.filter(({ owner }) => owner === other);
    if (!of.exists || !other.exists) {
      if (other.exists) Object.assign(of, { ...other });
      for (const order of orders) order.owner = of;
      return "done";
    }
    const endOf = ({ terms }: ModelMember) => terms.at(-1)?.to ?? "";
    const isMember = endOf(of) >= this.today || endOf(other) >= this.today || this.openOrder(of) >= 0;
    if (isMember) this.giveUpOrders(other);
    if (endOf(other) > endOf(of)) of.renewal = other.renewal;
    of.credit += other.credit;
    const pieces = other.terms.flatMap((term) =>
      freeDays(term, of.terms).map((days): ModelTerm => {
        const isWhole = days.from === term.from && days.to === term.to;
        return {
          ...term,
          ...days,
          price: partOf(term.price, lengthOf(days), lengthOf(term)),
          isCut: term.isCut || !isWhole,
        };
      }),
    );
    const own = new Set(of.terms);
    const all = [...of.terms, ...pieces].sort(byDay);
    const mine = all.map((term, at) => ({
      isOwn: own.has(term),
      from: at === 0 ? "0001-01-01" : term.from,
      to: all[at + 1] ? addDays(all[at + 1]!.from, -1) : LAST,
    }));
    const first: Days[] = all[0]
      ? [{ from: "0001-01-01", to: addDays(all[0].from, -1) }]
      : [{ from: "0001-01-01", to: LAST }];
    const governed = (isOwn: boolean) => joined([...first, ...mine.filter((each) => each.isOwn === isOwn)]);
    for (const kind of ["cancelled", "paused"] as const)
      of[kind] = [...within(of[kind], governed(true)), ...within(other[kind], governed(false))] as never;
    of.terms = all;
    for (const order of orders) order.owner = of;
    return "done";
  }
}

function placeAfter(last: ModelTerm, isSamePlan: boolean): [string, number] {
  const from = addDays(last.to, 1);
  const fits = isSamePlan && monthsLater(last.anchor, last.place + 1) === from;
  return fits ? [last.anchor, last.place + 1] : [from, 0];
}

function isWhole({ anchor, place, from, to }: ModelTerm): boolean {
  return monthsLater(anchor, place) === from && addDays(monthsLater(anchor, place + 1), -1) === to;
}

function endTerms(of: ModelMember, terms: readonly ModelTerm[], day: string): void {
  for (const term of terms)
    if (term.from < day && term.to >= day) Object.assign(term, { to: addDays(day, -1), isCut: true });
  of.terms = of.terms.filter((term) => !terms.includes(term) || term.from < day);
}

/** The term ends so many days later; those that join on to it follow, and one that is in the way. */
function move(of: ModelMember, term: ModelTerm, days: number): void {
  let [last, end] = [term, term.to];
  last.to = addDays(last.to, days);
  for (const each of of.terms.filter(({ from }) => from > term.from)) {
    const joins = each.from === addDays(end, 1);
    if (!joins && each.from > last.to) return;
    end = each.to;
    const from = addDays(last.to, 1);
    if (isWhole(each)) {
      const [anchor, place] = placeAfter(last, each.level === last.level);
      Object.assign(each, { from, to: addDays(monthsLater(anchor, place + 1), -1), anchor, place });
    } else Object.assign(each, { from, to: addDays(from, lengthOf(each) - 1) });
    last = each;
  }
}
