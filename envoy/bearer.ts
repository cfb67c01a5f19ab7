/**
 * A Bearer authorization that can hold a JSON Web Token. Whatever else stands in the header (`Bearer undefined`, another
 * scheme, two headers) is no token in both modes, and the authorizer isn't asked.
 */

/** The scheme's case is free (RFC 9110, 11.1), but `jwt_authn` knows it only as written. */
export const bearerSchemes = ["Bearer", "bearer", "BEARER"] as const;

/** Three parts of base64url (RFC 7515, 7.1). Of two headers Envoy matches the values joined by a comma. */
export const bearerTokenRegex = `(?:${bearerSchemes.join("|")}) +[\\w-]+\\.[\\w-]+\\.[\\w-]+`;
