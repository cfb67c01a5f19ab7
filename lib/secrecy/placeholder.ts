/** What holds the place of a value: `$NAME`, `${NAME}`, `{{name}}`, `<name>`, `%NAME%`, `***`. */
const placeholder = /^(?:\$\(?\{*[\w.:]+\}*\)?|\{\{[^}]*\}\}|<[\w -]+>|%[\w]+%|\*+|\(sensitive[\w, ]*\))$/;

export function isPlaceholder(text: string): boolean {
  return placeholder.test(text.replace(/^["']|["']$/g, ""));
}
