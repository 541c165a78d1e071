/** The page's one live connection, session and gateway, for whoever needs them. */

import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Gateway } from '../api/request';
import type { Session, User } from '../session/session';
import type { BookFeeds } from './book-feeds';
import { CommitPacer } from './commit-clock';
import type { LiveConnection, LiveState, LiveStatus } from './live-connection';

export interface Partners {
  session: Session;
  gateway: Gateway;
  live: LiveConnection;
  books: BookFeeds;
}

const PartnersContext = createContext<Partners | null>(null);

export function PartnersProvider({
  partners,
  children,
}: {
  partners: Partners;
  children: ReactNode;
}) {
  const { live } = partners;
  useEffect(() => {
    live.start();
    return () => void live.stop();
  }, [live]);
  return (
    <PartnersContext value={partners}>
      <CommitPacer />
      {children}
    </PartnersContext>
  );
}

export function usePartners(): Partners {
  const partners = useContext(PartnersContext);
  if (!partners) throw new Error('usePartners outside PartnersProvider');
  return partners;
}

export function useUser(): User | null {
  const { session } = usePartners();
  return useSyncExternalStore(session.subscribe, session.user);
}

/** Without the delay, which changes with every other message: draws anew when the state does. */
export function useLiveState(): LiveState {
  const { live } = usePartners();
  return useSyncExternalStore(live.listen, () => live.status().state);
}

export function useLiveStatus(): LiveStatus {
  const { live } = usePartners();
  return useSyncExternalStore(live.listen, live.status);
}
