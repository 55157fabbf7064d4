/** What questions refuse. */
export const questionErrors = {
  search_too_wide:
    "The question would read more than {most} relationships: narrow it by types, minStrength, entities or fewer hops, or raise {field}.",
} as const;
