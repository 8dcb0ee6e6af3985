// Reads all sagas, page by page.

/** Sagas read at once. */
const pageSize = 1_000;

/** Pages of sagas, the newest first, until there are no more. */
export async function* sagaPages<Saga extends { readonly sagaId: string }>(
  read: (query: { readonly limit: number; readonly before?: string }) => Promise<readonly Saga[]>,
): AsyncGenerator<readonly Saga[]> {
  for (let page = await read({ limit: pageSize }); page.length > 0; ) {
    yield page;
    const last = page.at(-1);
    if (page.length < pageSize || last === undefined) return;
    page = await read({ limit: pageSize, before: last.sagaId });
  }
}
