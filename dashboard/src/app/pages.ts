// The map of the console: what stands in the rail, in the palette and behind `g` and a letter.
export interface Place {
  label: string;
  /** Below /o/{org}, or below its project and mode. */
  to: string;
  moded?: boolean;
  /** The permission without which it is absent. */
  needs?: string;
  key?: string;
  group: 'Project' | 'Observe' | 'Control' | 'Connect' | 'Organization';
}

export const PLACES: readonly Place[] = [
  { label: 'Overview', to: '', moded: true, group: 'Project', key: 'o' },
  {
    label: 'Playground',
    to: 'playground',
    moded: true,
    group: 'Project',
    key: 'p',
    needs: 'key.write',
  },
  { label: 'Models', to: 'models', group: 'Project', key: 'm', needs: 'provider.read' },
  { label: 'Keys', to: 'keys', moded: true, group: 'Project', key: 'k', needs: 'key.read' },
  {
    label: 'Requests',
    to: 'requests',
    moded: true,
    group: 'Observe',
    key: 'r',
    needs: 'usage.read:calls',
  },
  { label: 'Usage', to: 'usage', moded: true, group: 'Observe', key: 'u', needs: 'usage.read' },
  { label: 'Policy', to: 'policy', group: 'Control', needs: 'policy.read' },
  { label: 'Limits and budgets', to: 'limits', group: 'Control', key: 'l', needs: 'policy.read' },
  { label: 'Credentials', to: 'credentials', group: 'Connect', key: 'c', needs: 'credential.read' },
  { label: 'Services', to: 'services', group: 'Connect', key: 's', needs: 'service.read' },
  { label: 'Rooms', to: 'rooms', group: 'Connect', needs: 'room.read' },
  { label: 'Webhooks', to: 'webhooks', group: 'Connect', needs: 'webhook.read' },
  { label: 'Team', to: 'team', group: 'Organization', key: 't', needs: 'member.read' },
  { label: 'Billing', to: 'billing', group: 'Organization', key: 'b', needs: 'billing.read' },
  { label: 'Audit', to: 'audit', group: 'Organization', key: 'a', needs: 'audit.read' },
  { label: 'Settings', to: 'settings', group: 'Organization', needs: 'org.read' },
];

export const PLATFORM: readonly { label: string; to: string }[] = [
  { label: 'Health', to: '/platform/health' },
  { label: 'Tenants', to: '/platform/tenants' },
  { label: 'People', to: '/platform/people' },
  { label: 'Sites', to: '/platform/sites' },
  { label: 'Prices', to: '/platform/prices' },
  { label: 'Configuration', to: '/platform/config' },
  { label: 'Doctor', to: '/platform/doctor' },
];

export function address(org: string, place: Place, project: string, mode: string): string {
  const below = place.moded ? `/o/${org}/p/${project}/${mode}` : `/o/${org}`;
  return place.to ? `${below}/${place.to}` : below;
}
