/** A stack beside itself, for a plan over outputs that another stack's state doesn't have yet. Nothing of it is ever applied. */
import { readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scratchFolder } from "../lib/scratch-folder";
import { type StackDocument, type StackFolder, stackDocument, synthesizedFileName } from "./remote-states";

export interface OutputsToCome {
  /** Name of the `terraform_remote_state` that reads them. */
  readonly remoteState: string;
  /** All of them, in the Terraform language. */
  readonly expression: string;
}

/** The same stack, reading outputs from locals in the place of remote states. */
export function withPlannedOutputs(document: StackDocument, outputs: readonly OutputsToCome[]): StackDocument {
  let text = JSON.stringify(document);
  for (const { remoteState } of outputs) {
    text = text.replaceAll(`data.terraform_remote_state.${remoteState}.outputs`, `local.${localName(remoteState)}`);
  }
  const whole = JSON.parse(text) as Document;
  const planned = Object.fromEntries(
    outputs.map(({ remoteState, expression }) => [localName(remoteState), `\${${expression}}`]),
  );
  const data = withoutEmpty({
    ...whole.data,
    terraform_remote_state: without(
      whole.data?.terraform_remote_state ?? {},
      outputs.map(({ remoteState }) => remoteState),
    ),
  });
  const { data: _, ...rest } = whole;
  return { ...rest, ...withoutEmpty({ data }), locals: { ...rest.locals, ...planned } } as StackDocument;
}

type Section = Readonly<Record<string, unknown>>;
type Document = StackDocument & { readonly locals?: Section };

function without(section: Section, names: readonly string[]): Section {
  return Object.fromEntries(Object.entries(section).filter(([name]) => !names.includes(name)));
}

/** Terraform takes no block without a label. */
function withoutEmpty(sections: Readonly<Record<string, Section>>): Section {
  return Object.fromEntries(Object.entries(sections).filter(([, section]) => Object.keys(section).length > 0));
}

function localName(remoteState: string): string {
  return `planned_outputs_of_${remoteState}`;
}

/**
 * Makes the folder, beside the stack's own, so that every relative path leads where it did. Backend, providers and modules are
 * those of the stack's, which must be initialized.
 */
export class ProvisionalFolder {
  readonly folder: string;

  constructor(stack: StackFolder, outputs: readonly OutputsToCome[]) {
    this.folder = scratchFolder("provisional", dirname(stack.folder));
    try {
      for (const name of readdirSync(stack.folder)) {
        if (name !== synthesizedFileName) symlinkSync(join(stack.folder, name), join(this.folder, name));
      }
      const document = withPlannedOutputs(stackDocument(stack), outputs);
      writeFileSync(join(this.folder, synthesizedFileName), `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
