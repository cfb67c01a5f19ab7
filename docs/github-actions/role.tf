# GitHub's identity provider and the two roles of .github/workflows/deploy.yml. Apply it once, in a folder of its own; for
# another environment of the account once more, in another folder.
terraform {
  required_version = ">= 1.10"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "repository" {
  description = "The repository on GitHub, OWNER/NAME."
  type        = string
}

variable "owner_id" {
  description = "The owner's number at GitHub (gh api users/OWNER --jq .id); with repository_id, for subjects that have both."
  type        = string
  default     = ""
}

variable "repository_id" {
  description = "The repository's number at GitHub (gh api repos/OWNER/NAME --jq .id)."
  type        = string
  default     = ""
}

variable "state_bucket" {
  description = "The bucket of the states."
  type        = string
}

variable "state_keys" {
  description = "The states in it, as backend.keys of settings.json has them: the roles reach no other."
  type        = list(string)
  default     = ["*.tfstate"]
}

variable "environment" {
  description = "GitHub's environment that deploys; for another one than production also the setting environment."
  type        = string
  default     = "production"
}

# https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
resource "aws_iam_openid_connect_provider" "github" {
  count          = local.is_first ? 1 : 0
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# An account has it once.
data "aws_iam_openid_connect_provider" "github" {
  count = local.is_first ? 0 : 1
  url   = "https://token.actions.githubusercontent.com"
}

locals {
  is_first = var.environment == "production"
  prefix   = local.is_first ? "" : "${var.environment}-"
  provider = local.is_first ? aws_iam_openid_connect_provider.github[0].arn : data.aws_iam_openid_connect_provider.github[0].arn

  # Repositories made or renamed since July 2026 send the numbers of owner and repository with the names.
  with_ids = replace("${var.repository}@${var.repository_id}", "/", "@${var.owner_id}/")
  senders  = var.owner_id == "" || var.repository_id == "" ? [var.repository] : [var.repository, local.with_ids]

  # Who may have which role: pull requests and main's nightly run plan, the environment with its reviewers deploys.
  subjects = {
    plan   = flatten([for sender in local.senders : ["repo:${sender}:pull_request", "repo:${sender}:ref:refs/heads/main"]])
    deploy = [for sender in local.senders : "repo:${sender}:environment:${var.environment}"]
  }
  states = [for key in var.state_keys : "arn:aws:s3:::${var.state_bucket}/${key}"]
}

data "aws_iam_policy_document" "trust" {
  for_each = local.subjects
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [local.provider]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = each.value
    }
  }
}

resource "aws_iam_role" "github" {
  for_each             = local.subjects
  name                 = "${local.prefix}cruddur-github-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = each.key == "deploy" ? 7200 : 3600
  permissions_boundary = each.key == "deploy" ? aws_iam_policy.boundary.arn : null
}

# What the deploying role can't give itself, whatever policy it gets: another identity, or these roles and this boundary.
data "aws_iam_policy_document" "boundary" {
  statement {
    not_actions = [
      "account:*", "organizations:*", "sts:AssumeRole",
      "iam:*AccessKey*", "iam:*Group*", "iam:*LoginProfile*", "iam:*MFADevice*", "iam:*OpenIDConnectProvider*",
      "iam:*PermissionsBoundary", "iam:*SAMLProvider*", "iam:*User*",
    ]
    resources = ["*"]
  }
  statement {
    effect    = "Deny"
    actions   = ["iam:*"]
    resources = ["arn:aws:iam::*:role/*cruddur-github-*", "arn:aws:iam::*:policy/*cruddur-github-*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name   = "${local.prefix}cruddur-github-boundary"
  policy = data.aws_iam_policy_document.boundary.json
}

# A plan reads the settings of every resource. Of data it reads the stacks' own states and SSM parameters, which it compares.
resource "aws_iam_role_policy_attachment" "plan_reads" {
  role       = aws_iam_role.github["plan"].name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

data "aws_iam_policy_document" "state" {
  for_each = local.subjects
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::${var.state_bucket}"]
  }
  statement {
    actions   = each.key == "deploy" ? ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] : ["s3:GetObject"]
    resources = concat(local.states, [for state in local.states : "${state}.tflock"])
  }
}

data "aws_iam_policy_document" "no_data" {
  statement {
    effect = "Deny"
    actions = [
      "cognito-idp:AdminGetUser", "cognito-idp:ListUsers*",
      "dynamodb:*Item", "dynamodb:GetRecords", "dynamodb:PartiQLSelect", "dynamodb:Query", "dynamodb:Scan",
      "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer",
      "logs:FilterLogEvents", "logs:GetLog*", "logs:GetQueryResults", "logs:StartLiveTail", "logs:StartQuery", "logs:Unmask",
      "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue",
      "sqs:ReceiveMessage", "xray:BatchGetTraces", "xray:GetTraceSummaries",
    ]
    resources = ["*"]
  }
  statement {
    effect        = "Deny"
    actions       = ["s3:GetObject*"]
    not_resources = local.states
  }
  statement {
    effect        = "Deny"
    actions       = ["ssm:GetParameter*"]
    not_resources = ["arn:aws:ssm:*:*:parameter/*cruddur/*"]
  }
}

resource "aws_iam_role_policy" "no_data" {
  name   = "no-data"
  role   = aws_iam_role.github["plan"].name
  policy = data.aws_iam_policy_document.no_data.json
}

resource "aws_iam_role_policy" "state" {
  for_each = local.subjects
  name     = "state"
  role     = aws_iam_role.github[each.key].name
  policy   = data.aws_iam_policy_document.state[each.key].json
}

# What the two stacks are made of. It makes roles, so it can give itself more: that is why only the reviewed environment has it.
data "aws_iam_policy_document" "deploy" {
  statement {
    actions = [
      "acm:*",
      "cognito-idp:*",
      "dynamodb:*",
      "ec2:*SecurityGroup*",
      "ec2:*Tags",
      "ec2:*VpcEndpoint*",
      "ec2:Describe*",
      "ecr:*",
      "ecs:*",
      "elasticloadbalancing:*",
      "lambda:*EventSourceMapping*",
      "lambda:AddPermission",
      "lambda:Get*",
      "lambda:List*",
      "lambda:RemovePermission",
      "logs:*",
      "rds:*",
      "route53:*",
      "servicediscovery:*",
      "ssm:*Parameter*",
      "ssm:*Tags*",
      "sts:GetCallerIdentity",
      "xray:*",
    ]
    resources = ["*"]
  }
  statement {
    actions = ["iam:*Role*", "iam:*Policy*", "iam:*Policies*"]
    resources = [
      "arn:aws:iam::*:role/${local.prefix}Cruddur*",
      "arn:aws:iam::*:policy/${local.prefix}Cruddur*",
      "arn:aws:iam::*:policy/${local.prefix}DynamoDBCrudAccessPolicy",
      "arn:aws:iam::*:policy/${local.prefix}SSMAccessPolicy",
      "arn:aws:iam::aws:policy/*",
    ]
  }
  statement {
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["arn:aws:iam::*:role/aws-service-role/*"]
  }
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.github["deploy"].name
  policy = data.aws_iam_policy_document.deploy.json
}

output "roles" {
  description = "For the variables AWS_PLAN_ROLE and AWS_DEPLOY_ROLE of the repository."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}
