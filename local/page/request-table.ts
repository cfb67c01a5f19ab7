/** The last requests that Envoy has seen, as a section of a page. */
import { escapedHtml, row, tableOf } from "./html";
import type { LoggedRequest } from "./requests";

/** Cognito's own name of a user, and the one that people know. */
export interface KnownUser {
  readonly username: string;
  readonly handle: string | null;
}

export interface RequestTable {
  readonly requests: readonly LoggedRequest[];
  readonly users: readonly KnownUser[];
}

export function nameOf(users: readonly KnownUser[], username: string | undefined): string {
  if (username === undefined) return `<span class="nobody">nobody</span>`;
  const user = users.find((one) => one.username === username);
  return escapedHtml(user?.handle ? `@${user.handle}` : username);
}

export function requestTable({ requests, users }: RequestTable): string {
  const rows = requests.map(({ time, method, path, status, user, durationMs }) =>
    row(
      [
        escapedHtml(time.slice(11, 19)),
        escapedHtml(method),
        `<code>${escapedHtml(path)}</code>`,
        `<span class="status s${Math.floor(status / 100)}">${status}</span>`,
        nameOf(users, user),
        `${durationMs} ms`,
      ],
      ` data-status="${status}"`,
    ),
  );
  return `<section id="requests"><h2>The last requests</h2>${tableOf(["Time (UTC)", "Method", "Path", "Status", "User", "Took"], rows, "Envoy has seen none yet.")}</section>`;
}
