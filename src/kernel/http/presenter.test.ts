import { expect, it } from 'vitest'
import { describeError, platformPresenter } from './presenter.ts'

it.each(['ENOSPC', 'EDQUOT', '53100'])(
  'says what to do when a disk is full (%s), and nothing of the inside',
  (code) => {
    const error = Object.assign(new Error('write /inside/path: no space left on device'), { code })
    const { status, code: said, message } = describeError(error, platformPresenter, 'corr-1')
    expect([status, said]).toEqual([503, 'STORE_UNAVAILABLE'])
    expect(message).toBe(
      'A disk of the server is full, this call was not carried out: free space there, then repeat it',
    )
  },
)
