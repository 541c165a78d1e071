/**
 * Asks again for what follows from events, however many come: each question at most once in so
 * long, the last time after the last event, and never while it is under way.
 */

import { type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';

export const REFRESH_EVERY_MS = 1_000;

/** What to call for each event. `queryKey` is a constant: the beginning of the questions' keys. */
export function useRefresh(queryKey: QueryKey): () => void {
  const client = useQueryClient();
  const refresher = useMemo(() => new Refresher(client, queryKey), [client, queryKey]);
  useEffect(() => () => refresher.stop(), [refresher]);
  return refresher.due;
}

export class Refresher {
  private readonly client: QueryClient;
  private readonly queryKey: QueryKey;
  private readonly owed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(client: QueryClient, queryKey: QueryKey) {
    this.client = client;
    this.queryKey = queryKey;
  }

  readonly due = (): void => {
    for (const { queryHash } of this.questions()) this.owed.add(queryHash);
    this.wait();
  };

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private wait(): void {
    const waitMs = Math.max(0, this.lastMs + REFRESH_EVERY_MS - Date.now());
    this.timer ??= setTimeout(() => this.refresh(), waitMs);
  }

  private refresh(): void {
    this.timer = undefined;
    this.lastMs = Date.now();
    for (const { queryHash, queryKey, state } of this.questions()) {
      // An answer on its way may be older than the event: it is let in, and asked for once more.
      if (!this.owed.has(queryHash) || state.fetchStatus === 'fetching') continue;
      this.owed.delete(queryHash);
      void this.client.invalidateQueries({ queryKey, exact: true });
    }
    if (this.questions().some(({ queryHash }) => this.owed.has(queryHash))) this.wait();
  }

  private questions() {
    return this.client.getQueryCache().findAll({ queryKey: this.queryKey });
  }
}
