import { loadSettings } from "../../../settings/load";

const directory = "/nowhere";
const load = (environment: NodeJS.ProcessEnv) => loadSettings({ directory, environment }).settings;

describe("a variable is read as shells, .env files and CI hand it on:", () => {
  test.each([
    ["as it is", "db.t4g.micro"],
    ["with a line end of Windows", "db.t4g.micro\r"],
    ["with white space", "  db.t4g.micro\t\n"],
    ["with white space of a web page", "\u00a0\u200bdb.t4g.micro\u2060"],
    ["with a byte order mark", "\uFEFFdb.t4g.micro"],
    ["in quotation marks", '"db.t4g.micro"'],
    ["in single ones", "'db.t4g.micro'"],
    ["in quotation marks of a text editor", "“db.t4g.micro”"],
    ["in quotation marks with a line end behind", '" db.t4g.micro "\r\n'],
  ])("a text %s", (_how, value) => {
    expect(load({ CRUDDUR_DATABASE_INSTANCE_CLASS: value }).database.instanceClass).toBe("db.t4g.micro");
  });

  test.each(["false", "False", "FALSE", '"false"', "'false'", " false\r"])("false as %j", (value) => {
    expect(load({ CRUDDUR_PREVENT_DESTROY: value }).preventDestroy).toBe(false);
  });

  test.each([
    '["012345678901","123456789012"]',
    '\'["012345678901", "123456789012"]\'',
    "012345678901,123456789012",
    " 012345678901, 123456789012\r",
    "012345678901;123456789012",
    "012345678901 123456789012",
    '"012345678901","123456789012"',
  ])("a list as %j", (value) => {
    expect(load({ CRUDDUR_ALLOWED_ACCOUNT_IDS: value }).allowedAccountIds).toEqual(["012345678901", "123456789012"]);
  });

  test.each(["", "  ", '""', "\r"])("nothing, %j, takes nothing from the file or the default", (value) => {
    expect(load({ CRUDDUR_PREVENT_DESTROY: value, CRUDDUR_ALLOWED_ACCOUNT_IDS: value })).toMatchObject({
      preventDestroy: true,
      allowedAccountIds: [],
    });
  });
});

test("a map as people write JSON", () => {
  expect(load({ CRUDDUR_DEFAULT_TAGS: '{"Team": "web",} // for now' }).defaultTags).toEqual({ Team: "web" });
});

test.each([
  ["CRUDDUR_DEFAULT_TAGS", '{"Team":"a","Team":"b"}', "defaultTags (CRUDDUR_DEFAULT_TAGS) has Team more than once"],
  ["CRUDDUR_PREVENT_DESTROY\u200b", "true", "CRUDDUR_PREVENT_DESTROY\\u200b (environment) is not a setting"],
  ["CRUDDUR_PREVENT_DESTROY", "0", "preventDestroy (CRUDDUR_PREVENT_DESTROY) is 0: allowed is true or false"],
  ["CRUDDUR_PREVENT_DESTROY", "yes", 'preventDestroy (CRUDDUR_PREVENT_DESTROY) is "yes": allowed is true or false'],
  ["CRUDDUR_ALLOWED_ACCOUNT_IDS", "prod", "allowedAccountIds.0 (CRUDDUR_ALLOWED_ACCOUNT_IDS) is"],
  ["cruddur_prevent_destroy", "false", "did you mean CRUDDUR_PREVENT_DESTROY?"],
  ["CRUDDUR_PREVENTDESTROY", "true", "did you mean CRUDDUR_PREVENT_DESTROY?"],
])("%s=%s is refused", (variable, value, sentence) => {
  expect(() => load({ [variable]: value })).toThrow(sentence);
});
