import { AssayError } from '../../rpc/errors.ts';
import { classCalled } from '../base/class-name.ts';

/** The prefix that CLIPScore puts before a caption (Hessel et al. 2021). */
const DEFAULT_TEMPLATE = 'A photo depicts {class}';
const SLOT = '{class}';

export interface PromptOptions {
  /** Sentences with `{class}` in them; the default one where there are none. */
  templates: string[];
  /** Texts for single classes, in place of the templates; a class may have several. */
  prompts: { label: string; prompt: string }[];
}

export const NO_PROMPTS: PromptOptions = { templates: [], prompts: [] };

/**
 * The prompts of each class: its own where any were given, else the templates with its name, in which dashes and
 * underscores are read as spaces. Throws INVALID_INPUT for a template without `{class}` and for a class that is none.
 */
export function promptsOf(names: readonly string[], { templates, prompts }: PromptOptions): string[][] {
  const without = templates.find((template) => !template.includes(SLOT));
  if (without !== undefined)
    throw new AssayError(
      'INVALID_INPUT',
      `The template "${without}" has no ${SLOT} in it: every class would have the same prompt.`,
    );
  const classes = new Set(names);
  const unknown = prompts.find(({ label }) => classCalled(label, classes) === undefined);
  if (unknown)
    throw new AssayError(
      'INVALID_INPUT',
      `There is a prompt for "${unknown.label}", which is no class here; the classes are ${names.join(', ')}.`,
    );
  const own = Map.groupBy(prompts, ({ label }) => classCalled(label, classes));
  const general = templates.length > 0 ? templates : [DEFAULT_TEMPLATE];
  return names.map((name) => {
    const texts = own.get(name)?.map(({ prompt }) => prompt) ?? general;
    const words = name.replaceAll(/[-_]+/g, ' ').trim();
    return texts.map((text) => text.replaceAll(SLOT, () => words));
  });
}
