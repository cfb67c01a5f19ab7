"""A small Cruddur: feed, sign-in and messages, with what docs/wiring.md expects of the backend."""

import os

from flask import Flask, jsonify, request
from flask_cors import CORS
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

import database
import messages

provider = TracerProvider()
# Endpoint, headers and service name come from OTEL_… in the environment.
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=1000))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("sample")

app = Flask(__name__)
FlaskInstrumentor().instrument_app(app, excluded_urls="health-check")
CORS(
    app,
    resources={r"/api/*": {"origins": [os.environ["FRONTEND_URL"], os.environ["BACKEND_URL"]]}},
    allow_headers=["authorization", "content-type", "traceparent"],
    methods=["GET", "HEAD", "OPTIONS", "POST"],
)

longest = 280


def current_user():
    """The user that Envoy has established, and no other: what clients send under this name it drops."""
    name = request.headers.get("X-Cognito-Username")
    if not name:
        return None
    # Who signed up before the function ran has no row; the token is valid all the same.
    return database.user_of(name) or {"uuid": None, "handle": None, "display_name": None}


def refused(status, text):
    return jsonify(error=text), status


def text_of_request():
    given = request.get_json(silent=True) or {}
    text = given.get("message") if isinstance(given, dict) else None
    return text.strip()[:longest] if isinstance(text, str) else ""


@app.get("/api/health-check")
def health_check():
    return jsonify(success=True)


@app.get("/api/activities/home")
def home():
    with tracer.start_as_current_span("home-activities"):
        user = current_user()
        return jsonify(user=user and user["handle"], signedIn=user is not None, activities=database.feed())


@app.post("/api/activities")
def post_activity():
    user, text = current_user(), text_of_request()
    if user is None or user["uuid"] is None:
        return refused(401, "Sign in first: nobody is known by this request.")
    if text == "":
        return refused(422, f"message is empty: give a text of at most {longest} characters.")
    database.add_activity(user["uuid"], text)
    return jsonify(handle=user["handle"], message=text), 201


@app.get("/api/message_groups")
def message_groups():
    user = current_user()
    if user is None:
        return refused(401, "Sign in first: nobody is known by this request.")
    return jsonify(messages.groups(user))


@app.get("/api/messages/<group>")
def message_list(group):
    user = current_user()
    if user is None:
        return refused(401, "Sign in first: nobody is known by this request.")
    found = messages.messages(user, group)
    return refused(404, "There is no such group of yours.") if found is None else jsonify(found)


@app.post("/api/messages/<handle>")
def send_message(handle):
    user, text = current_user(), text_of_request()
    if user is None or user["uuid"] is None:
        return refused(401, "Sign in first: nobody is known by this request.")
    receiver = database.user_named(handle)
    if receiver is None or receiver["uuid"] == user["uuid"]:
        return refused(404, "There is no such user to write to.")
    if text == "":
        return refused(422, f"message is empty: give a text of at most {longest} characters.")
    return jsonify(group=messages.send(user, receiver, text)), 201
