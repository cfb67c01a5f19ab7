/** The picture of the stacks on a page, with its boxes as a list. */
import type { PrivateFolder } from "../../lib/private-folder";
import { escapedHtml, row, tableOf } from "./html";
import type { PageAnswer } from "./http";

export interface PictureBox {
  readonly caption?: string;
  readonly title: string;
  /** Terraform's. */
  readonly address: string;
  /** Undefined where another deployment declares it. */
  readonly constructPath?: string;
}

export interface Picture {
  readonly svg: string;
  readonly boxes: readonly PictureBox[];
}

const fileName = "picture.json";
const path = "/architecture.svg";

export function keepPicture(folder: PrivateFolder, picture: Picture): void {
  folder.write(fileName, JSON.stringify(picture));
}

export function keptPicture(folder: PrivateFolder): Picture | undefined {
  const text = folder.read(fileName);
  return text === undefined ? undefined : JSON.parse(text);
}

export function pictureAnswer(url: string | undefined, picture: Picture | undefined): PageAnswer | undefined {
  return url === path && picture !== undefined ? { type: "image/svg+xml", body: picture.svg } : undefined;
}

/** The picture that `npm run diagram` draws. */
export function pictureSection(picture: Picture | undefined): string {
  if (picture === undefined) return "";
  const rows = picture.boxes.map(({ caption = "", title, address, constructPath }) =>
    row([
      `${escapedHtml(title)} <span class="none">${escapedHtml(caption)}</span>`,
      `<code>${escapedHtml(address)}</code><br><span class="none">${escapedHtml(constructPath ?? "of another deployment")}</span>`,
    ]),
  );
  return `<section id="picture"><h2>As it is deployed</h2><a href="${path}"><img src="${path}" alt="Both stacks: hosts, load balancer, containers, and what these use"></a></section>
<section id="boxes"><h2>The picture's boxes</h2>${tableOf(["Box", "Address and construct"], rows, "None.")}</section>`;
}
