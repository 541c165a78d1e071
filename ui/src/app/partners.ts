/** The page's partners, made once. */

import { Gateway } from '../shared/api/request';
import { BookFeeds } from '../shared/live/book-feeds';
import { commitSoon } from '../shared/live/commit-clock';
import { LiveConnection } from '../shared/live/live-connection';
import type { Partners } from '../shared/live/live-context';
import { Session } from '../shared/session/session';
import { otherTabs } from '../shared/session/tabs';

export function makePartners(at: Location = location): Partners {
  const session = new Session(undefined, undefined, undefined, otherTabs());
  const scheme = at.protocol === 'https:' ? 'wss' : 'ws';
  const live = new LiveConnection(`${scheme}://${at.host}/stomp`, session);
  return { session, gateway: new Gateway(session), live, books: new BookFeeds(live, commitSoon) };
}
