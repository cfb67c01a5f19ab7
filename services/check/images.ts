/** What ECR, an engine or the stacks would refuse of the images that a list of services names. */
import { shown } from "../../lib/user-error";
import { type ServiceDefinition, underscored } from "../definition";
import { imageEntry } from "../image-table";
import { repositoriesOf } from "../image-tags";
import { type ImageReference, isOwnImage } from "../images";

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const repositoryName = /^(?=.{2,256}$)[a-z0-9]+([._/-]+[a-z0-9]+)*$/;
/** https://pkg.go.dev/github.com/distribution/reference */
const imageTag = /^\w[\w.-]{0,127}$/;
const imageDigest = /^sha256:[0-9a-f]{64}$/;

/** @param whose the service and its container */
function referenceProblems(whose: string, image: ImageReference): string[] {
  const { repository, tag, digest, build, registry } = image;
  const problems: string[] = [];
  if (isOwnImage(image) && !repositoryName.test(repository)) {
    problems.push(
      `${whose} has the repository ${shown(repository)}: give 2 to 256 lower-case letters and digits, joined by . _ - or /`,
    );
  }
  if (tag !== undefined && !imageTag.test(tag)) {
    problems.push(`${whose} has the image tag ${shown(tag)}: give letters, digits, _ . and -, at most 128`);
  }
  if (digest !== undefined && !imageDigest.test(digest)) {
    problems.push(`${whose} has the image digest ${shown(digest)}: give sha256: and 64 hexadecimal digits`);
  }
  if (build === undefined) return problems;
  if (registry !== undefined) {
    problems.push(
      `${whose} has an image of the registry ${shown(registry)} with a build context: only images of the account's own ECR are built here, so leave out registry or build`,
    );
  }
  if (imageEntry(repository)?.source.kind === "upstream") {
    problems.push(
      `${whose} has a build context for ${shown(repository)}, which holds a copy of another image: give another repository`,
    );
  }
  for (const [what, value] of Object.entries({
    context: build.context,
    dockerfile: build.dockerfile ?? "Dockerfile",
  })) {
    if (!/^\S(.*\S)?$/.test(value)) problems.push(`${whose} has build.${what} ${shown(value)}: give a path`);
  }
  return problems;
}

/** Repositories that are built in two ways, or that are one to the stack `images`. */
function repositoryProblems(services: readonly ServiceDefinition[]): string[] {
  const images = services.flatMap(({ containers }) => containers.map(({ image }) => image)).filter(isOwnImage);
  const problems: string[] = [];
  const names = new Map<string, string>();
  for (const repository of repositoriesOf(services)) {
    const isBuilt = imageEntry(repository) !== undefined;
    const builds = images.filter((image) => image.repository === repository && image.build).map(({ build }) => build);
    const contexts = new Set(builds.map((build) => JSON.stringify([build?.context, build?.dockerfile])));
    if (contexts.size > 1) {
      const folders = [...new Set(builds.map((build) => shown(build?.context)))].join(" and ");
      problems.push(
        `the image ${shown(repository)} is built from ${folders}: give it one build context and Dockerfile`,
      );
    }
    if (!isBuilt && builds.length === 0) continue;
    const other = names.get(underscored(repository));
    if (other !== undefined) {
      problems.push(
        `the repositories ${shown(other)} and ${shown(repository)} have one Terraform name, ${underscored(repository)}: rename one`,
      );
    }
    names.set(underscored(repository), repository);
  }
  return problems;
}

/** @returns a sentence for each, with service and value */
export function imageProblems(services: readonly ServiceDefinition[]): string[] {
  return [
    ...services.flatMap(({ name, containers }) =>
      containers.flatMap((container) => referenceProblems(`${name}'s ${container.name}`, container.image)),
    ),
    ...repositoryProblems(services),
  ];
}
