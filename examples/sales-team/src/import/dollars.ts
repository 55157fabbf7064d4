/** The source names no currency: its amounts are US dollars. */
export function dollars(amount: string) {
  return { amount, currency: "USD" } as const;
}
