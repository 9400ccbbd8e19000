/** Of the RPC's names and shapes; the same as in package.json, which a test checks. */
export const API_VERSION = '0.1.0'
