import { choice, optionalText, text, url } from './parsers.ts'
import { setting } from './table.ts'

/** Where uploads and results are kept. */
export const filesSettings = {
  store: setting({
    names: ['FILE_STORE'],
    schema: choice(['local', 's3']),
    fallback: 'local' as 'local' | 's3',
    doc: 'local: a folder; s3: a bucket of an S3-compatible service, needed when servers run on several machines without a shared folder',
  }),
  s3Endpoint: setting({
    names: ['S3_ENDPOINT', 'AWS_ENDPOINT_URL_S3'],
    schema: url().optional(),
    fallback: undefined as string | undefined,
    doc: 'Address of the service; unset: Amazon S3 in S3_REGION',
  }),
  s3Bucket: setting({
    names: ['S3_BUCKET'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Bucket (FILE_STORE=s3)',
  }),
  s3Region: setting({
    names: ['S3_REGION', 'AWS_REGION'],
    schema: text(),
    fallback: 'us-east-1',
    doc: 'Region of the bucket',
  }),
  s3Prefix: setting({
    names: ['S3_PREFIX'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Put in front of all keys',
  }),
  s3AccessKeyId: setting({
    names: ['S3_ACCESS_KEY_ID', 'AWS_ACCESS_KEY_ID'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Access key (FILE_STORE=s3)',
  }),
  s3SecretAccessKey: setting({
    names: ['S3_SECRET_ACCESS_KEY', 'AWS_SECRET_ACCESS_KEY'],
    schema: optionalText(),
    fallback: undefined,
    doc: 'Secret of the access key',
    secret: true,
  }),
}
