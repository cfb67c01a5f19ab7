/** `fetch` as the user who is signed in. */
import { currentSession, sessionOf } from "./current-session";

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

/** Methods that change nothing: such a call can be given up at any time. */
const safeMethods = ["GET", "HEAD", "OPTIONS"];

/**
 * Makes a `fetch` that tells the API who the user is. It takes what `fetch` takes; a path counts from the API's URL.
 *
 * With a token it sends `Authorization: Bearer TOKEN`, to the API's origin alone. Without one it sends no such header at all:
 * reading goes on for everybody. A 401 is answered by one more try with a new token, when the body can be sent again. Where
 * Cognito can't be asked it rejects, as `fetch` does without a network.
 *
 * A call belongs to the session that it was begun in. When that ends, by a sign-out or by another user's sign-in, it isn't
 * sent any more, and neither its response nor what is left of its body arrives: it rejects with a SessionChangedError.
 */
export function apiFetch({ backendUrl, session, fetch: plainFetch = fetch }: ApiFetchOptions): typeof fetch {
  const { origin } = new URL(backendUrl);

  return async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, backendUrl), init);
    if (new URL(request.url).origin !== origin) return plainFetch(request);
    const begunIn = currentSession();
    const token = await session.getAccessToken();
    const bound = begunIn ?? (token === null ? undefined : sessionOf(token));
    bound?.signal.throwIfAborted();

    // A stream is read once.
    const again = init?.body instanceof ReadableStream ? undefined : request.clone();
    const response = await send(plainFetch, request, token, bound?.signal);
    if (response.status !== 401 || token === null || again === undefined) return response;
    const replacement = await session.replaceAccessToken(token);
    currentSession();
    bound?.signal.throwIfAborted();
    if (replacement === null || replacement === token) return response;
    await response.body?.cancel();
    return send(plainFetch, again, replacement, bound?.signal);
  };
}

/** @param bound ends the session that the call belongs to */
async function send(
  plainFetch: typeof fetch,
  original: Request,
  token: string | null,
  bound: AbortSignal | undefined,
): Promise<Response> {
  const headers = new Headers(original.headers);
  headers.delete("authorization");
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  if (bound === undefined) return plainFetch(new Request(original, { headers }));
  const response = await (safeMethods.includes(original.method)
    ? plainFetch(new Request(original, { headers, signal: AbortSignal.any([original.signal, bound]) }))
    : sendWhole(plainFetch, new Request(original, { headers }), bound));
  // Another tab's doing is in the cookie before it is told here.
  currentSession();
  bound.throwIfAborted();
  return response;
}

/** What the user has sent before the session ended reaches the API all the same, though nobody hears of it. */
async function sendWhole(plainFetch: typeof fetch, request: Request, bound: AbortSignal): Promise<Response> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([request.signal, giveUp.signal]);
  const answered = new AbortController();
  const ended = new Promise<never>((_resolve, reject) => {
    bound.addEventListener("abort", () => reject(bound.reason), { once: true, signal: answered.signal });
  });
  try {
    const response = await Promise.race([plainFetch(new Request(request, { signal })), ended]);
    if (response.body !== null) bound.addEventListener("abort", () => giveUp.abort(bound.reason), { once: true });
    return response;
  } finally {
    answered.abort();
  }
}
