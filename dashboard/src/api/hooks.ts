import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import { ask, get, type Ask, type Given } from './client';
import { SITE_PATH } from './first';

/** One thing, by its address. The address is the key, so that what changes it can be told. */
export function useOne<T>(path: string, query?: Ask['query'], enabled = true) {
  return useQuery({
    queryKey: [path, query ?? {}],
    queryFn: ({ signal }) => get<T>(path, { query, signal }),
    enabled,
  });
}

interface Site {
  name: string;
  color: string | null;
  logo: string | null;
}

const PLAIN: Site = { name: 'Gatewright', color: null, logo: null };

/** What the site calls itself whose pages these are; the product's own name until it has said. */
export function useSite(): Site {
  const found = useQuery({
    queryKey: [SITE_PATH],
    queryFn: ({ signal }) => get<Site>(SITE_PATH, { signal }),
    staleTime: Infinity,
  });
  return found.data ?? PLAIN;
}

/** One thing and its ETag, for pages that change it. */
export function useVersion<T>(path: string, enabled = true) {
  return useQuery({
    queryKey: [path, 'version'],
    queryFn: ({ signal }) => ask<T>('GET', path, { signal }),
    enabled,
  });
}

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/**
 * A list that grows page by page. One that is held does not move while it is read: no event makes it
 * stale, however many pages of it are there.
 */
export function useList<T>(
  path: string,
  query: Ask['query'] = {},
  limit = 100,
  { held = false, enabled = true } = {},
) {
  const found = useInfiniteQuery({
    queryKey: held ? [`held:${path}`, query] : [path, query],
    ...(held && { staleTime: Infinity, gcTime: 0 }),
    enabled,
    queryFn: ({ signal, pageParam }) =>
      get<Page<T>>(path, { query: { ...query, limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return {
    ...found,
    // What is not asked for is not awaited.
    isPending: enabled && found.isPending,
    rows: found.data?.pages.flatMap((page) => page.data) ?? [],
    more: {
      has: found.hasNextPage,
      busy: found.isFetchingNextPage,
      load: () => void found.fetchNextPage(),
    },
  };
}

/** An act, and the addresses whose answers it makes stale. */
export function useAct<In, Out = unknown>(
  act: (given: In) => Promise<Out>,
  stale: readonly string[] = [],
) {
  const client = useQueryClient();
  return useMutation<Out, Error, In>({
    mutationFn: act,
    onSuccess: () => {
      for (const prefix of stale) forget(client, prefix);
    },
  });
}

export function forget(client: ReturnType<typeof useQueryClient>, prefix: string): void {
  void client.invalidateQueries({
    predicate: ({ queryKey }: { queryKey: QueryKey }) =>
      typeof queryKey[0] === 'string' && queryKey[0].startsWith(prefix),
  });
}

/** The ETag of now, then the change with it. */
export async function change<T>(
  method: 'PATCH' | 'DELETE' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
  of: string = path,
): Promise<Given<T>> {
  const now = await ask<unknown>('GET', of);
  return ask<T>(method, path, { body, ifMatch: now.etag ?? undefined });
}
