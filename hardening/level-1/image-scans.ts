import type { Step } from "../step";

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html */
export const imageScans: Step = {
  name: "imageScans",
  sets: "ECR looks for known vulnerabilities in each image that is pushed.",
  plan: ["aws_ecr_repository update image_scanning_configuration"],
  effect: "Nobody notices: findings are shown, and nothing is refused.",
  cost: "none",
  closes: ["CKV_AWS_163"],
  apply: ({ app }) => app.repositories.repository.putImageScanningConfiguration({ scanOnPush: true }),
};
