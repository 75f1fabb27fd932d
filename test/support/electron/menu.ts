/** Items of a menu as the shell describes them. */
interface Item {
  label?: string;
  role?: string;
  enabled?: boolean;
  submenu?: Item[];
  click?: () => void;
}

let current: Item[] = [];

export const Menu = {
  buildFromTemplate: (template: Item[]): Item[] => template,
  setApplicationMenu(menu: Item[]): void {
    current = menu;
  },
};

function all(items: Item[]): Item[] {
  return items.flatMap((item) => [item, ...all(item.submenu ?? [])]);
}

export function menuLabels(): string[] {
  return all(current).flatMap(({ label }) => label ?? []);
}

export function clickMenu(label: string): void {
  const item = all(current).find((known) => known.label === label);
  if (!item?.click || item.enabled === false) throw new Error(`The menu has no item "${label}" to click.`);
  item.click();
}
