/** The shape of an explanation. */
import type { Plan } from "../../terraform/plan";
import type { ContainerChange } from "../ecs/container-definitions";
import type { Action } from "./action";
import type { Consequence } from "./downtime";

export interface NamedPlan {
  /** What the plan is called in the explanation: `app`. */
  readonly name: string;
  readonly plan: Plan;
  /** Whether this project made the plan: then it isn't refresh-only, which OpenTofu and older Terraforms don't say. @default false */
  readonly isOwn?: boolean;
}

export interface ExplainedAttribute {
  readonly path: string;
  /** Withheld where they are sensitive. */
  readonly before: unknown;
  readonly after: unknown;
  /** Whether it is what the object is replaced for. */
  readonly forcesReplacement: boolean;
}

export interface ExplainedChange {
  readonly plan: string;
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Whether an object in AWS ceases to exist, with what it holds. */
  readonly destructive: boolean;
  /** Whether it holds what nothing brings back. */
  readonly stateful: boolean;
  /** A leftover of an earlier replacement, not the object that is in use. */
  readonly deposed: boolean;
  /** Why, where it can't be seen from the attributes. */
  readonly reason?: string;
  /** Of an update or replacement; of a task definition without its containers. */
  readonly attributes: readonly ExplainedAttribute[];
  /** Of a new revision of a task definition. */
  readonly containers: readonly ContainerChange[];
  readonly consequence: Consequence;
}

export interface Restart {
  readonly plan: string;
  readonly service: string;
  readonly address: string;
  /** The arguments of the service for whose sake its tasks are replaced. */
  readonly reasons: readonly string[];
  /** Of the task definition, where that is why. */
  readonly taskDefinitionAddress?: string;
  /** What changes in it beside its containers: `cpu`, `task_role_arn`. */
  readonly taskDefinition: readonly ExplainedAttribute[];
  readonly containers: readonly ContainerChange[];
  readonly consequence: Consequence;
}

/** An object at its address: moved there, brought in, or changed by somebody else. */
export interface Mention {
  readonly plan: string;
  readonly address: string;
  readonly detail: string;
}

export interface Explanation {
  readonly plans: readonly string[];
  /** The destructive ones first, of those the stateful ones. */
  readonly changes: readonly ExplainedChange[];
  readonly restarts: readonly Restart[];
  readonly outputs: readonly Mention[];
  readonly moved: readonly Mention[];
  readonly imported: readonly Mention[];
  /** By `action` blocks. */
  readonly invoked: readonly Mention[];
  /** What a later plan will do, and not this one's apply. */
  readonly deferred: readonly Mention[];
  /** Sections of a plan that are not known here: what they say is told by Terraform alone. */
  readonly undescribed: readonly Mention[];
  /** Changed by others since Terraform last looked. */
  readonly drift: readonly Mention[];
  /** The plans that failed half-way. */
  readonly failed: readonly string[];
  readonly notes: readonly string[];
  /** 0 nothing, 2 changes, 3 destructive. */
  readonly exitCode: 0 | 2 | 3;
}
