import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Permission } from '../../rpc/contract/people.ts';
import { useStartJob } from '../jobs.ts';
import { reportFailure } from '../parts/report-failure.ts';
import {
  CheckIcon,
  FolderIcon,
  KeyboardIcon,
  PathIcon,
  PersonIcon,
  SearchIcon,
  SunIcon,
} from '../parts/icons.tsx';
import { folderOf } from '../parts/folder-address.ts';
import { useSettings } from '../settings.tsx';
import { useWhoActs, useWhyNot } from '../who-acts.ts';
import { useAccess } from './access/use-access.ts';
import { useAskName } from './name.tsx';
import { iconOf, routeOf, screensOf } from './screens.ts';
import { showKeys } from './show-keys.ts';

const [store, actionsOf] = createSpotlight();

export const openPalette = (): void => actionsOf.open();

/** Every screen and every action that needs no image, found by a few letters. */
export function Palette() {
  const navigate = useNavigate();
  const { folder } = useParams({ strict: false });
  const { set } = useSettings();
  const askName = useAskName();
  const { accounts, handout, person } = useWhoActs();
  const whyNot = useWhyNot();
  const { lock, signOut } = useAccess();
  const start = useStartJob();

  const isOffered = (needs: Permission): boolean => whyNot(needs) === null;
  const inProject = folder === undefined || (accounts && !person) ? [] : projectActions(folder);
  function projectActions(of: string): SpotlightActionData[] {
    const params = { folder: of };
    const project = folderOf(of);
    const run = async (kind: 'score' | 'verify') => {
      const by = await askName();
      if (by === null) return;
      const task =
        kind === 'score'
          ? ({ kind, input: { project, by } } as const)
          : ({ kind, input: { project } } as const);
      start.mutate(task, {
        onSuccess: () => void navigate({ to: '/p/$folder/jobs', params }),
        onError: (error) => reportFailure('It did not start', error),
      });
    };
    return [
      ...screensOf({ handout })
        .filter((screen) => !('needs' in screen) || isOffered(screen.needs))
        .map(({ id, title, what, icon }) => ({
          id,
          label: title,
          description: what,
          leftSection: <PathIcon path={icon} />,
          onClick: () => void navigate({ to: routeOf(id), params }),
        })),
      ...(isOffered('manage') && !handout ? managing() : []),
      {
        id: 'verify',
        leftSection: <CheckIcon />,
        label: 'Verify the record',
        description: 'Checks the chain of events and every original',
        onClick: () => void run('verify'),
      },
    ];
    function managing(): SpotlightActionData[] {
      return [
        {
          id: 'make-queue',
          leftSection: <PathIcon path={iconOf('review')} />,
          label: 'Make a queue',
          description: 'Choose what people look at',
          onClick: () =>
            void navigate({ to: '/p/$folder/overview', params, search: { dialog: 'queue' } as never }),
        },
        {
          id: 'write-mix',
          leftSection: <PathIcon path={iconOf('strategy')} />,
          label: 'Write a training mix',
          description: 'Real and synthetic images in an order that keeps the floor',
          onClick: () =>
            void navigate({
              to: '/p/$folder/strategy',
              params,
              search: { card: 'mix', dialog: 'mix' } as never,
            }),
        },
        {
          id: 'score',
          leftSection: <PathIcon path={iconOf('overview')} />,
          label: 'Score the images',
          description: 'Computes every score and finding again',
          onClick: () => void run('score'),
        },
      ];
    }
  }

  const actions: SpotlightActionData[] = [
    ...inProject,
    {
      id: 'projects',
      label: 'Projects',
      description: 'Open, create, or go back to a recent one',
      leftSection: <FolderIcon />,
      onClick: () => void navigate({ to: '/' }),
    },
    ...(accounts
      ? []
      : [
          {
            id: 'name',
            label: 'Change your name',
            description: 'As it appears on the record',
            leftSection: <PersonIcon />,
            onClick: () => void askName(true),
          },
        ]),
    ...(person
      ? [
          {
            id: 'lock',
            label: 'Lock this window',
            description: 'Everything stays as it is, and waits for your password',
            leftSection: <PersonIcon />,
            onClick: lock,
          },
          {
            id: 'sign-out',
            label: 'Sign out',
            description: `You are ${person.name}`,
            leftSection: <PersonIcon />,
            onClick: signOut,
          },
        ]
      : []),
    {
      id: 'keys',
      label: 'Show every key',
      description: 'And change them',
      leftSection: <KeyboardIcon />,
      onClick: showKeys,
    },
    ...(['auto', 'light', 'dark'] as const).map((theme) => ({
      id: `theme-${theme}`,
      label: `Theme: ${theme === 'auto' ? 'as the system' : theme}`,
      leftSection: <SunIcon />,
      onClick: () => set({ theme }),
    })),
  ];

  return (
    <Spotlight
      store={store}
      actions={actions}
      shortcut={null}
      highlightQuery={false}
      nothingFound="Nothing of that name"
      lockScroll={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.5 }}
      searchProps={{
        placeholder: 'Go to, or do …',
        'aria-label': 'Command palette',
        leftSection: <SearchIcon />,
      }}
    />
  );
}
