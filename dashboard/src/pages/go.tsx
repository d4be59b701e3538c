import { Navigate, useParams } from '@tanstack/react-router';
import { useSession } from '../app/session';
import { Outside } from '../app/outside';
import { Empty, Title } from '../ui/parts';

// Where a thing of each kind is looked at.
const WHERE: Record<string, (org: string, id: string) => string> = {
  req: (org, id) => `/o/${org}/p/all/live/requests/${id}`,
  key: (org, id) => `/o/${org}/p/all/live/keys/${id}`,
  org: (_, id) => `/o/${id}`,
  prj: (org) => `/o/${org}/settings`,
  per: (org) => `/o/${org}/team`,
  inv: (org) => `/o/${org}/team`,
  cred: (org) => `/o/${org}/credentials`,
  rule: (org) => `/o/${org}/policy`,
};

/** `/go/req_…`: an id from anywhere. */
export function Go() {
  const { id = '' } = useParams({ strict: false });
  const session = useSession();
  const org = session.organizations[0]?.id;
  const where = WHERE[id.split('_')[0] ?? ''];
  if (org && where) return <Navigate to={where(org, id)} replace />;
  return (
    <Outside>
      <Title>Not found</Title>
      <Empty title="There is nothing at this address, or nothing that you may see." />
    </Outside>
  );
}
