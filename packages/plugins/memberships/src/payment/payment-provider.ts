/** Who takes money: a small interface to a payment provider of the application's. None is built in. */
import type { Money } from "@relata/core/plugin";

export interface ChargeRequest {
  /** The provider charges once for each id, however often it is asked, and gives the same answer again. */
  readonly chargeId: string;
  readonly orderId: string;
  readonly membershipId: string;
  readonly amount: Money;
  /** What the provider knows the means of payment by; null where none is known. */
  readonly paymentMethod: string | null;
  readonly payerContactId: string | null;
  readonly payerAccountId: string | null;
}

export type ChargeResult =
  | { readonly status: "paid"; readonly paymentId: string; readonly receivedOn?: string }
  /** It was refused: it is tried again by the level's `retryDays`, with another `chargeId`. */
  | { readonly status: "failed"; readonly reason: string }
  /** It will be reported later, by `recordPayment`; until then it is asked again with the same id. */
  | { readonly status: "pending" };

export interface PaymentProvider {
  /** What it throws means that the outcome is not known: it is asked again with the same id. */
  charge(request: ChargeRequest): Promise<ChargeResult>;
}
