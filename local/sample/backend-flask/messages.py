"""Messages in DynamoDB, by the access patterns of the table `cruddur-messages`.

MSG#GROUP, TIME is a message. GRP#USER, TIME is a group in a user's list, with the other user and the newest message; the
function on the table's stream keeps that message up to date.
"""

import datetime
import os
import uuid

import boto3
from boto3.dynamodb.conditions import Key

TABLE = os.environ.get("DDB_MESSAGE_TABLE", "cruddur-messages")


def table():
    return boto3.resource("dynamodb").Table(TABLE)


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat()


def groups(user):
    items = table().query(KeyConditionExpression=Key("pk").eq(f"GRP#{user['uuid']}"), ScanIndexForward=False)["Items"]
    return [
        {"uuid": one["message_group_uuid"], "handle": one["user_handle"], "message": one["message"], "at": one["sk"]}
        for one in items
    ]


def group_with(user, handle):
    """The group of two users that the first one sees. @returns its id, or None"""
    return next((one["uuid"] for one in groups(user) if one["handle"] == handle), None)


def messages(user, group):
    if all(one["uuid"] != group for one in groups(user)):
        return None
    items = table().query(KeyConditionExpression=Key("pk").eq(f"MSG#{group}"))["Items"]
    return [{"handle": one["user_handle"], "message": one["message"], "at": one["sk"]} for one in items]


def send(sender, receiver, text):
    """@returns the group's id"""
    group = group_with(sender, receiver["handle"])
    at = now()
    if group is None:
        group = str(uuid.uuid4())
        for owner, other in ((sender, receiver), (receiver, sender)):
            table().put_item(Item=listed(group, owner, other, text, at))
    table().put_item(
        Item={
            "pk": f"MSG#{group}",
            "sk": at,
            "message_uuid": str(uuid.uuid4()),
            "message": text,
            "user_uuid": sender["uuid"],
            "user_handle": sender["handle"],
        }
    )
    return group


def listed(group, owner, other, text, at):
    return {
        "pk": f"GRP#{owner['uuid']}",
        "sk": at,
        "message_group_uuid": group,
        "message": text,
        "user_uuid": other["uuid"],
        "user_handle": other["handle"],
        "user_display_name": other["display_name"],
    }
