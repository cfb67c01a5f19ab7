"""On the stream of the message table: a new message goes to the top of both lists that its group is in."""

import os

import boto3
from boto3.dynamodb.conditions import Key


def lambda_handler(event, _context):
    table = boto3.resource("dynamodb").Table(os.environ.get("DDB_MESSAGE_TABLE", "cruddur-messages"))
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["pk"]["S"]
        if record["eventName"] != "INSERT" or not key.startswith("MSG#"):
            continue
        message = record["dynamodb"]["NewImage"]["message"]["S"]
        at = record["dynamodb"]["Keys"]["sk"]["S"]
        group = key.removeprefix("MSG#")
        listed = table.query(
            IndexName="message-group-sk-index", KeyConditionExpression=Key("message_group_uuid").eq(group)
        )["Items"]
        for item in listed:
            if item["sk"] >= at and item["message"] == message:
                continue
            table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
            table.put_item(Item={**item, "sk": at, "message": message})
