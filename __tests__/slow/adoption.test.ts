/**
 * The main claim: over a state that HCL made, the stacks change nothing that the HCL itself would not change.
 *
 * The HCL module of the fixtures is applied to a local AWS by the real Terraform and AWS provider, its state is split as
 * the documentation says, and the real plans of both stacks are held against the HCL's own. With other inputs and the
 * project's own command it stands in exhaustive/adoption.test.ts.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { sampleVariables } from "../../local/trial/sample-variables";
import { changesOf } from "../support/adoption";
import { adoptionTests, partByHand } from "../support/adoption-proof";

const minute = 60_000;
const sample = { name: "sample", region: "us-east-1", variables: sampleVariables, part: partByHand };

adoptionTests(sample, ({ plans, terraform, stackFile }) => {
  // biome-ignore lint/suspicious/noExplicitAny: the synthesized JSON of any stack.
  type Mutate = (json: any) => void;
  const mutations: { what: string; stack: "network" | "app"; mutate: Mutate; shows: RegExp }[] = [
    {
      what: "a renamed id",
      stack: "app",
      mutate: ({ resource: { aws_ecs_cluster: clusters } }) => {
        clusters.cluster = clusters.cruddur;
        delete clusters.cruddur;
      },
      shows: /undeclared resource|"aws_ecs_cluster\.cluster"/,
    },
    {
      what: "a renamed id of a resource that nothing refers to",
      stack: "network",
      mutate: ({ resource: { aws_route53_record: records } }) => {
        records.frontend = records.app;
        delete records.app;
      },
      shows: /"aws_route53_record\.frontend".*"create"/,
    },
    {
      what: "a renamed id of a resource that must not be destroyed",
      stack: "app",
      mutate: ({ resource: { aws_ecr_repository: repositories } }) => {
        repositories.repositories = repositories.repo;
        delete repositories.repo;
      },
      shows: /undeclared resource|"create"/,
    },
    {
      what: "a lost for_each key",
      stack: "app",
      mutate: ({ resource: { aws_ssm_parameter: parameters } }) => {
        parameters.secret.for_each = parameters.secret.for_each.replace('"HONEYCOMB_API_KEY", ', "");
      },
      shows: /given key does not identify an element|HONEYCOMB_API_KEY/,
    },
    {
      what: "a lost for_each key of a resource that must not be destroyed",
      stack: "app",
      mutate: ({ resource: { aws_ecr_repository: repositories } }) => {
        repositories.repo.for_each = repositories.repo.for_each.replace('"envoy", ', "");
      },
      shows: /repo\[\\?"envoy\\?"\]|Instance cannot be destroyed/,
    },
    {
      what: "a changed argument",
      stack: "network",
      mutate: ({ resource }) => {
        resource.aws_lb_target_group.cruddur_backend_envoy_tg.health_check.path = "/health-check";
      },
      shows: /"health_check\.0\.path".*"\/health-check"/,
    },
    {
      what: "a changed argument in a list of blocks",
      stack: "network",
      mutate: ({ resource }) => {
        resource.aws_security_group.rds.ingress[0].to_port = 5433;
      },
      shows: /5433/,
    },
    {
      what: "a corrupted image name",
      stack: "app",
      mutate: ({ resource }) => {
        const definition = resource.aws_ecs_task_definition.frontend_react_js;
        definition.container_definitions = definition.container_definitions.replace(
          '"image":"${data.',
          () => '"image":"$${data.',
        );
      },
      shows: /"delete","create"|"create","delete"/,
    },
    {
      what: "a changed service attribute, hidden among what moto forgets",
      stack: "app",
      mutate: ({ resource }) => {
        resource.aws_ecs_service.backend_flask.network_configuration.assign_public_ip = false;
      },
      shows: /assign_public_ip/,
    },
    {
      what: "an attribute that moto forgets, dropped",
      stack: "app",
      mutate: ({ resource }) => {
        delete resource.aws_ecs_service.backend_authz.enable_execute_command;
      },
      shows: /aws_ecs_service\.backend_authz/,
    },
    {
      what: "a secret under the wrong name",
      stack: "app",
      mutate: ({ locals }) => {
        locals.secret_values.ROLLBAR_ACCESS_TOKEN = locals.secret_values.CONNECTION_URL;
      },
      shows: /ROLLBAR_ACCESS_TOKEN/,
    },
  ];

  test.each(mutations)(
    "$what ($stack) does not pass",
    async ({ stack, mutate, shows }) => {
      const original = readFileSync(stackFile(stack), "utf8");
      try {
        const json = JSON.parse(original);
        mutate(json);
        expect(json).not.toEqual(JSON.parse(original));
        writeFileSync(stackFile(stack), JSON.stringify(json));
        const verdict = await terraform[stack].plan().then(
          (plan) => {
            const mutated = stack === "app" ? changesOf(plans.network, plan) : changesOf(plan, plans.app);
            expect(mutated).not.toEqual(changesOf(plans.hcl));
            return JSON.stringify(mutated);
          },
          (error: Error) => error.message,
        );
        expect(verdict).toMatch(shows);
      } finally {
        writeFileSync(stackFile(stack), original);
      }
    },
    2 * minute,
  );
});
