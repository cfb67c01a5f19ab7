"""moto's server, with what moto lacks of a user pool: passwords that count, triggers, and ids that stay the same.

seed.json, written by `npm run local -- up`:
{region, userPool: {id, clientId}, password, users: [name], calls: [{service, operation, parameters}]}
"""

import json
import logging
import os
import threading
import time
import traceback
import urllib.parse

import boto3

SEED = json.load(open("seed.json", encoding="utf-8"))
ENDPOINT = "http://127.0.0.1:4566"
os.environ.update(
    AWS_DEFAULT_REGION=SEED["region"],
    AWS_ACCESS_KEY_ID="local",
    AWS_SECRET_ACCESS_KEY="local",
    AWS_EC2_METADATA_DISABLED="true",
)

import moto.cognitoidp.models as cognito  # noqa: E402
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import run_simple  # noqa: E402

import functions  # noqa: E402
import sessions  # noqa: E402
import srp  # noqa: E402

ready = threading.Event()


def log(event, **fields):
    print(json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": event, **fields}), flush=True)


def fixed_id(_strategy, *arguments):
    """The pool's id is its region and this; the client's is made of the pool's."""
    pool = SEED["userPool"]
    return pool["clientId"] if arguments[0] == pool["id"] else pool["id"].split("_", 1)[1]


cognito.generate_id = fixed_id


def backend(service):
    return __import__("moto.backends", fromlist=["get_backend"]).get_backend(service)["123456789012"][SEED["region"]]


confirm = cognito.CognitoIdpBackend.confirm_sign_up


def confirm_sign_up(self, client_id, username):
    answer = confirm(self, client_id, username)
    pool = self.user_pools[SEED["userPool"]["id"]]
    user = pool._get_user(username)
    user.update_attributes([{"Name": "email_verified", "Value": "true"}])
    try:
        functions.post_confirmation(pool.id, user.username, dict(user.attribute_lookup))
    except Exception as error:
        log("a function failed", function="postConfirmation", error="".join(traceback.format_exception(error)))
        # As Cognito puts it; the user is confirmed all the same.
        from moto.core.exceptions import JsonRESTError

        raise JsonRESTError(
            "UserLambdaValidationException", f"PostConfirmation failed with error {error}."
        ) from error
    return answer


cognito.CognitoIdpBackend.confirm_sign_up = confirm_sign_up
srp.install(cognito)
sessions.install(cognito, SEED["userPool"]["id"])


def find_user(name):
    users = backend("cognito-idp").user_pools[SEED["userPool"]["id"]].users.values()
    for user in users:
        attributes = user.attribute_lookup
        if name in (user.username, attributes.get("preferred_username"), attributes.get("email")):
            return user
    return None


def users():
    pool = backend("cognito-idp").user_pools[SEED["userPool"]["id"]]
    return [
        {
            "username": user.username,
            "handle": user.attribute_lookup.get("preferred_username"),
            "email": user.attribute_lookup.get("email"),
            "confirmed": getattr(user.status, "value", user.status) == "CONFIRMED",
        }
        for user in pool.users.values()
    ]


def token(name):
    user = find_user(name)
    if user is None:
        return None
    pool = backend("cognito-idp").user_pools[SEED["userPool"]["id"]]
    client = SEED["userPool"]["clientId"]
    _, origin = pool.create_refresh_token(client, user.username)
    access_token, _ = pool.create_access_token(client, user.username, origin_jti=origin)
    return {"accessToken": access_token, "username": user.username}


class Application:
    """moto, and below /local/ what the project's commands ask."""

    def __init__(self, moto):
        self.moto = moto

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        if path.startswith("/local/"):
            return self.local(path, environ, start_response)
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_"):
            functions.look_at_streams()
        return self.moto(environ, start_response)

    def local(self, path, environ, start_response):
        query = urllib.parse.parse_qs(environ.get("QUERY_STRING", ""))
        if path == "/local/health":
            status, body = ("200 OK", {"status": "ok"}) if ready.is_set() else ("503 Service Unavailable", {})
        elif path == "/local/users":
            status, body = "200 OK", users()
        elif path == "/local/token":
            body = token(query.get("user", [""])[0])
            status = "404 Not Found" if body is None else "200 OK"
        else:
            status, body = "404 Not Found", {}
        start_response(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [json.dumps(body).encode()]


def seed():
    try:
        for call in SEED["calls"]:
            client = boto3.client(call["service"], endpoint_url=ENDPOINT)
            getattr(client, call["operation"])(**call["parameters"])
        identity = boto3.client("cognito-idp", endpoint_url=ENDPOINT)
        for name in SEED["users"]:
            attributes = {"email": f"{name}@example.com", "name": name.capitalize(), "preferred_username": name}
            identity.sign_up(
                ClientId=SEED["userPool"]["clientId"],
                Username=attributes["email"],
                Password=SEED["password"],
                UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
            )
            try:
                identity.confirm_sign_up(
                    ClientId=SEED["userPool"]["clientId"], Username=attributes["email"], ConfirmationCode="000000"
                )
            except identity.exceptions.UserLambdaValidationException:
                pass  # Logged where it happened; the user is there.
        log("seeded", calls=len(SEED["calls"]), users=SEED["users"])
        ready.set()
    except Exception as error:
        log("the seed failed", error="".join(traceback.format_exception(error)))
        os._exit(1)


logging.getLogger("werkzeug").setLevel(logging.WARNING)
functions.start(SEED["region"], ENDPOINT, backend, log)
threading.Thread(target=seed, daemon=True).start()
run_simple("0.0.0.0", 4566, Application(DomainDispatcherApplication(create_backend_app)), threaded=True)
