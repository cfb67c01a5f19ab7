/** The page about a trial that was kept: plain HTML, without scripts. */
import { escapedHtml, htmlPage, notesSection, row, tableOf } from "../../page/html";
import { type Picture, pictureSection } from "../../page/picture";
import { type KnownUser, nameOf, requestTable } from "../../page/request-table";
import type { LoggedRequest } from "../../page/requests";
import { feedPath } from "../path/sample-app";
import { alice } from "../path/user";
import type { TrialPageRecord } from "./record";

/** Where the requests that can be sent again are sent to, each by its check's name. */
export const sendPath = "/send/";
export const tokenPath = "/token";
export const changePath = "/change";

/** Some requests that the page can send, and how they were answered last. */
export interface Sending {
  readonly name: string;
  readonly what: string;
  readonly expected: string;
  /** @default they weren't sent yet */
  readonly seen?: string;
}

export interface TrialPageContent {
  readonly record: TrialPageRecord;
  /** Ports of the loopback interface; undefined where there is no Envoy. */
  readonly ports?: { readonly envoy: number; readonly app: number; readonly authorizer?: number };
  readonly sendings: readonly Sending[];
  readonly requests: readonly LoggedRequest[];
  readonly users: readonly KnownUser[];
  readonly picture?: Picture;
}

export function trialPageHtml(content: TrialPageContent): string {
  const { record, ports, sendings, picture } = content;
  const wrong = sendings.filter(({ expected, seen }) => seen !== undefined && seen !== expected);
  const state =
    ports === undefined
      ? "Envoy isn't there"
      : wrong.length === 0
        ? "Every request was answered as expected"
        : `${wrong.length} of ${sendings.length} aren't answered as expected`;
  return htmlPage({
    title: "The trial goes on",
    state,
    isWell: ports !== undefined && wrong.length === 0,
    sections: [
      links(content),
      people(content),
      sendingTable(content),
      requestTable(content),
      runningTable(content),
      pictureSection(picture),
      notesSection(record.notes),
    ],
    footer: "<code>npm run trial -- --stop</code> ends the trial and removes its state.",
  });
}

function links({ record, ports }: TrialPageContent): string {
  const { endpoint } = record.pool;
  const link = (url: string, text: string) => `<li><a href="${url}">${text}</a> <code>${url}</code></li>`;
  const items = [
    ...(ports === undefined ? [] : [link(feedUrl(ports.envoy), "The API, through Envoy")]),
    `<li><a href="${changePath}">A sample change, explained</a>: what a deployment with <code>${escapedHtml(record.changed)}</code> would do</li>`,
    link(`${endpoint}/moto-api/`, "What the local AWS holds"),
    `<li>All that Terraform said is in <code>${escapedHtml(record.terraformLog)}</code></li>`,
  ];
  return `<section><h2>Look</h2><ul class="links">\n${items.join("\n")}\n</ul></section>`;
}

const feedUrl = (envoy: number) => `http://localhost:${envoy}${feedPath}`;

function people({ record, ports, users, requests }: TrialPageContent): string {
  const last = requests[0];
  const you =
    last === undefined
      ? "The API has seen nobody yet."
      : `The API has last seen you as <strong>${nameOf(users, last.user)}</strong>.`;
  const token = `$(curl -s localhost:${record.port}${tokenPath})`;
  const curl =
    ports === undefined
      ? ""
      : `<p>As alice: <code>curl -H "Authorization: Bearer ${token}" ${feedUrl(ports.envoy).replace("http://", "")}</code></p>`;
  return `<section><h2>Who you are</h2><p id="you">${you}</p>
<p>In the user pool <code>${escapedHtml(record.pool.id)}</code>, which Terraform has deployed, is ${alice.name}: <code>${alice.email}</code>, password <code>${alice.password}</code>.</p>${curl}</section>`;
}

function sendingTable({ sendings }: TrialPageContent): string {
  const rows = sendings.map(({ name, what, expected, seen }) =>
    row([
      escapedHtml(what),
      escapedHtml(expected),
      seen === undefined
        ? '<span class="none">not sent yet</span>'
        : `<span class="${seen === expected ? "well" : "ill"}">${escapedHtml(seen)}</span>`,
      `<form method="post" action="${sendPath}${name}"><button aria-label="Send: ${escapedHtml(what)}">Send</button></form>`,
    ]),
  );
  return `<section id="sendings"><h2>Send requests</h2>${tableOf(["Requests", "Expected", "Seen", "Again"], rows, "There is no Envoy to send them to.")}</section>`;
}

function runningTable({ record, ports, picture }: TrialPageContent): string {
  const container = (name: string) => {
    const box = picture?.boxes.find(({ title, caption }) => title === name && caption === "container");
    return box === undefined
      ? `the container <code>${name}</code>`
      : `the container <code>${name}</code> of <code>${escapedHtml(box.address)}</code><br><span class="none">${escapedHtml(box.constructPath ?? "")}</span>`;
  };
  const at = (port: number) => `<code>localhost:${port}</code>`;
  const rows =
    ports === undefined
      ? []
      : [
          row(["Envoy", at(ports.envoy), container("envoy")]),
          ...(ports.authorizer === undefined
            ? []
            : [row(["The authorizer", at(ports.authorizer), container("authz")])]),
          row(["A sample app", at(ports.app), `stands in for ${container("backend-flask")}`]),
        ];
  rows.push(
    row([
      "The local AWS (moto)",
      `<code>${escapedHtml(record.pool.endpoint.replace("http://", ""))}</code>`,
      "stands in for AWS: both stacks are deployed to it",
    ]),
  );
  return `<section id="running"><h2>What runs here</h2>${tableOf(["What", "Address", "Deployed as"], rows, "Nothing.")}</section>`;
}
