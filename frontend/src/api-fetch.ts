/** `fetch` as the user who is signed in. */

/** `getAccessToken` and `replaceAccessToken` of session.ts. */
export interface Session {
  getAccessToken(): Promise<string | null>;
  replaceAccessToken(refused: string): Promise<string | null>;
}

export interface ApiFetchOptions {
  /** The variable BACKEND_URL that the bundle was built with. */
  readonly backendUrl: string;
  readonly session: Session;
  /** @default the browser's */
  readonly fetch?: typeof fetch;
}

/**
 * Makes a `fetch` that tells the API who the user is. It takes what `fetch` takes; a path counts from the API's URL.
 *
 * With a token it sends `Authorization: Bearer TOKEN`, to the API's origin alone. Without one it sends no such header at all:
 * reading goes on for everybody. A 401 is answered by one more try with a new token, when the body can be sent again. Where
 * Cognito can't be asked it rejects, as `fetch` does without a network.
 */
export function apiFetch({ backendUrl, session, fetch: plainFetch = fetch }: ApiFetchOptions): typeof fetch {
  const { origin } = new URL(backendUrl);

  return async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, backendUrl), init);
    if (new URL(request.url).origin !== origin) return plainFetch(request);
    const send = (token: string | null, original: Request) => {
      const headers = new Headers(original.headers);
      headers.delete("authorization");
      if (token !== null) headers.set("authorization", `Bearer ${token}`);
      return plainFetch(new Request(original, { headers }));
    };

    const token = await session.getAccessToken();
    // A stream is read once.
    const again = init?.body instanceof ReadableStream ? undefined : request.clone();
    const response = await send(token, request);
    if (response.status !== 401 || token === null || again === undefined) return response;
    const replacement = await session.replaceAccessToken(token);
    if (replacement === null || replacement === token) return response;
    await response.body?.cancel();
    return send(replacement, again);
  };
}
