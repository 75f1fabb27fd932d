import { ActionIcon, Kbd, Tooltip, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { OpenProject } from '../../rpc/contract/projects.ts';
import {
  AutoIcon,
  CheckIcon,
  KeyboardIcon,
  MoonIcon,
  PersonIcon,
  SearchIcon,
  SunIcon,
} from '../parts/icons.tsx';
import { useKeyLabel } from '../parts/use-keys.ts';
import { useSettings } from '../settings.tsx';
import { useWhoActs } from '../who-acts.ts';
import { PersonMenu } from './access/person-menu.tsx';
import { useConnection } from './connection.ts';
import { useAskName } from './name.tsx';
import { openPalette } from './palette.tsx';
import { SendBack } from './send-back.tsx';
import { showKeys } from './show-keys.ts';
import classes from './frame.module.css';

const THEMES = {
  auto: { next: 'light', title: 'Theme: as the system', icon: AutoIcon },
  light: { next: 'dark', title: 'Theme: light', icon: SunIcon },
  dark: { next: 'auto', title: 'Theme: dark', icon: MoonIcon },
} as const;

export function Header({ project }: { project: OpenProject | null }) {
  const { settings, set } = useSettings();
  const { accounts, person } = useWhoActs();
  const askName = useAskName();
  const keyLabel = useKeyLabel();
  const { next, title, icon: ThemeIcon } = THEMES[settings.theme];
  return (
    // Not a <header>: every dialog has one, and two banners confuse screen readers.
    <section className={classes.header} aria-label="Project and tools">
      <Link to="/" className={classes.brand} title="All projects" aria-label="Assay, all projects">
        <img src="./icon.svg" alt="" width={22} height={22} />
      </Link>
      <span className={classes.project} title={project?.folder}>
        {project?.name ?? ''}
      </span>
      <Connection project={project} />
      <div className={classes.tools}>
        {project?.handout && (!accounts || person) && (
          <SendBack project={project} handout={project.handout} />
        )}
        <UnstyledButton className={classes.palette} onClick={openPalette}>
          <SearchIcon size={14} />
          <span>Go to, or do</span>
          <Kbd size="xs">{keyLabel('palette')}</Kbd>
        </UnstyledButton>
        {person && <PersonMenu person={person} />}
        {!accounts && !project?.handout && (
          <UnstyledButton className={classes.reviewer} onClick={() => void askName(true)}>
            <PersonIcon size={15} />
            <span>{settings.reviewer === '' ? 'Your name' : settings.reviewer}</span>
          </UnstyledButton>
        )}
        <Tooltip label={title}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`${title}. Change`}
            onClick={() => set({ theme: next })}
          >
            <ThemeIcon size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`Every key (${keyLabel('help')})`}>
          <ActionIcon variant="subtle" color="gray" aria-label="Show every key" onClick={showKeys}>
            <KeyboardIcon size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </section>
  );
}

const STATES = {
  connected: 'Connected',
  restarting: 'Core restarting …',
  lost: 'Connection lost, trying again …',
} as const;

/** Whether what is done here reaches the project. What was saved is said where it was done. */
function Connection({ project }: { project: OpenProject | null }) {
  const state = useConnection();
  const isReadOnly = state === 'connected' && project?.writable === false;
  return (
    <span className={classes.connection} data-state={state} role="status">
      {state === 'connected' && !isReadOnly && <CheckIcon size={13} />}
      {isReadOnly ? 'Read only' : STATES[state]}
    </span>
  );
}
