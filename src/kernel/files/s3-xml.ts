import { XMLParser } from 'fast-xml-parser'
import { AppError } from '../errors/app-error.ts'

const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Contents' })
type Listed = { Key: string; Size: string; LastModified: string }

const broken = () =>
  new AppError('STORE_UNAVAILABLE', 'The file store sent an answer that is not understood: check S3_ENDPOINT.')

export function readList(xml: string): {
  files: { key: string; bytes: number; modifiedAt: Date }[]
  token: string | undefined
} {
  const { ListBucketResult: result } = parser.parse(xml) as {
    ListBucketResult?: { Contents?: Listed[]; IsTruncated?: string; NextContinuationToken?: string } | ''
  }
  if (result === undefined) throw broken()
  if (result === '') return { files: [], token: undefined }
  return {
    files: (result.Contents ?? []).map(({ Key, Size, LastModified }) => ({
      key: Key,
      bytes: Number(Size),
      modifiedAt: new Date(LastModified),
    })),
    token: result.IsTruncated === 'true' ? result.NextContinuationToken : undefined,
  }
}

export function readUploadId(xml: string): string {
  const { InitiateMultipartUploadResult: result } = parser.parse(xml) as {
    InitiateMultipartUploadResult?: { UploadId?: string }
  }
  if (!result?.UploadId) throw broken()
  return result.UploadId
}
