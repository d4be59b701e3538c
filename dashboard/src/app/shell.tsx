import { Link, Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { ask, door } from '../api/client';
import { useSite } from '../api/hooks';
import { Badge, Button, Empty, Title } from '../ui/parts';
import { useShortcuts } from './keyboard';
import { useLive } from './live';
import { Palette } from './palette';
import { branded, Called } from './outside';
import { address, PLACES, PLATFORM } from './pages';
import { SessionGate, useMay, useOrganization, useSession } from './session';
import css from './shell.module.css';

const MODE = 'gatewright.mode';

/** What the address says, or what it said last. */
export function useWhere(): { org: string; project: string; mode: 'live' | 'test' } {
  const { org = '', project, mode } = useParams({ strict: false });
  const last = sessionStorage.getItem(MODE) === 'test' ? 'test' : 'live';
  const found = mode === 'test' ? 'test' : mode === 'live' ? 'live' : last;
  if (mode && found !== last) sessionStorage.setItem(MODE, found);
  return { org, project: project ?? 'all', mode: found };
}

export function SignedIn() {
  return (
    <SessionGate>
      <Outlet />
    </SessionGate>
  );
}

/** The frame of an organization's pages. */
export function OrganizationShell() {
  const membership = useOrganization();
  const session = useSession();
  // Asked for by every call from here on.
  door.setOrganization(membership?.id ?? null);
  return (
    <Frame organization={membership?.id ?? null}>
      {membership || session.acting ? (
        <Outlet key={membership?.id} />
      ) : (
        <>
          <Title>Not found</Title>
          <Empty title="There is nothing at this address, or nothing that you may see." />
        </>
      )}
    </Frame>
  );
}

export function PlatformShell() {
  const session = useSession();
  door.setOrganization(null);
  return (
    <Frame organization={null}>
      {session.operator ? (
        <Outlet />
      ) : (
        <>
          <Title>Not found</Title>
          <Empty title="There is nothing at this address, or nothing that you may see." />
        </>
      )}
    </Frame>
  );
}

export function AccountShell() {
  door.setOrganization(null);
  return (
    <Frame organization={null}>
      <Outlet />
    </Frame>
  );
}

function Frame({
  organization,
  children,
}: {
  organization: string | null;
  children: React.ReactNode;
}) {
  const session = useSession();
  const where = useWhere();
  const moded = useParams({ strict: false }).mode !== undefined;
  return (
    <>
      <a className={css.skip} href="#main">
        Skip to the page
      </a>
      {session.acting && (
        <aside className={css.actBar} aria-label="Acting">
          You act for an organization until {new Date(session.acting.until).toLocaleTimeString()}:{' '}
          {session.acting.reason}. Everything is in its audit log.
        </aside>
      )}
      {moded && where.mode === 'test' && (
        <aside className={css.testBar} aria-label="Mode">
          Test: simulator only, never billed
        </aside>
      )}
      <div className={css.shell}>
        <Rail organization={organization} />
        <main className={css.main} id="main">
          <Top organization={organization} />
          {children}
        </main>
      </div>
    </>
  );
}

function Rail({ organization }: { organization: string | null }) {
  const session = useSession();
  const may = useMay();
  const { project, mode } = useWhere();
  const [open, setOpen] = useState(false);
  const { color } = useSite();
  const places = organization ? PLACES.filter((each) => !each.needs || may(each.needs)) : [];
  const groups = [...new Set(places.map((each) => each.group))];
  return (
    <header className={css.rail} style={branded(color)}>
      <div style={{ display: 'flex', justifyContent: 'space-between' }}>
        <Link to="/" className={css.name} style={{ textDecoration: 'none', color: 'inherit' }}>
          <Called />
        </Link>
        <span className={css.menu}>
          <Button aria-expanded={open} aria-controls="rail" onClick={() => setOpen(!open)}>
            Menu
          </Button>
        </span>
      </div>
      <nav id="rail" aria-label="Pages" data-open={open}>
        {groups.map((group) => (
          <div key={group}>
            <h2>{group}</h2>
            <ul>
              {places
                .filter((each) => each.group === group)
                .map((each) => {
                  const to = address(organization ?? '', each, project, mode);
                  return (
                    <RailLink
                      key={each.label}
                      to={to}
                      label={each.label}
                      done={() => setOpen(false)}
                    />
                  );
                })}
            </ul>
          </div>
        ))}
        {session.operator && (
          <div>
            <h2>Platform</h2>
            <ul>
              {PLATFORM.map((each) => (
                <RailLink
                  key={each.to}
                  to={each.to}
                  label={each.label}
                  done={() => setOpen(false)}
                />
              ))}
            </ul>
          </div>
        )}
      </nav>
    </header>
  );
}

function RailLink({ to, label, done }: { to: string; label: string; done: () => void }) {
  return (
    <li>
      <Link
        to={to}
        className={css.link}
        activeOptions={{ exact: /\/(live|test)$/.test(to), includeSearch: false }}
        onClick={done}
      >
        {label}
      </Link>
    </li>
  );
}

function Top({ organization }: { organization: string | null }) {
  const session = useSession();
  const navigate = useNavigate();
  const { project, mode } = useWhere();
  const params = useParams({ strict: false });
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [palette, setPalette] = useState(false);
  useShortcuts({ organization, project, mode, palette: () => setPalette(true) });
  return (
    <div className={css.top}>
      {organization && session.organizations.length > 1 && (
        <label>
          <span className="unseen">Organization</span>
          <select
            value={organization}
            onChange={(event) => void navigate({ to: `/o/${event.target.value}/p/all/${mode}` })}
          >
            {session.organizations.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {params.mode !== undefined && (
        <label>
          <span className="unseen">Mode</span>
          <select
            value={mode}
            onChange={(event) =>
              void navigate({ to: path.replace(/\/(live|test)(?=\/|$)/, `/${event.target.value}`) })
            }
          >
            <option value="live">Live</option>
            <option value="test">Test</option>
          </select>
        </label>
      )}
      <Button look="quiet" onClick={() => setPalette(true)}>
        Search <kbd>⌘K</kbd>
      </Button>
      {organization && <Live organization={organization} />}
      <Link to="/account">{session.person.email}</Link>
      <Button
        look="quiet"
        onClick={() => {
          void ask('DELETE', '/api/auth/session').finally(() => location.assign('/console/'));
        }}
      >
        Sign out
      </Button>
      {palette && <Palette organization={organization} close={() => setPalette(false)} />}
    </div>
  );
}

function Live({ organization }: { organization: string }) {
  const state = useLive(organization);
  return (
    <Badge tone={state === 'live' ? 'ok' : state === 'polling' ? 'plain' : 'warn'}>
      {state === 'live' ? 'live' : state === 'polling' ? 'every 5 s' : 'updates paused'}
    </Badge>
  );
}
