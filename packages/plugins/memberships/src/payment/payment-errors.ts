/** What is refused about money. */
export const paymentErrors = {
  other_currency: "The program is paid in {currency}, and this is {given}.",
  payment_differs:
    'Payment "{paymentId}" is recorded already, and otherwise: {field} was {recorded}, and is now {given}.',
  refund_exceeds_payment:
    'Of payment "{paymentId}", {left} {currency} are left to go back, and {given} were asked for.',
  unknown_payment: 'There is no payment "{paymentId}": record it before its refund.',
  payment_exceeds_order: "Of order {id}, {left} {currency} are left to pay, and {given} were reported.",
  no_longer_offered:
    'Plan {id} is no longer offered, because "{archived}" is archived: name another plan, or restore it.',
  order_applied: "Order {id} has made its terms already: refund its payments, or cancel the membership.",
  order_paid_in_part:
    "Of order {id}, {paid} {currency} are paid: have the rest paid, or refund it (recordRefund) and give it up then.",
  order_void: "Order {id} was given up on {day}: make a new one.",
} as const;
