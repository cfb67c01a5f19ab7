import { expressionText } from "../../../../terraform/hcl/expression";

test.each([
  ["${x}", '"${var.name}"', "var.name"],
  ["${x} in an operation", '"${a + b}" * 2', "(a + b) * 2"],
  ["${x} in a call", 'join(",", ["${a + b}"])', 'join(",", [a + b])'],
  ["${x} with an index", '"${a ? b : c}"[0]', "(a ? b : c)[0]"],
  ["${x} as a key", '{"${var.a}":1}', "{\n  (var.a) = 1\n}"],
  ["a template", '"a-${ var.b }-${ upper( "c${ d }" ) }"', '"a-${var.b}-${upper("c${d}")}"'],
  ["escapes", '"$${a} %%{b} \\" \\\\ \\u00e9"', '"$${a} %%{b} \\" \\\\ \\u00e9"'],
  ["trimming", '"a ${~ b ~} c"', '"a ${~b~} c"'],
  ["directives", '"%{ if a }x%{ else }y%{ endif }"', '"%{if a}x%{else}y%{endif}"'],
  ["signs", "-1+(-x)- -2", "-1 + (-x) - -2"],
  ["negation", "!a&&! b||c", "!a && !b || c"],
  ["a condition", "a==null?[]:[a]", "a == null ? [] : [a]"],
  ["splats", 'a[*].b.*.c["d"].0', 'a[*].b.*.c["d"].0'],
  ["an expanded list", "max([1,2]...)", "max([1, 2]...)"],
  ["a list of a loop", '[for k,v in {a=1}:"${k}" if v!=2]', "[\n  for k, v in { a = 1 } : k if v != 2\n]"],
  ["a list of a short loop", "[ for k,v in x: v.fqdn ]", "[for k, v in x : v.fqdn]"],
  ["a grouped loop", "{for s in var.l:s.k=>s...}", "{\n  for s in var.l : s.k => s...\n}"],
  ["functions of providers", 'provider::aws::arn_parse("x")', 'provider::aws::arn_parse("x")'],
  [
    "keys",
    '{"a":1,"b-c":2,"d e":3,"for":4,"1":5}',
    '{\n  a     = 1\n  b-c   = 2\n  "d e" = 3\n  "for" = 4\n  "1"   = 5\n}',
  ],
  ["members in lines", "{\n a=1\n b = 2,\n}", "{\n  a = 1\n  b = 2\n}"],
  ["a heredoc", 'trimspace(<<-EOT\n    a "b"\n      ${c}\n  EOT\n)', 'trimspace("a \\"b\\"\\n  ${c}\\n")'],
  ["comments", "a # one\n + /* two */ b // three", "a + b"],
  ["a document", 'jsonencode({"a":[{"b":x}]})', "jsonencode({\n  a = [\n    { b = x },\n  ]\n})"],
  ["nothing in a document", "jsonencode({})", "jsonencode({})"],
  ["names in any script", '{größe=1,サービス="x"}', '{\n  größe = 1\n  サービス  = "x"\n}'],
])("%s", (_what, expression, text) => {
  expect(expressionText(expression)).toBe(text);
});

test("what takes more than a line is broken, and objects below each other look alike", () => {
  const long = (name: string) =>
    `{"name":"${name.repeat(30)}","valueFrom":aws_ssm_parameter.secret["${name.repeat(30)}"].arn}`;
  expect(expressionText(`[${long("a")},{"name":"b","valueFrom":"c"}]`, "  ", 8)).toBe(
    `[
    {
      name      = "${"a".repeat(30)}"
      valueFrom = aws_ssm_parameter.secret["${"a".repeat(30)}"].arn
    },
    {
      name      = "b"
      valueFrom = "c"
    },
  ]`,
  );
});

test.each(["(a", "a]", '"a', '"${a"', "<<EOT\na"])("what has no end is no expression: %s", (text) => {
  expect(() => expressionText(text)).toThrow();
});
