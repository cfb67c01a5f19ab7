"""The team's Lambda functions, in this process: what Cognito and the message table's stream would call."""

import importlib.util
import os
import queue
import threading
import time
import traceback

import boto3
import psycopg

FOLDER = "functions"
wake = queue.Queue(maxsize=1)
state = {}


def load(name):
    """@returns the handler, or None where the function isn't there"""
    path = os.path.join(FOLDER, f"{name}.py")
    if not os.path.exists(path):
        return None
    spec = importlib.util.spec_from_file_location(f"function_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.lambda_handler


def handler(name):
    """Loaded when it is first called: a function may connect to something as soon as it is imported."""
    if name not in state:
        state[name] = load(name)
    return state[name]


def use_local_endpoint(region, endpoint):
    """A function may name AWS's own endpoint and region in its code."""
    for kind in ("client", "resource"):
        original = getattr(boto3.session.Session, kind)

        def local(self, *arguments, original=original, **options):
            options.update(endpoint_url=endpoint, region_name=region)
            return original(self, *arguments, **options)

        setattr(boto3.session.Session, kind, local)


def has_row(username):
    """Whether the database knows the user of an earlier run; false where its table is another than the team's."""
    try:
        with psycopg.connect(os.environ["CONNECTION_URL"], connect_timeout=5) as connection:
            rows = connection.execute("SELECT 1 FROM users WHERE cognito_user_id = %s", (username,)).fetchall()
            return len(rows) > 0
    except psycopg.Error:
        return False


def post_confirmation(pool_id, username, attributes):
    function = handler("postConfirmation")
    if function is None or has_row(username):
        return
    function(
        {
            "version": "1",
            "triggerSource": "PostConfirmation_ConfirmSignUp",
            "region": state["region"],
            "userPoolId": pool_id,
            "userName": username,
            "request": {"userAttributes": {"sub": username, **attributes}},
            "response": {},
        },
        None,
    )


def look_at_streams():
    """After a request to the tables, which may have written."""
    try:
        wake.put_nowait(None)
    except queue.Full:
        pass


def follow_streams():
    seen = {}
    while True:
        wake.get()
        # The request that woke this is only about to be answered.
        time.sleep(0.2)
        for table in list(state["backend"]("dynamodb").tables.values()):
            shard = table.stream_shard
            if shard is None:
                continue
            records = [item.to_json() for item in shard.items[seen.get(table.name, 0) :]]
            seen[table.name] = seen.get(table.name, 0) + len(records)
            for record in records:
                call_stream_function(record)


def call_stream_function(record):
    try:
        function = handler("messageStream")
        if function is not None:
            function({"Records": [record]}, None)
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        state["log"]("a function failed", function="messageStream", error=text)


def start(region, endpoint, backend, log):
    state.update(region=region, backend=backend, log=log)
    use_local_endpoint(region, endpoint)
    threading.Thread(target=follow_streams, daemon=True).start()
