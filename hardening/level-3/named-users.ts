import type { Step } from "../step";

export const namedUsers: Step = {
  name: "namedUsers",
  sets: "The task definitions name the users of the project's images, none of which is root. Other images keep their users.",
  plan: ["aws_ecs_task_definition revision"],
  effect:
    "Each service replaces its tasks. Nobody notices: an image that is built without its USER doesn't run as root.",
  cost: "none",
  needs: "For the API, whose image is yours: a USER in its Dockerfile, and user in services/backend-flask.ts.",
  apply: ({ app }) => {
    for (const fargate of app.services.values())
      fargate.addToContainers(({ user, imageUser }) => ({ user: user ?? imageUser }));
  },
};
