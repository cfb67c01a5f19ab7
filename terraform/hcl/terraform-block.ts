/** `terraform`: versions, providers, and where the state is. */
import { attribute, type Block, block } from "./body";
import { bodyItems, isObject, type Json, objects, present } from "./resource";
import { argumentsOnly } from "./shape";

export function terraformBlock(json: Json): Block {
  const { required_version, required_providers, backend, cloud, "//": _, ...others } = json;
  const required = objects(required_providers).flatMap((one) =>
    Object.entries(one).map(([name, value]) => {
      if (!isObject(value)) return attribute(name, value, "text");
      const { source = name } = value;
      const full = String(source).includes("/") ? source : `hashicorp/${source}`;
      const { source: _short, ...rest } = value;
      return attribute(name, { source: full, ...rest }, "text");
    }),
  );
  const literalBodies = (value: unknown) =>
    objects(value).map((one) =>
      Object.entries(one)
        .filter(([name, member]) => name !== "//" && present(member))
        .map(([name, member]) => attribute(name, member, "text")),
    );
  return block(
    "terraform",
    [],
    [
      ...(present(required_version)
        ? [{ ...attribute("required_version", required_version, "text"), isHead: true }]
        : []),
      ...bodyItems(others, argumentsOnly),
      ...(required.length === 0 ? [] : [block("required_providers", [], required)]),
      ...objects(backend).flatMap((one) =>
        Object.entries(one).flatMap(([type, body]) =>
          literalBodies(body).map((items) => block("backend", [type], items)),
        ),
      ),
      ...objects(cloud).map(({ workspaces, ...rest }) =>
        block(
          "cloud",
          [],
          [
            ...(literalBodies(rest)[0] ?? []),
            ...literalBodies(workspaces).map((items) => block("workspaces", [], items)),
          ],
        ),
      ),
    ],
  );
}
