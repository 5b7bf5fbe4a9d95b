/** Content type of SyncML over HTTP, both directions (reference 04, 0.2 rule 2). */
export const SYNCML_TYPE = 'application/vnd.syncml.dm+xml';
/** The binary form, in Windows' Accept list; nobody here reads it. */
export const SYNCML_BINARY_TYPE = 'application/vnd.syncml.dm+wbxml';

export const SYNCML_NAMESPACE = 'SYNCML:SYNCML1.2';
export const METINF_NAMESPACE = 'syncml:metinf';
/** Namespaces of the root that are read: 1.1 and none at all occur in clients (reference 04, 4.2). */
export const readableNamespaces: readonly string[] = [SYNCML_NAMESPACE, 'SYNCML:SYNCML1.1', ''];

export const VER_DTD = '1.2';
export const VER_PROTO = 'DM/1.2';
