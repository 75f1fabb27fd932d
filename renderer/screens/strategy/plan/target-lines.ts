/** Classes and numbers as lines, `gear = 500`. */
export const linesOf = (classes: readonly { label: string; images: number }[]): string =>
  classes.map(({ label, images }) => `${label} = ${images}`).join('\n');

/** The classes that such lines name, and what is wrong with them; null where nothing is. */
export function classesOf(
  text: string,
  names: readonly string[],
): { classes: { label: string; images: number }[]; error: string | null } {
  const classes: { label: string; images: number }[] = [];
  const refused = (error: string) => ({ classes: [], error });
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const found = /^\s*(.+?)\s*=\s*(\d{1,9})\s*$/.exec(line);
    if (!found) return refused(`Give a class and a number, such as gear = 500: ${line.trim()}`);
    const [, label, images] = found as unknown as [string, string, string];
    if (!names.includes(label)) return refused(`There is no class “${label}” in this project.`);
    if (classes.some((one) => one.label === label)) return refused(`“${label}” is named twice.`);
    classes.push({ label, images: Number(images) });
  }
  return { classes, error: null };
}
