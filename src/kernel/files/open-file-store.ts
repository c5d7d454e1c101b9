import { type Config, ConfigError } from '../config/load-config.ts'
import type { FileStore } from './file-store.ts'
import { createLocalStore } from './local-store.ts'

/** The store the settings ask for; `root` is its folder when it is local. Throws ConfigError naming what S3 still needs. */
export async function openFileStore(settings: Config['files'], root: string): Promise<FileStore> {
  if (settings.store === 'local') return createLocalStore({ root })
  const {
    s3Bucket: bucket,
    s3AccessKeyId: accessKeyId,
    s3SecretAccessKey: secretAccessKey,
    s3Region: region,
  } = settings
  const missing = Object.entries({
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  })
  const problems = missing.flatMap(([name, value]) => (value ? [] : [`${name}: must be set when FILE_STORE is s3`]))
  if (!bucket || !accessKeyId || !secretAccessKey) throw new ConfigError(problems)
  const { createS3Store } = await import('./s3-store.ts')
  const endpoint = settings.s3Endpoint ?? `https://s3.${region}.amazonaws.com`
  return createS3Store({
    endpoint,
    bucket,
    region,
    accessKeyId,
    secretAccessKey,
    ...(settings.s3Prefix && { prefix: settings.s3Prefix }),
  })
}
