const DISK_ERRORS = new Set('EDQUOT EFBIG EIO EMFILE ENFILE ENOENT ENOSPC ENOTDIR EROFS'.split(' '))

/** Full, broken, gone, or no more files: nothing that the client could do otherwise, and it may pass. */
export const isDiskError = (error: unknown) =>
  error instanceof Error && 'code' in error && DISK_ERRORS.has(String(error.code))
