/** The version that this node tells its peers. */
export const VERSION = '0.1.0'
