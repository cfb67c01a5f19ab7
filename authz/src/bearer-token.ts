/**
 * The token of a Bearer authorization. https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 *
 * @param rawHeaders names and values in turn, as Node has them in `rawHeaders`
 * @returns the token, or what stands in its way: no header at all, or one that can't hold a JSON Web Token in the
 * compact form (another scheme, `Bearer undefined`, two of them)
 */
export type BearerToken = { readonly token: string } | { readonly refused: "missing" | "malformed" };

/** The scheme's case is free (RFC 9110, 11.1); three parts of base64url (RFC 7515, 7.1). */
const credentials = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

const missing = { refused: "missing" } as const;
const malformed = { refused: "malformed" } as const;

export function bearerToken(rawHeaders: readonly string[]): BearerToken {
  let authorization: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length !== 13 || name.toLowerCase() !== "authorization") continue;
    // Which of two would count is a guess that two parties may make differently.
    if (authorization !== undefined) return malformed;
    authorization = rawHeaders[index + 1] as string;
  }
  if (authorization === undefined) return missing;
  const token = credentials.exec(authorization)?.[1];
  return token === undefined ? malformed : { token };
}
