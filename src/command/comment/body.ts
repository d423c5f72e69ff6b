// The body of a comment as GitHub takes it.

/** Characters. GitHub refuses a longer body as a whole, so nobody reads behind it. */
export const MAX_BODY = 65_536
