const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text from the wire may be asked for in a uuid column. */
export const isGuid = (text: string): boolean => GUID.test(text);
