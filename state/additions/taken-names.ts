/** Names that a draft's constants can't have. */

/** What is reserved in a class, in a module, and where types are. https://tc39.es/ecma262/#prod-ReservedWord */
const reserved =
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield";

/** What a draft names itself, or gets of a module. */
const ofDrafts = ["app", "network", "scope", "id", "ref", "join", "project", "jsonDocument", "terraformName"];

export const takenNames: readonly string[] = [...reserved.split(" "), ...ofDrafts];
