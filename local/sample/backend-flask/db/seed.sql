INSERT INTO users (display_name, handle, email, cognito_user_id) VALUES ('Sam Sample', 'sam', 'sam@example.com', 'none');

INSERT INTO activities (user_uuid, message)
SELECT uuid, 'This feed comes from PostgreSQL, by way of Envoy.' FROM users WHERE handle = 'sam';
