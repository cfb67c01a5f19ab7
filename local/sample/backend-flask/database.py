"""PostgreSQL, by CONNECTION_URL."""

import os

import psycopg
from psycopg.rows import dict_row


def query(sql, **parameters):
    """@returns the rows, as dictionaries; none for what returns none"""
    with psycopg.connect(os.environ["CONNECTION_URL"], row_factory=dict_row, connect_timeout=5) as connection:
        cursor = connection.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def user_of(cognito_user_id):
    """@returns the user's row, or None"""
    rows = query("SELECT uuid::text, handle, display_name FROM users WHERE cognito_user_id = %(id)s", id=cognito_user_id)
    return rows[0] if rows else None


def user_named(handle):
    rows = query("SELECT uuid::text, handle, display_name FROM users WHERE handle = %(handle)s", handle=handle)
    return rows[0] if rows else None


def feed():
    return query(
        "SELECT a.uuid::text, u.handle, u.display_name, a.message, a.created_at FROM activities a"
        " JOIN users u ON u.uuid = a.user_uuid ORDER BY a.created_at DESC LIMIT 50"
    )


def add_activity(user_uuid, message):
    query("INSERT INTO activities (user_uuid, message) VALUES (%(user)s, %(message)s)", user=user_uuid, message=message)
