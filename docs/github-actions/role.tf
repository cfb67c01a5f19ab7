# GitHub's identity provider and the two roles of .github/workflows/deploy.yml. Apply it once, in a folder of its own.
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

variable "state_bucket" {
  description = "The bucket of the states."
  type        = string
}

# https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  # Who may have which role: pull requests plan, the environment with its reviewers deploys.
  subjects = {
    plan   = "repo:${var.repository}:pull_request"
    deploy = "repo:${var.repository}:environment:production"
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.subjects
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [each.value]
    }
  }
}

resource "aws_iam_role" "github" {
  for_each             = local.subjects
  name                 = "cruddur-github-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = each.key == "deploy" ? 7200 : 3600
}

# A plan reads every resource, the values of the SSM parameters among them.
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
    actions = each.key == "deploy" ? ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] : ["s3:GetObject"]
    resources = [
      "arn:aws:s3:::${var.state_bucket}/*.tfstate",
      "arn:aws:s3:::${var.state_bucket}/*.tfstate.tflock",
    ]
  }
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
      "arn:aws:iam::*:role/Cruddur*",
      "arn:aws:iam::*:policy/Cruddur*",
      "arn:aws:iam::*:policy/DynamoDBCrudAccessPolicy",
      "arn:aws:iam::*:policy/SSMAccessPolicy",
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
