/**
 * What AWS does with a resource that is updated, replaced or destroyed: what is lost, and whether anybody notices. Types
 * that are not here are told as they are, with no promise.
 */

import { databaseLost, databaseUpdate } from "./database";
import { type Consequence, type Knowledge, none, outage, short, type Update } from "./downtime";
import { entryOf } from "./values";

const aws = "https://docs.aws.amazon.com";
const elb = `${aws}/elasticloadbalancing/latest/application`;
const ecs = `${aws}/AmazonECS/latest/developerguide`;

function logGroupUpdate({ before, after, names }: Update): Consequence {
  const [old, now] = [before, after].map(({ retention_in_days: days }) => Number(days) || Number.POSITIVE_INFINITY);
  const shorter = names.includes("retention_in_days") && (now ?? 0) < (old ?? 0);
  return {
    downtime: "none",
    text: shorter ? `events older than ${now} days are deleted` : "logging goes on",
    source: `${aws}/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html`,
  };
}

const listenerUpdate = none("new requests follow the new rule within seconds; requests under way are finished");
const iamUpdate = none(
  "takes effect within seconds, everywhere a little later",
  `${aws}/IAM/latest/UserGuide/troubleshoot.html`,
);

export const knowledge: Readonly<Record<string, Knowledge>> = {
  aws_db_instance: { rank: 0, lost: databaseLost, update: databaseUpdate },
  aws_rds_cluster: { rank: 0, lost: databaseLost },
  aws_dynamodb_table: {
    rank: 0,
    lost: outage(
      "all items of the table and its stream",
      `${aws}/amazondynamodb/latest/APIReference/API_DeleteTable.html`,
    ),
    update: none("the table answers meanwhile", `${aws}/amazondynamodb/latest/APIReference/API_UpdateTable.html`),
  },
  aws_cognito_user_pool: {
    rank: 0,
    lost: outage(
      "all users with their passwords, which can't be exported; a new pool has another id, which every client has to learn",
      `${aws}/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html`,
    ),
    update: none("users stay signed in"),
  },
  aws_cognito_user_pool_client: {
    rank: 0,
    lost: outage(
      "all sessions: a new client has another id, which frontend, backend and authorizer have to learn; users sign in again",
      `${aws}/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html`,
    ),
    update: none("users stay signed in; validity counts for tokens that are issued from now on"),
  },
  aws_ecr_repository: {
    rank: 0,
    lost: outage(
      "all images in it; tasks that run go on, no new task of them can start",
      `${aws}/AmazonECR/latest/userguide/repository-delete.html`,
    ),
    update: none("images stay"),
  },
  aws_ssm_parameter: {
    rank: 0,
    lost: outage(
      "the value and its history; tasks that read it don't start without it",
      `${aws}/systems-manager/latest/APIReference/API_DeleteParameter.html`,
    ),
    update: none(
      "tasks that run keep the old value; new tasks get the new one",
      `${ecs}/secrets-envvar-ssm-paramstore.html`,
    ),
  },
  aws_secretsmanager_secret: { rank: 0, lost: outage("the secret and its versions, after the recovery window") },
  aws_s3_bucket: {
    rank: 0,
    lost: outage("all objects of the bucket; AWS refuses while there are any, unless force_destroy is set"),
  },
  aws_efs_file_system: { rank: 0, lost: outage("all files in it") },
  aws_ebs_volume: { rank: 0, lost: outage("all data on it") },
  aws_kms_key: { rank: 0, lost: outage("everything that is encrypted with it, after the waiting period") },
  aws_sqs_queue: { rank: 0, lost: outage("all messages in it") },
  aws_cloudwatch_log_group: { rank: 0, lost: outage("all logs in it"), update: logGroupUpdate },
  aws_route53_zone: {
    rank: 0,
    lost: outage(
      "every record of the domain; a new zone has other name servers, which the registrar has to learn",
      `${aws}/Route53/latest/DeveloperGuide/DeleteHostedZone.html`,
    ),
    update: none("names go on resolving"),
  },
  aws_route53_record: {
    rank: 1,
    lost: short(
      "the name doesn't resolve until it is there again, and for as long as resolvers remember that it wasn't",
      `${aws}/Route53/latest/DeveloperGuide/resource-record-sets-values-basic.html`,
    ),
    update: short("resolvers give the old answer until its TTL has passed"),
  },
  aws_acm_certificate: {
    rank: 1,
    lost: outage(
      "the certificate; one that a listener uses can't be deleted: AWS refuses",
      `${aws}/acm/latest/userguide/gs-acm-delete.html`,
    ),
    update: none("the certificate stays"),
  },
  aws_lb: {
    rank: 1,
    lost: short(
      "the DNS name and addresses; all hosts are down until listeners and rules are there again and resolvers have the new address, minutes",
      `${elb}/load-balancer-delete.html`,
    ),
    update: none("the load balancer goes on"),
  },
  aws_lb_listener: {
    rank: 1,
    lost: short("its port is closed until the new one is there; its rules go with it", `${elb}/delete-listener.html`),
    update: listenerUpdate,
  },
  aws_lb_listener_rule: {
    rank: 1,
    lost: short("the hosts and paths of the rule get the listener's default answer meanwhile"),
    update: listenerUpdate,
  },
  aws_lb_target_group: {
    rank: 1,
    lost: short(
      "its targets: requests get 503 until the services have registered with the new one; while a listener forwards to it, AWS refuses to delete it",
      `${elb}/delete-target-group.html`,
    ),
    update: none(
      "targets stay registered; a health check that doesn't suit them takes them out",
      `${elb}/target-group-health-checks.html`,
    ),
  },
  aws_ecs_service: {
    rank: 1,
    lost: outage("all its tasks stop", `${ecs}/delete-service-v2.html`),
  },
  aws_ecs_cluster: {
    rank: 1,
    lost: outage("all services in it must be deleted first", `${ecs}/delete_cluster-new-console-v2.html`),
    update: none("tasks go on"),
  },
  aws_service_discovery_http_namespace: {
    rank: 1,
    lost: outage("the names by which the services find each other", `${ecs}/service-connect-concepts.html`),
  },
  aws_security_group: {
    rank: 1,
    lost: outage("its rules; one that is in use can't be deleted: AWS refuses, after long waiting"),
    update: none(
      "rules take effect at once; connections that no rule allows any more may be cut",
      `${aws}/vpc/latest/userguide/security-group-rules.html`,
    ),
  },
  aws_vpc_endpoint: {
    rank: 2,
    lost: short("traffic takes its old way, over the internet, until the new one is there"),
  },
  aws_iam_role: {
    rank: 2,
    lost: short("tasks that have it get no new credentials; a new role of the same name has another id"),
    update: iamUpdate,
  },
  aws_iam_policy: {
    rank: 2,
    lost: short("the rights that it gives, until the new one is attached"),
    update: iamUpdate,
  },
  aws_lambda_permission: { rank: 2, lost: short("its caller is refused until the new one is there") },
  aws_lambda_event_source_mapping: {
    rank: 2,
    lost: short(
      "the place in the stream: a new one starts at its starting_position, and LATEST skips what came meanwhile",
      `${aws}/lambda/latest/dg/services-dynamodb-eventsourcemapping.html`,
    ),
  },
};

/** What comes first: 0 holds data that nothing brings back, 1 what others know by its name, 2 the rest. */
export function rankOf(type: string): 0 | 1 | 2 {
  return entryOf(knowledge, type)?.rank ?? 2;
}
