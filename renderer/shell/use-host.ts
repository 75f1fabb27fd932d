import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import type { MenuCommand } from '../../rpc/bridge.ts';
import { host } from '../host.ts';
import { projectParams } from '../parts/folder-address.ts';
import { reportFailure } from '../parts/report-failure.ts';
import { showKeys } from './show-keys.ts';

/** Does what the desktop shell's menu asks for, and takes a folder dropped anywhere on the window as one to import. */
export function useHost(): void {
  const navigate = useNavigate();
  const { folder } = useParams({ strict: false });

  const openProject = (of: string) => void navigate({ to: '/p/$folder/overview', params: projectParams(of) });
  const importFrom = (from: string | undefined) => {
    if (folder === undefined) return void navigate({ to: '/' });
    const search = from === undefined ? {} : { from };
    return void navigate({ to: '/p/$folder/import', params: { folder }, search: search as never });
  };
  const chooseProject = () => {
    host?.pickFolder('Open a project').then(
      (path) => path !== null && openProject(path),
      (error: unknown) => reportFailure('The dialog did not open', error),
    );
  };
  const onMenu = useEffectEvent((command: MenuCommand) => {
    switch (command.kind) {
      case 'new-project':
        return void navigate({ to: '/', search: { do: 'create' } as never });
      case 'open-sample':
        return void navigate({ to: '/', search: { do: 'sample' } as never });
      case 'choose-project':
        return chooseProject();
      case 'open-project':
        return openProject(command.folder);
      case 'import':
        return importFrom(undefined);
      case 'show-keys':
        return showKeys();
      default:
        return command satisfies never;
    }
  });
  const onDrop = useEffectEvent((event: DragEvent) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    const from = host?.pathOf(file) ?? '';
    if (from !== '') importFrom(from);
    else
      reportFailure(
        'Nothing was imported',
        'A browser does not say where a dropped folder lies: choose it on the Import screen.',
      );
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      // Without this the window would leave the page for the file.
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: DragEvent) => onDrop(event);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    const stopMenu = host?.onMenu((command) => onMenu(command));
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
      stopMenu?.();
    };
  }, []);
}
