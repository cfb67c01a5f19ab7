import type { Step } from "../step";

export const immutableTags: Step = {
  name: "immutableTags",
  sets: "A tag in ECR can't be pushed again.",
  plan: ["aws_ecr_repository update image_tag_mutability"],
  effect: "What runs under a tag is what was pushed under it. ECR refuses the second push of a tag.",
  cost: "none",
  needs: 'Images deployed by the hash of their content: "images": { "deploy": "hash" }.',
  closes: ["CKV_AWS_51"],
  problems: ({ settings: { images } }) =>
    images.deploy === "hash"
      ? []
      : [
          'the deployed tags are pushed again with each new image, which ECR would refuse: set images.deploy to "hash" first',
        ],
  apply: ({ app }) => {
    app.repositories.repository.imageTagMutability = "IMMUTABLE";
  },
};
