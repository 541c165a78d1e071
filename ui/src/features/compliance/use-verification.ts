/** GET /v1/audit/verify, page after page, until all chains are verified or one is broken. */

import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Model } from '../../shared/api/answer';
import { usePartners } from '../../shared/live/live-context';
import { add, NOTHING_YET } from './verification';

export function useVerification() {
  const { gateway } = usePartners();
  const [found, setFound] = useState(NOTHING_YET);
  const stopping = useRef(new AbortController());
  const run = useMutation({
    mutationFn: async () => {
      const { signal } = stopping.current;
      let so = NOTHING_YET;
      let after: string | undefined;
      do {
        const parameters = { after };
        const page: Model<'ChainCheck'> = await gateway.request('/v1/audit/verify', {
          parameters,
          signal,
        });
        so = add(so, page);
        setFound(so);
        after = page.next ?? undefined;
      } while (after !== undefined);
      return so;
    },
    onMutate: () => {
      stopping.current = new AbortController();
      setFound(NOTHING_YET);
    },
  });
  return {
    found,
    error: run.error,
    state: run.status,
    start: () => run.mutate(),
    stop: () => stopping.current.abort(),
  };
}
