import type { Step } from "../step";

/** What a container has otherwise: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html */
const usual = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "NET_RAW",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Fargate drops, and adds nothing but SYS_PTRACE: where a container keeps one, the others are dropped by their names. */
export const droppedCapabilities: Step = {
  name: "droppedCapabilities",
  sets: "The containers lose all Linux capabilities, except for a container's capabilities in services/.",
  plan: ["aws_ecs_task_definition revision"],
  effect:
    "Each service replaces its tasks. Nobody notices, unless a process changes its user or another's files, or listens below port 1024.",
  cost: "none",
  needs: "An app that does so names the capabilities in services/.",
  apply: ({ app }) => {
    for (const fargate of app.services.values()) {
      fargate.addToContainers(({ capabilities = [] }) => ({
        linuxParameters: {
          capabilities: {
            drop: capabilities.length === 0 ? ["ALL"] : usual.filter((one) => !capabilities.includes(one)),
          },
        },
      }));
    }
  },
};
