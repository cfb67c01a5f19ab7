"""Cognito's trigger after a sign-up: the user's row in the database."""

import os

import psycopg2


def lambda_handler(event, _context):
    attributes = event["request"]["userAttributes"]
    connection = psycopg2.connect(os.environ["CONNECTION_URL"], connect_timeout=5)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO users (display_name, handle, email, cognito_user_id) VALUES (%s, %s, %s, %s)",
                (attributes["name"], attributes["preferred_username"], attributes["email"], attributes["sub"]),
            )
    finally:
        connection.close()
    return event
