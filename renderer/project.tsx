import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { createContext, use, useMemo } from 'react';
import type { OpenProject } from '../rpc/contract/projects.ts';
import { core } from './client.ts';
import { folderOf } from './parts/folder-address.ts';
import page from './parts/page.module.css';
import { Failure, Loading } from './parts/states.tsx';
import { useSettings } from './settings.tsx';
import { Frame } from './shell/frame.tsx';

export { projectParams } from './parts/folder-address.ts';

type ProjectInUse = OpenProject & {
  /** The reviewer's name as it goes on the record; empty until it was asked for. */
  by: string;
};

const ProjectContext = createContext<ProjectInUse | null>(null);

/** The project that the window has before it. Only inside a project's screens. */
export function useProject(): ProjectInUse {
  const project = use(ProjectContext);
  if (!project) throw new Error('useProject is for screens under /p/$folder');
  return project;
}

/** Opens the project that the address names and holds it for the screens inside. */
export function ProjectRoute() {
  const parameters = useParams({ strict: false });
  const folder = folderOf(parameters.folder ?? '');
  const { settings } = useSettings();
  const project = useQuery({
    queryKey: ['project', folder],
    queryFn: () => core.projects.open({ project: folder }),
    staleTime: Infinity,
  });
  const value = useMemo(
    () => (project.data ? { ...project.data, by: settings.reviewer } : null),
    [project.data, settings.reviewer],
  );
  if (value)
    return (
      <ProjectContext value={value}>
        <Frame project={value}>
          <Outlet />
        </Frame>
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
