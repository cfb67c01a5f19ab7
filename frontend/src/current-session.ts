/**
 * Which session this tab is in, and whether it is still the browser's. A session begins when a user signs in and ends when
 * the user signs out or another one signs in, in any tab. Tabs agree on it by a cookie, which all of them read at once; it
 * names the session and no user, and holds nothing that signs in.
 */

/** Rejects what was begun in a session that has ended since. Its result is of no use to whoever is there now. */
export class SessionChangedError extends Error {
  override readonly name = "SessionChangedError";
  constructor() {
    super("The user has signed out, or another user has signed in, since this was begun.");
  }
}

export interface Session {
  readonly id: string;
  /** Aborted, with a SessionChangedError, when the session ends. */
  readonly signal: AbortSignal;
}

/** What the cookie says where the user has signed out. */
const nobody = "none";
/** As long as browsers keep one. */
const maxAgeSeconds = 400 * 24 * 60 * 60;

let cookieName = "session";
/** Stands in for the cookie where there is none: outside a browser, and where the user blocks cookies. */
let remembered: string | undefined;
let current: (Session & { readonly end: () => void }) | undefined;
/** Access tokens of the current session. */
const tokens = new Set<string>();
const listeners = new Set<() => void>();
let channel: InstanceType<typeof BroadcastChannel> | undefined;

const { document, location } = globalThis as unknown as {
  readonly document?: { cookie: string };
  readonly location?: { readonly protocol: string };
};

/** @param clientId of the user pool's client: apps on one host don't share a session */
export function shareSession(clientId: string): void {
  cookieName = `session-${clientId.replace(/\W/g, "_")}`;
  channel?.close();
  if (document === undefined || typeof BroadcastChannel === "undefined") return;
  channel = new BroadcastChannel(cookieName);
  channel.onmessage = ({ data }) => void look(data);
}

/** Milliseconds to the next look where the cookie isn't there yet: it goes another way than the message, which may overtake it. */
const nextLooks = [20, 100, 500, 2_000, 10_000];

/** The cookie says which session there is now; a message only that it's time to look. @param id what the cookie is about to say */
async function look(id: unknown): Promise<void> {
  for (const wait of nextLooks) {
    currentSession();
    if (sharedId() === id) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  currentSession();
}

/** The id of the browser's session. @returns undefined where no tab has said */
export function sharedId(): string | undefined {
  const found = document?.cookie.split("; ").find((one) => one.startsWith(`${cookieName}=`));
  return found === undefined ? remembered : found.slice(cookieName.length + 1);
}

function share(id: string): void {
  if (sharedId() === id) return;
  remembered = id;
  if (document === undefined) return;
  const secure = location?.protocol === "https:" ? "; Secure" : "";
  // The Cookie Store API is asynchronous, and a session changes at once.
  document.cookie = `${cookieName}=${id}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Strict${secure}`;
  channel?.postMessage(id);
}

/** This tab's session, unless it has ended. @returns undefined where nobody is signed in, or the tab doesn't know yet */
export function currentSession(): Session | undefined {
  const shared = sharedId();
  if (current !== undefined && shared !== undefined && shared !== current.id) leave(current);
  return current;
}

/** @returns the session that the token was handed out in, where that is the current one */
export function sessionOf(token: string): Session | undefined {
  const session = currentSession();
  return tokens.has(token) ? session : undefined;
}

export function handOut(token: string): void {
  tokens.add(token);
}

/** The tab is in this session from now on, and so is the browser. What was begun in another one is over. */
export function enterSession(id: string): void {
  if (current?.id !== id) {
    if (current !== undefined) leave(current);
    const controller = new AbortController();
    current = { id, signal: controller.signal, end: () => controller.abort(new SessionChangedError()) };
    share(id);
    tell();
  } else share(id);
}

/** The user of this session has signed out, in every tab. Does nothing where it isn't the browser's any more. */
export function endSession(id: string): void {
  if (sharedId() === id) share(nobody);
  if (current?.id === id) leave(current);
}

function leave(session: Session & { readonly end: () => void }): void {
  current = undefined;
  tokens.clear();
  session.end();
  tell();
}

/** @returns what takes the listener away again */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

/**
 * The id of the session that a user's sign-in leads to: the browser's own where that is the same user's, in another tab; a
 * new one for another user, and after a sign-out.
 */
export async function sessionFor(user: string): Promise<string> {
  const shared = sharedId();
  const [random = "", proof = ""] = (shared ?? "").split(".");
  if (shared !== undefined && proof !== "" && proof === (await digest(random, user))) return shared;
  const fresh = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  return `${fresh.join("")}.${await digest(fresh.join(""), user)}`;
}

/** Tells whether two users are the same, and not who they are. Without TLS there is none, and each sign-in is a session. */
async function digest(random: string, user: string): Promise<string> {
  if (crypto.subtle === undefined) return "";
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${random} ${user}`));
  return Array.from(new Uint8Array(hash).slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
