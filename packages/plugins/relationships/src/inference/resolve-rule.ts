/** Rules made ready to be followed: which types lead on, and which way. Pure functions. */
import type { InputIssue } from "@relata/core/plugin";
import type { TypeRecord } from "../parts.ts";
import type { InferenceRuleInput, InferenceStep } from "./rule-schemas.ts";

export type Way = "along" | "against";

/** By the id of the type: the ways in which its relationships are gone. */
export type ReadyStep = ReadonlyMap<string, readonly Way[]>;

/** A rule with all that it need not say. */
export interface WholeRule {
  readonly key: string;
  readonly name: string;
  readonly inverseName: string | null;
  readonly fromRole: string;
  readonly toRole: string | null;
  readonly shape: "paired" | "symmetric";
  readonly overlapping: boolean;
  readonly different: boolean;
  readonly minStrength: number;
}

/** A rule from one of its ends. `entities[i]` are those that the thing behind step `i` may be of. */
export interface ReadyRule {
  readonly rule: WholeRule;
  readonly direction: Way;
  readonly steps: readonly ReadyStep[];
  readonly entities: readonly (ReadonlySet<string> | undefined)[];
  /** What the thing at which it starts may be of. */
  readonly startEntities: ReadonlySet<string> | undefined;
  /** Relationships from the one end to the other that say the same. */
  readonly means: ReadyStep | undefined;
}

export type Types = ReadonlyMap<string, TypeRecord>;

/** What is wrong with a rule: roles and types that are not there, and words that its symmetry does not allow. */
export function issuesOf(rule: InferenceRuleInput, types: Types): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  const isSymmetric = rule.shape === "symmetric";
  const byKey = new Map([...types.values()].map((type) => [type.key, type]));
  const missing = (field: string, key: string) =>
    issues.push({
      field,
      code: "unknown_type",
      message: `names the type "${key}", which is not defined: define it first`,
    });
  rule.steps.forEach((step, at) => {
    for (const key of step.types ?? []) if (!byKey.has(key)) missing(`steps.${at}.types`, key);
    const isKnown = (step.types ?? []).every((key) => byKey.has(key));
    if (isKnown && readyStep(step, types).size === 0) {
      const which = step.types ? `of the types ${step.types.join(", ")} has` : "has";
      const message = `names the role "${step.role}", and no type ${which} it${step.way ? " at that end" : ""}: name a role of a type that is defined`;
      issues.push({ field: `steps.${at}.role`, code: "unknown_role", message });
    }
  });
  const means = rule.means ? byKey.get(rule.means) : undefined;
  if (rule.means && !means) missing("means", rule.means);
  if (means && (means.shape === "symmetric") !== isSymmetric) {
    const message = `says what the type "${rule.means}" says, of which one is symmetric and the other is not`;
    issues.push({ field: "means", code: "not_allowed", message });
  }
  if (isSymmetric && (rule.inverseName !== undefined || rule.toRole !== undefined)) {
    const field = rule.inverseName !== undefined ? "inverseName" : "toRole";
    issues.push({
      field,
      code: "not_allowed",
      message: "is not for a symmetric rule: both are the same to one another",
    });
  }
  if (!isSymmetric && rule.inverseName === undefined)
    issues.push({ field: "inverseName", code: "missing_field", message: "is required unless the rule is symmetric" });
  return issues;
}

/** From the first end, and, unless that is the same, from the last. */
export function readyRules(rule: InferenceRuleInput, types: Types): readonly ReadyRule[] {
  const { shape = "paired", overlapping = true, different = true } = rule;
  const isSymmetric = shape === "symmetric";
  const steps = rule.steps.map((step) => readyStep(step, types));
  const entities = rule.steps.map((step) => (step.entities ? new Set(step.entities) : undefined));
  const means = [...types.values()].find(({ key }) => key === rule.means);
  const whole: WholeRule = {
    ...{ key: rule.key, name: rule.name, fromRole: rule.fromRole, shape, overlapping, different },
    ...{
      inverseName: rule.inverseName ?? null,
      toRole: rule.toRole ?? null,
      minStrength: Number(rule.minStrength ?? 0),
    },
  };
  const said = (ways: readonly Way[]): ReadyStep | undefined => (means ? new Map([[means.id, ways]]) : undefined);
  const forth: ReadyRule = {
    ...{ rule: whole, direction: "along", steps, entities, startEntities: undefined },
    means: said(isSymmetric ? ["along", "against"] : ["along"]),
  };
  const back: ReadyRule = {
    ...{ rule: whole, direction: "against", steps: backward(steps) },
    // The first thing may be of any entity, and the last step of the way back leads to it.
    entities: [...entities.slice(0, -1).reverse(), undefined],
    startEntities: entities.at(-1),
    means: said(isSymmetric ? ["along", "against"] : ["against"]),
  };
  return isSymmetric && isSame(forth.steps, back.steps) ? [forth] : [forth, back];
}

/** The same steps, gone from the last to the first. */
export function backward(steps: readonly ReadyStep[]): readonly ReadyStep[] {
  const other = (way: Way): Way => (way === "along" ? "against" : "along");
  return steps.toReversed().map((step) => new Map([...step].map(([id, ways]) => [id, ways.map(other)])));
}

function readyStep({ role, types: keys, way }: InferenceStep, types: Types): ReadyStep {
  const ready = new Map<string, readonly Way[]>();
  for (const type of types.values()) {
    if (keys && !keys.includes(type.key)) continue;
    const ways = (["along", "against"] as const).filter((each) => {
      if (way !== undefined && way !== each && type.shape !== "symmetric") return false;
      if (role === undefined || type.shape === "symmetric") return role === undefined || type.fromRole === role;
      return (each === "along" ? type.toRole : type.fromRole) === role;
    });
    if (ways.length > 0) ready.set(type.id, ways);
  }
  return ready;
}

function isSame(a: readonly ReadyStep[], b: readonly ReadyStep[]): boolean {
  const text = (steps: readonly ReadyStep[]) =>
    JSON.stringify(steps.map((step) => [...step].map(([id, ways]) => [id, ways.toSorted()]).sort()));
  return text(a) === text(b);
}
