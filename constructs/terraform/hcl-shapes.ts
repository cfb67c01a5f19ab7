/** What of a stack's elements are blocks in HCL, as cdktf's bindings say it. */
import {
  TerraformDataSource,
  TerraformElement,
  TerraformProvider,
  TerraformResource,
  type TerraformStack,
} from "cdktf";
import { argumentsOnly, type Member, type Shape, type Shapes } from "../../terraform/hcl/shape";

type Rendered = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Rendered {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param all renderings of one block, or of several of one name */
function shapeOf(all: readonly Rendered[]): Shape {
  return {
    member: (name): Member | undefined => {
      const given = all.map((one) => one[name]).filter((one) => isObject(one) && "isBlock" in one) as Rendered[];
      const [first] = given;
      if (first === undefined) return undefined;
      if (first.isBlock !== true) return { kind: "argument", required: false };
      const bodies = given.flatMap(({ value }) => (Array.isArray(value) ? value : [value]));
      const inner = shapeOf(bodies.filter(isObject));
      return bodies.every(isObject)
        ? { kind: "block", shape: inner, labelled: false }
        : { kind: "block argument", shape: inner };
    },
  };
}

/** cdktf tells by `isBlock` beside each value; its types don't say so. */
export function shapesOfElements(stack: TerraformStack): Shapes {
  const rendered = { resource: new Map<string, Rendered>(), data: new Map<string, Rendered>() };
  const providers = new Map<string, Rendered[]>();
  for (const element of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element)) continue;
    const isProvider = TerraformProvider.isTerraformProvider(element);
    const isResource = TerraformResource.isTerraformResource(element);
    if (!isProvider && !isResource && !TerraformDataSource.isTerraformDataSource(element)) continue;
    const fragment = element.toHclTerraform() as Record<string, Record<string, Record<string, Rendered>> | undefined>;
    if (isProvider) {
      for (const [name, all] of Object.entries(fragment.provider ?? {})) {
        providers.set(name, [...(providers.get(name) ?? []), ...(all as unknown as Rendered[])]);
      }
      continue;
    }
    const section = isResource ? "resource" : "data";
    for (const [type, byName] of Object.entries(fragment[section] ?? {})) {
      for (const [name, body] of Object.entries(byName)) rendered[section].set(`${type}.${name}`, body);
    }
  }
  const of = (bodies: ReadonlyMap<string, Rendered>) => (type: string, name: string) => {
    const body = bodies.get(`${type}.${name}`);
    return body === undefined ? argumentsOnly : shapeOf([body]);
  };
  return {
    resource: of(rendered.resource),
    data: of(rendered.data),
    ephemeral: () => argumentsOnly,
    provider: (name, _source, at) => {
      const body = providers.get(name)?.[at];
      return body === undefined ? argumentsOnly : shapeOf([body]);
    },
  };
}
