import { ListServicesCommand } from "@aws-sdk/client-ecs";
import { ecsClient } from "../../../../operations/ecs/client";
import { type Answer, answering } from "../../../support/answering";

const missing: Answer = { status: 400, body: '{"__type":"ClusterNotFoundException","message":"Cluster not found."}' };
const caller =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

test.each<[string, Answer, string]>([
  ["account", { status: 200, body: caller }, "account 123456789012, region eu-central-1"],
  [
    "region alone where STS refuses",
    { status: 403, body: "" },
    "region eu-central-1, in the account of these credentials",
  ],
])("a cluster that isn't there is told with its name and place: %s", async (_what, sts, place) => {
  const aws = await answering(({ headers }) => (headers["x-amz-target"]?.includes("ListServices") ? missing : sts));
  const { AWS_ENDPOINT_URL_STS: before } = process.env;
  process.env.AWS_ENDPOINT_URL_STS = aws.endpoint;
  const ecs = ecsClient(aws.config);
  try {
    await expect(ecs.send(new ListServicesCommand({ cluster: "cruddur" }))).rejects.toThrow(
      `There is no ECS cluster cruddur (${place}): deploy the app stack, or name another --region or --profile.`,
    );
  } finally {
    ecs.destroy();
    aws.stop();
    if (before === undefined) delete process.env.AWS_ENDPOINT_URL_STS;
    else process.env.AWS_ENDPOINT_URL_STS = before;
  }
});
