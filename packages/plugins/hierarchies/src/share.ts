/** Shares as they are given: per cent, exact. */
import { Big } from "big.js";
import * as z from "zod";

const DECIMAL = /^\d{1,3}(?:\.\d{1,12})?$/;

/** From 0 to 100, in its shortest form. */
export const shareSchema = z
  .string()
  .refine((share) => DECIMAL.test(share) && new Big(share).lte(100), {
    message: "is no decimal from 0 to 100 with at most 12 digits after the point",
  })
  .transform((share) => new Big(share).toFixed());
