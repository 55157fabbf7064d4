/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { parts } from "./parts.ts";

const define = () =>
  definePlugin({
    id: "memberships",
    version: "1.0.0",
    ...parts,
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Memberships extends Named<ReturnType<typeof define>> {}

/** Nonprofit memberships: programs and levels, chains of terms, payments, statuses of any day, as `crm.memberships`. */
export const memberships = (): Memberships => define();
