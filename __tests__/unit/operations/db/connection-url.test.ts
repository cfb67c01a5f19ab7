import { connectionOf } from "../../../../operations/db/connection-url";
import { serviceFileText } from "../../../../operations/db/service-file";

const read = (url: string) => connectionOf(url, "The parameter");

test.each([
  [
    "postgresql://u:p@db.example.com:5433/cruddur?sslmode=verify-full&application_name=a%20b",
    { host: "db.example.com", port: 5433, user: "u", password: "p", database: "cruddur" },
    { sslmode: "verify-full", application_name: "a b" },
  ],
  ["postgres://u:p@h", { host: "h", port: 5432, user: "u", password: "p", database: "u" }, {}],
  // As psycopg, and with it the backend, reads them.
  ["postgresql://u:a#b?c@h/d", { host: "h", password: "a#b?c", database: "d" }, {}],
  ["postgresql://u%40x:p%3A%2F@[::1]:1/d%20e", { host: "::1", user: "u@x", password: "p:/", database: "d e" }, {}],
  ["postgresql://u:@h/d", { password: "" }, {}],
  ["postgresql://u:p@h/d?host=other&hostaddr=1.2.3.4&dbname=x&passfile=/etc/x", { host: "h", database: "d" }, {}],
])("%s", (url, expected, parameters) => {
  expect(read(url)).toMatchObject(expected);
  expect(read(url).parameters).toEqual(parameters);
});

test.each([
  "",
  "mysql://u:hunter22@h/d",
  "postgresql:///d",
  "postgresql://u:hunter22@h:99999/d",
  "postgresql://u:hunter22@one,two/d",
  "postgresql://u:hunter22%zz@h/d",
  "postgresql://:hunter22@h/d",
  "postgresql://u:hunter22%0Apassword@h/d",
  "host=h user=u password=hunter22",
])("%j is refused, and no part of it is told", (url) => {
  expect(() => read(url)).toThrow("The parameter is no URL of a PostgreSQL database");
  expect(() => read(url)).not.toThrow(/hunter22/);
});

test("the service file has the tunnel's end for an address, and the database's own name for the certificate", () => {
  const text = serviceFileText(read("postgresql://u:p#=;@db.example.com/cruddur?sslmode=require"), 4711);
  expect(text).toBe(
    "[cruddur]\nhost=db.example.com\nhostaddr=127.0.0.1\nport=4711\nuser=u\npassword=p#=;\ndbname=cruddur\nsslmode=require\n",
  );
});
