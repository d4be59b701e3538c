import { Link, Navigate } from '@tanstack/react-router';
import { Empty, Title } from '../ui/parts';
import { Outside } from './outside';
import { useSession } from './session';
import { useWhere } from './shell';

/** The first page of the organization in the address, or of the person's first one. */
export function Home() {
  const session = useSession();
  const { org, mode } = useWhere();
  const first = session.organizations[0];
  const id = org || first?.id;
  if (id) return <Navigate to={`/o/${id}/p/all/${mode}`} replace />;
  if (session.operator) return <Navigate to="/platform/health" replace />;
  return (
    <Outside>
      <Title>No organization yet</Title>
      <Empty title={`${session.person.email} belongs to no organization.`}>
        <p>
          Ask somebody to invite you, or open the link of an invitation.{' '}
          <Link to="/account">Your account</Link>
        </p>
      </Empty>
    </Outside>
  );
}

export function Nowhere() {
  return (
    <Outside>
      <Title>Not found</Title>
      <Empty title="There is nothing at this address.">
        <Link to="/">To the first page</Link>
      </Empty>
    </Outside>
  );
}
