/** A text in the form that it is compared by, or what keeps it from having one. */
export type Normalized =
  | { readonly normalized: string; readonly problem?: undefined }
  | { readonly problem: string; readonly normalized?: undefined };
