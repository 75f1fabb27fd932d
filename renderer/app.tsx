import { QueryClientProvider, QueryClient } from '@tanstack/react-query';
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  RouterProvider,
} from '@tanstack/react-router';
import { Announcer } from './parts/announce.tsx';
import { Failure, Loading } from './parts/states.tsx';
import { ProjectRoute } from './project.tsx';
import { NameGate } from './shell/name.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Theme } from './theme.tsx';
import { Root } from './shell/root.tsx';
import { errorCode, type ErrorCode } from '../rpc/errors.ts';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

const projects = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/projects/projects-screen.tsx'), 'ProjectsScreen'),
});

const project = createRoute({ getParentRoute: () => root, path: '/p/$folder', component: ProjectRoute });

const start = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$folder/overview', params });
  },
});

const overview = createRoute({
  getParentRoute: () => project,
  path: 'overview',
  component: lazyRouteComponent(() => import('./screens/overview/overview-screen.tsx'), 'OverviewScreen'),
});

const imports = createRoute({
  getParentRoute: () => project,
  path: 'import',
  component: lazyRouteComponent(() => import('./screens/import/import-screen.tsx'), 'ImportScreen'),
});

const policies = createRoute({
  getParentRoute: () => project,
  path: 'policies',
  component: lazyRouteComponent(() => import('./screens/policies/policies-screen.tsx'), 'PoliciesScreen'),
});

/** What is done on these screens goes on the record from the first key on, under a name. */
const named = createRoute({
  getParentRoute: () => project,
  id: 'named',
  component: () => (
    <NameGate>
      <Outlet />
    </NameGate>
  ),
});

const explore = createRoute({
  getParentRoute: () => project,
  path: 'explore',
  component: lazyRouteComponent(() => import('./screens/explore/explore-screen.tsx'), 'ExploreScreen'),
});

const labels = createRoute({
  getParentRoute: () => project,
  path: 'labels',
  component: lazyRouteComponent(() => import('./screens/labels/labels-screen.tsx'), 'LabelsScreen'),
});

const reports = createRoute({
  getParentRoute: () => project,
  path: 'reports',
  component: lazyRouteComponent(() => import('./screens/reports/reports-screen.tsx'), 'ReportsScreen'),
});

const review = createRoute({
  getParentRoute: () => named,
  path: 'review',
  component: lazyRouteComponent(() => import('./screens/review/review-screen.tsx'), 'ReviewScreen'),
});

const conflicts = createRoute({
  getParentRoute: () => named,
  path: 'conflicts',
  component: lazyRouteComponent(() => import('./screens/conflicts/conflicts-screen.tsx'), 'ConflictsScreen'),
});

const gold = createRoute({
  getParentRoute: () => named,
  path: 'gold',
  component: lazyRouteComponent(() => import('./screens/gold/gold-screen.tsx'), 'GoldScreen'),
});

const releases = createRoute({
  getParentRoute: () => project,
  path: 'export',
  component: lazyRouteComponent(() => import('./screens/export/export-screen.tsx'), 'ExportScreen'),
});

const jobs = createRoute({
  getParentRoute: () => project,
  path: 'jobs',
  component: lazyRouteComponent(() => import('./screens/jobs/jobs-screen.tsx'), 'JobsScreen'),
});

const router = createRouter({
  history: createHashHistory(),
  routeTree: root.addChildren([
    projects,
    project.addChildren([
      start,
      overview,
      imports,
      policies,
      explore,
      labels,
      reports,
      releases,
      jobs,
      named.addChildren([review, conflicts, gold]),
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading label="Loading the screen" />,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

/** The whole window. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Theme>
        <RouterProvider router={router} />
        <Announcer />
      </Theme>
    </QueryClientProvider>
  );
}

/** Asking again gives the same answer: only a connection that was lost is worth a second try. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['CONNECTION_LOST']);

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) => failures < 2 && PASSING.has(errorCode(error)),
      // The core is on this machine: whether there is a network says nothing.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
