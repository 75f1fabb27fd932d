import { basename } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import type { RecentProject } from '../rpc/contract/settings.ts';
import type { MenuCommand } from '../rpc/bridge.ts';

const MOST_RECENT = 10;

export interface MenuSituation {
  recent: RecentProject[];
  isMac: boolean;
  /** Developer tools and reload are only there when Assay runs from its sources. */
  isPackaged: boolean;
  ask: (command: MenuCommand) => void;
}

/** The application menu. Whatever it asks for is done by the window, which has the same commands elsewhere too. */
export function menuTemplate({
  recent,
  isMac,
  isPackaged,
  ask,
}: MenuSituation): MenuItemConstructorOptions[] {
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => ask(command),
  });
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('&New project …', { kind: 'new-project' }, 'CmdOrCtrl+N'),
        item('&Open project …', { kind: 'choose-project' }, 'CmdOrCtrl+O'),
        { label: 'Open &recent', submenu: recentItems(recent, ask) },
        item('Open the &sample project', { kind: 'open-sample' }),
        { type: 'separator' },
        item('&Import images …', { kind: 'import' }, 'CmdOrCtrl+I'),
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...(isPackaged
          ? []
          : ([{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }] as const)),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('&Keyboard shortcuts', { kind: 'show-keys' }), { role: 'about' }] },
  ];
}

function recentItems(recent: RecentProject[], ask: MenuSituation['ask']): MenuItemConstructorOptions[] {
  const there = recent.filter(({ exists }) => exists).slice(0, MOST_RECENT);
  if (there.length === 0) return [{ label: 'No project yet', enabled: false }];
  return there.map(({ folder, name }) => ({
    // An ampersand in a name would mark a key.
    label: `${name} (${basename(folder)})`.replaceAll('&', '&&'),
    toolTip: folder,
    click: () => ask({ kind: 'open-project', folder }),
  }));
}
