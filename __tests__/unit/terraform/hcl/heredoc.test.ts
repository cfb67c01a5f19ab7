import { heredocTemplate } from "../../../../terraform/hcl/heredoc";

// The values are those of `terraform console` (1.11): of the heredoc, and of the template in Terraform's JSON syntax.
test.each([
  ["as it is written", '<<EOT\n  a ${"x"}\n\n b\n  EOT', '  a ${"x"}\n\n b\n'],
  ["empty", "<<-EOT\n    EOT", ""],
  ["with what all lines have taken away", "<<-EOT\n\t\ta\n\n\t\t\tb\n\tEOT", "a\n\n\tb\n"],
  ["which an expression at the beginning of a line hasn't", '<<-EOT\n${"x"}\n  c\n  EOT', '${"x"}\n  c\n'],
  [
    "with an expression over lines",
    '<<-EOT\n    a ${upper(\n    "x"\n  )}\n    b\n  EOT',
    'a ${upper(\n    "x"\n  )}\nb\n',
  ],
  [
    "in which ~ takes the rest of a line, and the next keeps its indentation",
    "<<-EOT\n    %{for m in [1]~}\n    a %{if m > 0}b%{endif}\n    %{endfor~}\n    $${HOME}\n  EOT",
    "%{for m in [1]}    a %{if m > 0}b%{endif}\n%{endfor}    $${HOME}\n",
  ],
  ["in which ~ takes what is before it", '<<-EOT\n    a\n    ${~ "x" ~}  \n      c\n  EOT', '    a\n${ "x" }      c\n'],
  ["not indented, with ~", "<<EOT\n  %{if true~}\n  c\n%{~ endif}\nEOT", "  %{if true}  c%{ endif}\n"],
])("a heredoc %s", (_what, text, template) => {
  expect(heredocTemplate(text)).toBe(template);
});
