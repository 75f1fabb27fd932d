import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import type { MenuCommand } from '../rpc/bridge.ts';
import { menuTemplate } from './menu.ts';

const RECENT = [
  { folder: '/data/cats & dogs.assay', name: 'cats & dogs', openedAt: '2026-01-01T00:00:00Z', exists: true },
  { folder: '/data/gone.assay', name: 'gone', openedAt: '2026-01-01T00:00:00Z', exists: false },
];

function items(isPackaged: boolean, recent = RECENT) {
  const asked: MenuCommand[] = [];
  const flat = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
    template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
  const all = flat(menuTemplate({ recent, isMac: false, isPackaged, ask: (command) => asked.push(command) }));
  return { all, asked };
}

test('recent projects that are still there can be opened, with their names as they are', () => {
  const { all, asked } = items(true);
  const [entry, ...others] = all.filter(({ label }) => label?.includes('dogs') || label?.includes('gone'));
  expect(others).toEqual([]);
  expect(entry!.label).toBe('cats && dogs (cats && dogs.assay)');
  (entry!.click as () => void)();
  expect(asked).toEqual([{ kind: 'open-project', folder: '/data/cats & dogs.assay' }]);
});

test('a menu without recent projects says so', () => {
  expect(items(true, []).all).toContainEqual({ label: 'No project yet', enabled: false });
});

test('a package has no developer tools', () => {
  const roles = (isPackaged: boolean) => items(isPackaged).all.map(({ role }) => role);
  expect(roles(false)).toContain('toggleDevTools');
  expect(roles(true)).not.toContain('toggleDevTools');
  expect(roles(true)).not.toContain('reload');
});
