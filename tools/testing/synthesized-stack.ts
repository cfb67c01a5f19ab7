import { documentOf, instanceKeys, type Resource } from "../../terraform/synthesized";

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, for assertions to look into.
type Json = any;

const sections: Readonly<Record<string, string>> = { var: "variable", local: "locals", data: "data", output: "output" };

/** A synthesized stack, to be looked into by address. */
export class SynthesizedStack {
  /** The stack's id. */
  readonly id: string;
  /** What `Testing.synth` returns, for cdktf's own matchers. */
  readonly text: string;
  readonly json: Json;

  constructor(id: string, text: string) {
    this.id = id;
    this.text = text;
    this.json = JSON.parse(text);
  }

  /**
   * The arguments of one block. A JSON document (policy, container definitions) is parsed; an expression in it is
   * a template: `"${var.x}"`.
   * @param address without instance key: `aws_lb.main`, `data.aws_vpc.default`, `output.cluster_name`, `var.db_password`
   * @throws Error where the stack has no such block
   */
  resource(address: string): Json {
    const [first = "", ...rest] = address.split(".");
    const section = sections[first];
    const path = section === undefined ? ["resource", first, ...rest] : [section, ...rest];
    const block = path.reduce((value, key) => value?.[key], this.json);
    if (block === undefined) throw new Error(`${address} is not in the stack ${this.id}`);
    return withDocuments(block);
  }

  /** Addresses of the managed resources, without instance keys. */
  managed(): string[] {
    return this.resources().map(({ address }) => address);
  }

  /** The same with the instance keys that are known before a plan; without, where only Terraform knows them. */
  addresses(): string[] {
    return this.resources()
      .flatMap((resource) => instanceKeys(resource)?.map((key) => `${resource.address}["${key}"]`) ?? resource.address)
      .sort();
  }

  private resources(): Resource[] {
    const byType = Object.entries<Record<string, Resource["block"]>>(this.json.resource ?? {});
    return byType
      .flatMap(([type, byName]) =>
        Object.entries(byName).map(([name, block]) => ({
          stack: this.id,
          address: `${type}.${name}`,
          type,
          name,
          block,
        })),
      )
      .sort((one, other) => (one.address < other.address ? -1 : 1));
  }
}

function withDocuments(value: Json): Json {
  if (typeof value === "string") return /^(\$\{jsonencode\(|[[{])/.test(value) ? (documentOf(value) ?? value) : value;
  if (Array.isArray(value)) return value.map(withDocuments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withDocuments(member)]));
}
