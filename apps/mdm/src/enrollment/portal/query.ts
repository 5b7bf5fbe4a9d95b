/** Parameters of an address; one that is given twice is a list. */
export type QueryParameters = Readonly<Record<string, string | string[] | undefined>>;

/** A parameter, or its first value. */
export const one = (query: QueryParameters, name: string): string | undefined => [query[name] ?? []].flat()[0];
