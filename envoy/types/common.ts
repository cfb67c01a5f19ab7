/**
 * The parts of Envoy's v3 API that the configuration uses, under its own names, so that a mistyped field is a compile
 * error here and not a refusal of a starting Envoy. https://www.envoyproxy.io/docs/envoy/latest/api-v3/api
 */

/** Protobuf's JSON form: `"0.5s"`. */
export type Duration = `${number}s`;

export type Any<Type extends string, Fields> = { readonly "@type": `type.googleapis.com/${Type}` } & Fields;

/** An extension with its configuration. */
export interface Extension<Name extends string, Type extends string, Fields> {
  readonly name: Name;
  readonly typed_config: Any<Type, Fields>;
}

export type StringMatcher =
  | { readonly exact: string; readonly ignore_case?: boolean }
  | { readonly prefix: string; readonly ignore_case?: boolean }
  | { readonly safe_regex: { readonly regex: string } };

export interface Address {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}

export interface HeaderMatcher {
  readonly name: string;
  readonly string_match?: StringMatcher;
  readonly present_match?: boolean;
}

/** A value of a filter's dynamic metadata. */
export interface MetadataMatcher {
  readonly filter: string;
  readonly path: readonly { readonly key: string }[];
  readonly value: { readonly string_match: StringMatcher };
}

export interface HeaderValueOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly append_action: "OVERWRITE_IF_EXISTS_OR_ADD";
}

export interface HttpUri {
  readonly uri: string;
  readonly cluster: string;
  readonly timeout: Duration;
}

export type StringList = { readonly patterns: readonly StringMatcher[] };

export type JsonFormat = Readonly<Record<string, string>>;
