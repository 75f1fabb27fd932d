import { QueryClientProvider, QueryClient } from '@tanstack/react-query';
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  RouterProvider,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Announcer } from './parts/announce.tsx';
import { Failure, Loading } from './parts/states.tsx';
import { ProjectRoute } from './project.tsx';
import { MayGate } from './shell/access/may-gate.tsx';
import { NameGate } from './shell/name.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Theme } from './theme.tsx';
import { Root } from './shell/root.tsx';
import { SCREENS, type ScreenId } from './shell/screens.ts';
import { errorCode, type ErrorCode } from '../rpc/errors.ts';

const root = createRootRoute({ component: Root, notFoundComponent: NotFound });

/** Every screen, loaded when it is first gone to. */
const MODULES = import.meta.glob<{ default: () => ReactNode }>('./screens/*/*-screen.tsx');

const screenOf = (id: ScreenId | 'projects') =>
  lazyRouteComponent(MODULES[`./screens/${id}/${id}-screen.tsx`]!);

const projects = createRoute({ getParentRoute: () => root, path: '/', component: screenOf('projects') });

const project = createRoute({ getParentRoute: () => root, path: '/p/$folder', component: ProjectRoute });

const start = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$folder/overview', params });
  },
});

const screens = SCREENS.map((screen) => {
  const Content = screenOf(screen.id);
  const gated = () => {
    const content = 'needsName' in screen ? <NameGate children={<Content />} /> : <Content />;
    return 'needs' in screen ? <MayGate needs={screen.needs} children={content} /> : content;
  };
  const component = Object.assign(gated, { preload: () => Content.preload?.() });
  return createRoute({ getParentRoute: () => project, path: screen.id, component });
});

const router = createRouter({
  history: createHashHistory(),
  routeTree: root.addChildren([projects, project.addChildren([start, ...screens])]),
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
