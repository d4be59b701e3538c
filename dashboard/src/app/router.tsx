// Every view is an address. Pages load when they are first looked at.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import { Overview } from '../pages/overview';
import { Failure } from '../ui/parts';
import { Home, Nowhere } from './home';
import { Outside } from './outside';
import { AccountShell, OrganizationShell, PlatformShell, SignedIn } from './shell';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: Nowhere,
  errorComponent: ({ error, reset }) => (
    <Outside>
      <Failure error={error} retry={reset} />
    </Outside>
  ),
  // Filters are text: no page trusts their types.
  validateSearch: (search: Record<string, unknown>) => search as Record<string, string | undefined>,
});

const open = [
  page(
    'sign-in-failed',
    lazyRouteComponent(() => import('../pages/sign-in-failed'), 'SignInFailed'),
  ),
  page(
    'setup',
    lazyRouteComponent(() => import('../pages/setup'), 'SetUp'),
  ),
];

const signedIn = createRoute({ getParentRoute: () => root, id: 'signed-in', component: SignedIn });

function page(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => root, path, component });
}
function inside(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => signedIn, path, component });
}

const organization = createRoute({
  getParentRoute: () => signedIn,
  path: 'o/$org',
  component: OrganizationShell,
});
function ofOrganization(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => organization, path, component });
}
const MODED = 'p/$project/$mode';

const platform = createRoute({
  getParentRoute: () => signedIn,
  path: 'platform',
  component: PlatformShell,
});
function ofPlatform(path: string, component: RouteComponent) {
  return createRoute({ getParentRoute: () => platform, path, component });
}

const account = createRoute({
  getParentRoute: () => signedIn,
  id: 'account',
  component: AccountShell,
});

const keys = () => import('../pages/keys');
const policy = () => import('../pages/policy');
const requests = () => import('../pages/requests');
const operator = () => import('../pages/platform');
const installation = () => import('../pages/installation');

const tree = root.addChildren([
  ...open,
  signedIn.addChildren([
    inside('/', Home),
    inside(
      'go/$id',
      lazyRouteComponent(() => import('../pages/go'), 'Go'),
    ),
    inside(
      'invitation',
      lazyRouteComponent(() => import('../pages/invitation'), 'Invitation'),
    ),
    inside(
      'pair',
      lazyRouteComponent(() => import('../pages/pair'), 'Pair'),
    ),
    organization.addChildren([
      ofOrganization('/', Home),
      // Where nearly everybody comes in: not worth a wait of its own.
      ofOrganization(MODED, Overview),
      ofOrganization(`${MODED}/requests`, lazyRouteComponent(requests, 'Requests')),
      ofOrganization(`${MODED}/requests/$id`, lazyRouteComponent(requests, 'Request')),
      ofOrganization(
        `${MODED}/usage`,
        lazyRouteComponent(() => import('../pages/usage'), 'Usage'),
      ),
      ofOrganization(`${MODED}/keys`, lazyRouteComponent(keys, 'Keys')),
      ofOrganization(
        `${MODED}/keys/new`,
        lazyRouteComponent(() => import('../pages/key-new'), 'NewKey'),
      ),
      ofOrganization(`${MODED}/keys/$id`, lazyRouteComponent(keys, 'Key')),
      ofOrganization(
        `${MODED}/playground`,
        lazyRouteComponent(() => import('../pages/playground'), 'Playground'),
      ),
      ofOrganization(
        'models',
        lazyRouteComponent(() => import('../pages/models'), 'Models'),
      ),
      ofOrganization('policy', lazyRouteComponent(policy, 'Policy')),
      ofOrganization('policy/explain', lazyRouteComponent(policy, 'Explain')),
      ofOrganization(
        'limits',
        lazyRouteComponent(() => import('../pages/limits'), 'Limits'),
      ),
      ofOrganization(
        'credentials',
        lazyRouteComponent(() => import('../pages/credentials'), 'Credentials'),
      ),
      ofOrganization(
        'services',
        lazyRouteComponent(() => import('../pages/services'), 'Services'),
      ),
      ofOrganization(
        'rooms',
        lazyRouteComponent(() => import('../pages/rooms'), 'Rooms'),
      ),
      ofOrganization(
        'webhooks',
        lazyRouteComponent(() => import('../pages/webhooks'), 'Webhooks'),
      ),
      ofOrganization(
        'team',
        lazyRouteComponent(() => import('../pages/team'), 'Team'),
      ),
      ofOrganization(
        'billing',
        lazyRouteComponent(() => import('../pages/billing'), 'Billing'),
      ),
      ofOrganization(
        'audit',
        lazyRouteComponent(() => import('../pages/audit'), 'Audit'),
      ),
      ofOrganization(
        'settings',
        lazyRouteComponent(() => import('../pages/settings'), 'Settings'),
      ),
    ]),
    platform.addChildren([
      ofPlatform('health', lazyRouteComponent(operator, 'Health')),
      ofPlatform('tenants', lazyRouteComponent(operator, 'Tenants')),
      ofPlatform('people', lazyRouteComponent(operator, 'People')),
      ofPlatform('sites', lazyRouteComponent(installation, 'Sites')),
      ofPlatform('config', lazyRouteComponent(installation, 'Configuration')),
      ofPlatform('doctor', lazyRouteComponent(installation, 'Doctor')),
      ofPlatform(
        'prices',
        lazyRouteComponent(() => import('../pages/prices'), 'Prices'),
      ),
    ]),
    account.addChildren([
      createRoute({
        getParentRoute: () => account,
        path: 'account',
        component: lazyRouteComponent(() => import('../pages/account'), 'Account'),
      }),
    ]),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: '/console',
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
