/** The page: what is signed in is the session's matter, what is shown is the API's. */
import { confirmSignUp, signIn, signUp } from "aws-amplify/auth";
import { apiFetch } from "./session/api-fetch";
import { configureSession, getAccessToken, onSessionChange, replaceAccessToken, signOut } from "./session/session";

declare const process: { readonly env: Readonly<Record<string, string>> };

configureSession({
  userPoolId: process.env.REACT_APP_AWS_USER_POOLS_ID,
  userPoolClientId: process.env.REACT_APP_AWS_USER_POOLS_WEB_CLIENT_ID,
});
const backendUrl = process.env.REACT_APP_BACKEND_URL ?? "";
const callApi = apiFetch({ backendUrl, session: { getAccessToken, replaceAccessToken } });

function element<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

function items(id: string, texts: readonly string[], onClick?: (index: number) => void): void {
  element(id).replaceChildren(
    ...texts.map((text, index) => {
      const item = document.createElement("li");
      item.textContent = text;
      if (onClick !== undefined) item.addEventListener("click", () => onClick(index));
      return item;
    }),
  );
}

async function api<Answer>(path: string, body?: object): Promise<Answer> {
  const init = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await callApi(path, init);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `The API answered ${response.status}.`);
  return answer;
}

function told(error: unknown): void {
  element("problem").textContent = error instanceof Error ? error.message : String(error);
  element("problem").hidden = false;
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  element("problem").hidden = true;
  await work().catch(told);
}

interface Home {
  readonly user: string | null;
  readonly signedIn: boolean;
  readonly activities: readonly { readonly handle: string; readonly message: string }[];
}
interface Group {
  readonly uuid: string;
  readonly handle: string;
  readonly message: string;
}

async function show(): Promise<void> {
  const home = await api<Home>("/api/activities/home");
  element("who").textContent = home.signedIn ? `Signed in as @${home.user ?? "unknown"}` : "Nobody is signed in";
  for (const id of ["sign-out", "signed-in", "post"]) element(id).hidden = !home.signedIn;
  element("signed-out").hidden = home.signedIn;
  items(
    "feed",
    home.activities.map(({ handle, message }) => `@${handle}: ${message}`),
  );
  if (home.signedIn) await showGroups();
}

async function showGroups(): Promise<void> {
  const groups = await api<Group[]>("/api/message_groups");
  const open = async ({ uuid }: Group) => {
    const messages = await api<Group[]>(`/api/messages/${uuid}`);
    items(
      "messages",
      messages.map(({ handle, message }) => `@${handle}: ${message}`),
    );
  };
  items(
    "groups",
    groups.map(({ handle, message }) => `@${handle}: ${message}`),
    (index) => void attempt(() => open(groups[index] as Group)),
  );
}

type Values = Readonly<Record<string, string>>;

function onSubmit(id: string, work: (values: Values) => Promise<unknown>): void {
  const form = element<HTMLFormElement>(id);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    void attempt(async () => {
      await work(values);
      form.reset();
    });
  });
}

let signingUp: { readonly email: string; readonly password: string } | undefined;

const enter = async (email = "", password = "") => {
  await signIn({ username: email, password });
  await show();
};

onSubmit("sign-in", ({ email, password }) => enter(email, password));
onSubmit("sign-up", async ({ name = "", handle = "", email = "", password = "" }) => {
  const userAttributes = { name, email, preferred_username: handle };
  await signUp({ username: email, password, options: { userAttributes } });
  signingUp = { email, password };
  element("confirm").hidden = false;
});
onSubmit("confirm", async ({ code = "" }) => {
  const { email = "", password } = signingUp ?? {};
  await confirmSignUp({ username: email, confirmationCode: code });
  element("confirm").hidden = true;
  await enter(email, password);
});
onSubmit("post", async (values) => {
  await api("/api/activities", values);
  await show();
});
onSubmit("send", async ({ handle = "", message }) => {
  await api(`/api/messages/${encodeURIComponent(handle)}`, { message });
  await showGroups();
});
element("sign-out").addEventListener("click", () => void attempt(signOut));
onSessionChange(() => void attempt(show));
void attempt(show);
