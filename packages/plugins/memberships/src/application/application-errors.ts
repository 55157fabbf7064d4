/** What is refused about applications. */
export const applicationErrors = {
  application_fee_unpaid:
    "Application {id} is not approved before its fee of {fee} is paid: record the payment, or take the fee off.",
  application_fee_differs: "Application {id} has a fee of {fee}, and {amount} was paid: the fee is paid at once.",
  application_fee_paid: "The fee of application {id} is paid already, by payment {paymentId}.",
  application_approved:
    "Application {id} was approved, and has made membership {membershipId}: cancel that instead of the approval.",
} as const;
