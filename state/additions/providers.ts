/** The TypeScript of further configurations of providers. */
import { camelCase, typedBinding } from "./bindings";
import type { Construction, Scope } from "./constructions";
import type { Item } from "./item";
import { isObject } from "./source";
import { literal, plain, typed, Untyped } from "./typescript";

/** @param id of the construct */
export function awsProvider({ body }: Item, id: string, scope: Scope): Construction {
  const binding = typedBinding("aws_provider", "managed");
  const shape = binding?.interfaces.get("AwsProviderConfig");
  scope.need("AwsProvider", "@cdktf/provider-aws/lib/provider");
  const [members, overrides]: [string[], string[]] = [[], []];
  for (const [name, value] of Object.entries(body)) {
    const type = shape?.get(camelCase(name));
    try {
      if (binding === undefined || type === undefined) throw new Untyped();
      members.push(`${camelCase(name)}: ${typed(value, type, binding, scope)}`);
    } catch (error) {
      if (!(error instanceof Untyped)) throw error;
      overrides.push(`.addOverride(${JSON.stringify(name)}, ${literal(value, scope)})`);
    }
  }
  return { creation: `new AwsProvider(this, "${id}", { ${members.join(", ")} })`, overrides };
}

/**
 * Of a provider without bindings here: written into the stack.
 * @param required what the old module's `required_providers` says of it
 */
export function otherProvider({ type, body }: Item, required: unknown, scope: Scope): Construction {
  scope.need("TerraformStack", "cdktf");
  const put = (path: string, value: string) => `TerraformStack.of(this).addOverride(${JSON.stringify(path)}, ${value})`;
  return {
    overrides: [
      ...(isObject(required) ? [put(`terraform.required_providers.${type}`, plain(required))] : []),
      ...(Object.keys(body).length === 0 ? [] : [put(`provider.${type}`, `[${literal(body, scope)}]`)]),
    ],
  };
}
