/** Whether a failure says that a disk has no space left: of this machine (ENOSPC, EDQUOT), or of PostgreSQL (53100). */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', '53100'].includes((error as { code?: string } | null)?.code ?? '')
