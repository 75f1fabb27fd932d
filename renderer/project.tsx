import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { createContext, use, useMemo } from 'react';
import type { OpenProject } from '../rpc/contract/projects.ts';
import { HANDOUT_EXTENSION } from '../rpc/contract/handouts.ts';
import { folderOf } from './parts/folder-address.ts';
import { OpenHandout, ToReview } from './shell/open-handout.tsx';
import page from './parts/page.module.css';
import { Failure, Loading } from './parts/states.tsx';
import { Cover } from './shell/access/cover.tsx';
import { SignInPage } from './shell/access/sign-in-page.tsx';
import { Frame } from './shell/frame.tsx';
import { openQuery, useWhoActs } from './who-acts.ts';

export { projectParams } from './parts/folder-address.ts';

type ProjectInUse = OpenProject & {
  /** Who acts, as it goes on the record; empty until the name was asked for. */
  by: string;
};

const ProjectContext = createContext<ProjectInUse | null>(null);

/** The project that the window has before it. Only inside a project's screens. */
export function useProject(): ProjectInUse {
  const project = use(ProjectContext);
  if (!project) throw new Error('useProject is for screens under /p/$folder');
  return project;
}

/** Opens the project that the address names and holds it for the screens inside, once somebody is known where that takes signing in. */
export function ProjectRoute() {
  const parameters = useParams({ strict: false });
  const folder = folderOf(parameters.folder ?? '');
  const project = useQuery(openQuery(folder.endsWith(HANDOUT_EXTENSION) ? null : folder));
  const { accounts, person, isCovered, by } = useWhoActs();
  const isReview = useLocation().pathname.endsWith('/review');
  const value = useMemo(() => (project.data ? { ...project.data, by } : null), [project.data, by]);
  if (folder.endsWith(HANDOUT_EXTENSION))
    return (
      <Frame project={null}>
        <OpenHandout file={folder} />
      </Frame>
    );
  if (value?.handout && !isReview)
    return (
      <Frame project={value}>
        <ToReview folder={folder} />
      </Frame>
    );
  if (value && accounts && person === null)
    return (
      <Frame project={value}>
        <SignInPage />
      </Frame>
    );
  // The key is given to whoever signed in: it comes a moment after that.
  if (value && value.key !== '')
    return (
      // What one person had open is nothing for the next.
      <ProjectContext key={person?.id ?? ''} value={value}>
        <Frame project={value}>
          <Outlet />
        </Frame>
        {person && isCovered && <Cover person={person} />}
      </ProjectContext>
    );
  return (
    <Frame project={null}>
      {project.isError ? (
        <>
          <h1 className={page.lonely}>The project did not open</h1>
          <Failure error={project.error} retry={() => void project.refetch()} />
          <p className={page.lonely}>
            <Link to="/">All projects</Link>
          </p>
        </>
      ) : (
        <Loading label="Opening the project" />
      )}
    </Frame>
  );
}
