/** /v1/api-keys: the user's keys. A secret is shown once, when its key is made. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Model } from '../../shared/api/answer';
import { usePartners, useUser } from '../../shared/live/live-context';

const PATH = '/v1/api-keys';
const KEYS = ['api-keys'];

export function useApiKeys() {
  const { gateway } = usePartners();
  const user = useUser();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: KEYS });
  const list = useQuery({
    queryKey: [...KEYS, user?.name],
    queryFn: ({ signal }) => gateway.request<Model<'ApiKeyInfo'>[]>(PATH, { signal }),
    enabled: user !== null,
  });
  const create = useMutation({
    mutationFn: (body: Model<'ApiKeyRequest'>) =>
      gateway.request<Model<'ApiKeyWithSecret'>>(PATH, { method: 'POST', body }),
    onSuccess: renew,
  });
  const revoke = useMutation({
    mutationFn: (key: string) => gateway.request(`${PATH}/${key}`, { method: 'DELETE' }),
    onSuccess: renew,
  });
  return { list, create, revoke };
}
