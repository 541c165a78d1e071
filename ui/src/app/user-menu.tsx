import { Link } from 'wouter';
import { usePartners, useUser } from '../shared/live/live-context';

export function UserMenu() {
  const { session } = usePartners();
  const user = useUser();
  if (!user) return <Link href="/login">Log in</Link>;
  return (
    <>
      <span>{user.name}</span>
      <button type="button" onClick={() => void session.logOut()}>
        Log out
      </button>
    </>
  );
}
