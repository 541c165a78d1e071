/** A long list of the user's own: the newest rows are kept current, older ones come when asked. */

import { type InfiniteData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { usePartners, useUser } from '../live/live-context';
import { joined, newestOn, nextCursor, type Page, type Source } from './pages';

export interface Older {
  /** There are rows that are not here yet. */
  has: boolean;
  isFetching: boolean;
  error: Error | null;
  /** Does nothing while something is on its way. */
  fetch: () => void;
}

export interface Pages<Row> {
  data: readonly Row[] | undefined;
  /** Of the newest rows; that of older ones is in `older`. */
  error: Error | null;
  isFetching: boolean;
  refetch: () => Promise<unknown>;
  older: Older;
}

/** `source` is a constant, or remembered. */
export function usePages<Sent, Row>(
  beginning: QueryKey,
  source: Source<Sent, Row>,
  of: string,
): Pages<Row> {
  const { gateway } = usePartners();
  const user = useUser();
  const asked = useInfiniteQuery({
    queryKey: [...beginning, source.path, of, user?.name],
    queryFn: async ({ pageParam, client, queryKey, signal }): Promise<Page<Row>> => {
      const ask = async (cursor: number | null) => {
        const parameters = source.parameters(cursor);
        const answer = await gateway.request<Sent[]>(source.path, { parameters, signal });
        return { rows: source.read(answer), isLast: answer.length < parameters.limit };
      };
      const known = client.getQueryData<InfiniteData<Page<Row>, number | null>>(queryKey);
      const same = known?.pages[known.pageParams.indexOf(pageParam)];
      if (pageParam === null) return newestOn(same, ask, source);
      return same?.rows.every(source.isFinal) ? same : ask(pageParam);
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page, _, before) => {
      const cursor = nextCursor(page, source.cursorOf);
      return cursor === before ? null : cursor;
    },
    enabled: user !== null,
    // Pages that are kept are the same objects; to compare all their rows is for nothing.
    structuralSharing: false,
  });
  const pages = asked.data?.pages;
  const data = useMemo(() => pages && joined(pages, source.keyOf), [pages, source]);
  const { error, isFetching, isFetchNextPageError, fetchNextPage } = asked;
  return {
    data,
    error: isFetchNextPageError ? null : error,
    isFetching,
    refetch: asked.refetch,
    older: {
      has: asked.hasNextPage,
      isFetching: asked.isFetchingNextPage,
      error: isFetchNextPageError ? error : null,
      fetch: () => void fetchNextPage({ cancelRefetch: false }),
    },
  };
}
