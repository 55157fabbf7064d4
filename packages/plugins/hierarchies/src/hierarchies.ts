/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { groupServices } from "./group-services.ts";
import { parts } from "./parts.ts";
import { edgesOf, nodesOf, type TreeQuery } from "./read-tree.ts";

const define = () =>
  definePlugin({
    id: "hierarchies",
    version: "1.0.0",
    ...parts,
    services: (context) => ({
      ...groupServices(context),
      /**
       * The accounts from the top down, each once: in the default hierarchy all, in others those that have an edge on the day; with `under`,
       * that account and what stands below it. @throws `unknown_hierarchy`, `invalid_input`; `not_found` for `under`
       */
      nodes: (query?: TreeQuery) => nodesOf(context, query),
      /** The edges between them. */
      edges: (query?: TreeQuery) => edgesOf(context, query),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Hierarchies extends Named<ReturnType<typeof define>> {}

/** Account hierarchies: several named trees and graphs, dated edges, ownership and control. */
export const hierarchies = (): Hierarchies => define();
