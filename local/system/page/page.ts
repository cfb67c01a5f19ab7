/** The page about the running system: plain HTML, without scripts. */
import type { KeptTrace } from "../../collector/honeycomb-server";
import { escapedHtml, htmlPage, notesSection, row, tableOf } from "../../page/html";
import { type Picture, pictureSection } from "../../page/picture";
import { nameOf, requestTable } from "../../page/request-table";
import type { LoggedRequest } from "../../page/requests";
import type { ContainerStatus } from "../containers";
import { isWell } from "../containers";
import { localUrl } from "../places";
import type { SystemRecord } from "../record";
import { localUsers } from "../seed";
import type { LocalUser } from "../token";

export interface PageContent {
  readonly record: SystemRecord;
  readonly statuses: readonly ContainerStatus[];
  readonly requests: readonly LoggedRequest[];
  readonly traces: readonly KeptTrace[];
  readonly users: readonly LocalUser[];
  readonly picture?: Picture;
}

const shownTraces = 12;
const shownSpans = 8;

export function pageHtml(content: PageContent): string {
  const { record, statuses, picture } = content;
  const ill = statuses.filter((status) => !isWell(status));
  const state =
    ill.length === 0 ? "All containers are well" : `${ill.length} of ${statuses.length} containers are not well`;
  return htmlPage({
    title: "Cruddur on this machine",
    state,
    isWell: ill.length === 0,
    sections: [
      links(record),
      people(content),
      requestTable(content),
      traceTable(content),
      containerTable(content),
      pictureSection(picture),
      notesSection(record.notes),
    ],
    footer:
      "<code>npm run local -- logs envoy --follow</code> shows more, <code>npm run local -- down</code> takes everything away.",
  });
}

function links({ ports }: SystemRecord): string {
  const link = (name: string, path: string, text: string) => {
    const url = `${localUrl(ports[name])}${path}`;
    return `<li><a href="${url}">${text}</a> <code>${url}</code></li>`;
  };
  const others = Object.keys(ports).filter(
    (name) => !["app", "api", "otel-collector", "aws", "honeycomb", "database", "page"].includes(name),
  );
  return `<section><h2>Look</h2><ul class="links">
${link("app", "/", "The app")}
${link("api", "/api/activities/home", "The API, through Envoy")}
${others.map((name) => link(name, "/", escapedHtml(name))).join("\n")}
<li>PostgreSQL <code>localhost:${ports.database}</code>, the local AWS <code>${localUrl(ports.aws)}</code></li>
</ul></section>`;
}

function people({ record, users, requests }: PageContent): string {
  if (record.userPool.at === "aws") {
    return `<section><h2>Who you are</h2><p>Sign in as in the deployed system: users are those of the pool <code>${escapedHtml(record.userPool.id)}</code>.</p></section>`;
  }
  const last = requests.find(({ user }) => user !== undefined);
  const you =
    last === undefined
      ? "The API has seen nobody signed in yet."
      : `The API has last seen you as <strong>${nameOf(users, last.user)}</strong>.`;
  const seeded: readonly string[] = localUsers.names;
  const rows = users.map(({ handle, email, confirmed }) =>
    row([
      `@${escapedHtml(handle ?? "")}`,
      escapedHtml(email ?? ""),
      confirmed
        ? seeded.includes(handle ?? "")
          ? `<code>${localUsers.password}</code>`
          : "as signed up"
        : "not confirmed: any code does",
      `<code>npm run local -- token ${escapedHtml(handle ?? email ?? "")}</code>`,
    ]),
  );
  return `<section><h2>Who you are</h2><p id="you">${you}</p>${tableOf(["User", "E-mail", "Password", "A token"], rows, "Nobody has signed up.")}</section>`;
}

function traceTable({ traces }: PageContent): string {
  const rows = traces.slice(0, shownTraces).map(({ traceId, spans }) => {
    const sorted = [...spans].sort((a, b) => a.startMs - b.startMs);
    const start = sorted[0]?.startMs ?? 0;
    const whole = Math.max(...spans.map((span) => span.startMs + span.durationMs - start), 0.001);
    const bars = sorted.slice(0, shownSpans).map((span) => {
      const left = (((span.startMs - start) / whole) * 100).toFixed(1);
      const width = Math.max((span.durationMs / whole) * 100, 1).toFixed(1);
      return `<div class="span${span.isError ? " error" : ""}"><i style="margin-left:${left}%;width:${width}%"></i><span>${escapedHtml(span.name)} ${span.durationMs.toFixed(1)} ms</span></div>`;
    });
    const more = spans.length > shownSpans ? `<div class="none">and ${spans.length - shownSpans} more</div>` : "";
    return row([
      `<code title="${escapedHtml(traceId)}">${escapedHtml(traceId.slice(0, 8))}</code>`,
      escapedHtml([...new Set(spans.map(({ service }) => service))].join(", ")),
      `${bars.join("")}${more}`,
    ]);
  });
  return `<section id="traces"><h2>Traces</h2>${tableOf(["Trace", "Service", "Spans"], rows, "None has come yet. The app's SDK sends some seconds after a request.")}</section>`;
}

function containerTable({ record, statuses }: PageContent): string {
  const rows = statuses.map(({ name, service, health, detail }) => {
    const { address = "", image = "" } = record.containers.find((one) => one.name === name) ?? {};
    const declared = record.declared[service];
    return row([
      `<span title="${escapedHtml(image)}">${escapedHtml(name)}</span>`,
      `<span class="${isWell({ name, service, health, detail }) ? "well" : "ill"}" title="${escapedHtml(detail)}">${health}</span>`,
      `<code>${escapedHtml(address)}</code>`,
      declared === undefined
        ? `<span class="none">stands in for ${standsFor[name] ?? "AWS"}</span>`
        : `<code>${escapedHtml(declared.address)}</code><br><span class="none">${escapedHtml(declared.constructPath)}</span>`,
    ]);
  });
  return `<section id="containers"><h2>Containers</h2>${tableOf(["Container", "State", "Address", "Deployed as"], rows, "None.")}</section>`;
}

const standsFor: Readonly<Record<string, string>> = {
  "local-aws": "Cognito and DynamoDB",
  "local-database": "RDS",
  "local-honeycomb": "Honeycomb",
};
