/** Which images are built, of what, and where they go. */
import * as z from "zod";
import { clientIdPattern, userPoolIdPattern } from "../authz/src/cognito-ids";
import { type CheckoutSetting, checkoutSources } from "../services/image-table";
import { text } from "./text";

/** https://pkg.go.dev/github.com/distribution/reference, with a tag or a digest: a bare name would be whatever is latest. */
const imageReference =
  /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?(?<=:[^/]*)$/;

/** Of each image whose Dockerfile is in the team's checkout. */
function checkoutFolders(): Record<CheckoutSetting, z.ZodOptional<z.ZodString>> {
  const folders = checkoutSources.map(({ setting, holds }) => [
    setting,
    text()
      .optional()
      .meta({
        purpose: `${holds}; absent: its image is not built.`,
        allowed: "folder of a Dockerfile, relative to the project's or absolute",
      }),
  ]);
  return Object.fromEntries(folders);
}

export const imagesSchema = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      purpose: "Whether there is a third stack, images, which builds and pushes with a Docker engine.",
      allowed: "true or false",
    }),
    deploy: z.enum(["state", "hash"]).default("state").meta({
      purpose: "Which tags the task definitions name: those that the state has, or hashes of the content.",
      allowed: '"state" or "hash"',
    }),
    ...checkoutFolders(),
    pythonBase: z.string().regex(imageReference).default("python:3.10-slim-buster").meta({
      purpose: "The image that is mirrored into the repository cruddur-python.",
      allowed: 'an image with tag or digest, such as "python:3.10-slim-buster"',
    }),
    platform: z
      .string()
      .regex(/^linux\/[a-z0-9]+(\/v\d+)?$/)
      .default("linux/amd64")
      .meta({ purpose: "What the images are built for.", allowed: 'a platform such as "linux/amd64"' }),
    userPoolId: z.string().regex(userPoolIdPattern).optional().meta({
      purpose: "Whose tokens Envoy verifies, where authz is false; its image needs it.",
      allowed: 'id of a Cognito user pool, such as "eu-central-1_AbCdEf123"',
    }),
    userPoolClientId: z.string().regex(clientIdPattern).optional().meta({
      purpose: "Whose client's tokens Envoy verifies, where authz is false; its image needs it.",
      allowed: "id of the user pool's app client",
    }),
    dockerHost: z
      .string()
      .regex(/^(unix|tcp|ssh|npipe):\/\/\S+$/)
      .optional()
      .meta({
        purpose: "The Docker engine of the stack images; absent: DOCKER_HOST, or the default one.",
        allowed: 'address of a Docker engine, such as "unix:///run/podman/podman.sock"',
      }),
    registry: z
      .string()
      .regex(/^(http:\/\/)?[a-z0-9.-]+(:\d+)?$/)
      .optional()
      .meta({
        purpose: "Where images are pushed to instead of ECR.",
        allowed: 'host of a registry, such as "registry.example.com", or "http://localhost:5000" for one without TLS',
      }),
  })
  .prefault({});
