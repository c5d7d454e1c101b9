// A loopback S3 that checks signature version 4 and body checksums: objects, ranges, listing with pages, uploads in parts.
import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

type Stored = { data: Buffer; headers: Record<string, string>; modified: Date }
export type FakeS3 = {
  endpoint: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  objects: Map<string, Stored>
  openUploads: () => number
  /** Answers the next requests with this status. */
  failNext: (status: number, times?: number) => void
  requests: string[]
  close: () => Promise<void>
}

const sha = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest()
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
const escapeXml = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** Undefined when the signature is right, else the S3 error code. */
function checkSignature(req: http.IncomingMessage, url: URL, body: Buffer, secret: string): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      req.headers.authorization ?? '',
    )
  if (!match) return 'AccessDenied'
  const [, , date, region, signedHeaders, signature] = match as unknown as string[]
  const bodyHash = String(req.headers['x-amz-content-sha256'])
  if (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== sha(body)) return 'XAmzContentSHA256Mismatch'
  const path = url.pathname
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/')
  const query = [...url.searchParams]
    .map(([key, value]) => `${encode(key)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = signedHeaders!
    .split(';')
    .map((name) => `${name}:${String(req.headers[name]).trim().replace(/\s+/g, ' ')}\n`)
    .join('')
  const canonical = [req.method, path, query, headers, signedHeaders, bodyHash].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], scope, sha(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date!), region!), 's3'), 'aws4_request')
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}

export async function startFakeS3(): Promise<FakeS3> {
  const bucket = 'files'
  const secretAccessKey = 'fake-secret-access-key'
  const objects = new Map<string, Stored>()
  const uploads = new Map<string, { key: string; headers: Record<string, string>; parts: Map<number, Buffer> }>()
  const requests: string[] = []
  let failing = { status: 0, times: 0 }

  const handle = async (req: http.IncomingMessage, res: http.ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const url = new URL(req.url!, 'http://x')
    requests.push(`${req.method} ${req.url}`)
    const xml = (status: number, text: string) =>
      res.writeHead(status, { 'content-type': 'application/xml' }).end(req.method === 'HEAD' ? undefined : text)
    const fail = (status: number, code: string) =>
      xml(status, `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
    if (failing.times > 0) {
      failing.times--
      return fail(failing.status, 'SlowDown')
    }
    const refused = checkSignature(req, url, body, secretAccessKey)
    if (refused) return fail(403, refused)
    const [, inBucket, ...rest] = url.pathname.split('/').map(decodeURIComponent)
    if (inBucket !== bucket) return fail(404, 'NoSuchBucket')
    const key = rest.join('/')
    const meta = () => ({
      'content-type': req.headers['content-type'] ?? 'binary/octet-stream',
      ...Object.fromEntries(
        Object.entries(req.headers)
          .filter(([name]) => name.startsWith('x-amz-meta-'))
          .map(([name, value]) => [name, String(value)]),
      ),
    })
    const query = url.searchParams

    if (key === '' && req.method === 'GET') {
      const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
      const max = Math.min(Number(query.get('max-keys') ?? 1000), 3) // small pages, so that clients must go on
      const keys = [...objects.keys()]
        .filter(
          (name) =>
            name.startsWith(query.get('prefix') ?? '') && Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0,
        )
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      const page = keys.slice(0, max)
      const contents = page.map((name) => {
        const { data, modified } = objects.get(name)!
        return `<Contents><Key>${escapeXml(name)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>"x"</ETag><Size>${data.length}</Size></Contents>`
      })
      const more =
        keys.length > max
          ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${escapeXml(page.at(-1)!)}</NextContinuationToken>`
          : '<IsTruncated>false</IsTruncated>'
      return xml(
        200,
        `<?xml version="1.0"?><ListBucketResult><Name>${bucket}</Name>${contents.join('')}${more}</ListBucketResult>`,
      )
    }
    if (req.method === 'POST' && query.has('uploads')) {
      const id = `upload-${uploads.size + 1}-${requests.length}`
      uploads.set(id, { key, headers: meta(), parts: new Map() })
      return xml(
        200,
        `<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      )
    }
    const upload = uploads.get(query.get('uploadId') ?? '')
    if (query.has('uploadId') && !upload) return fail(404, 'NoSuchUpload')
    if (upload && req.method === 'PUT') {
      upload.parts.set(Number(query.get('partNumber')), body)
      return res.writeHead(200, { etag: `"${sha(body).slice(0, 32)}"` }).end()
    }
    if (upload && req.method === 'POST') {
      const wanted = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;(\w+)&quot;<\/ETag>/g)]
      const parts = wanted.map(([, number, tag]) => ({ data: upload.parts.get(Number(number)), tag }))
      uploads.delete(query.get('uploadId')!)
      if (parts.length === 0 || parts.some(({ data, tag }) => !data || sha(data).slice(0, 32) !== tag))
        return fail(400, 'InvalidPart')
      objects.set(key, {
        data: Buffer.concat(parts.map(({ data }) => data!)),
        headers: upload.headers,
        modified: new Date(),
      })
      return xml(200, '<?xml version="1.0"?><CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
    }
    if (upload && req.method === 'DELETE') {
      uploads.delete(query.get('uploadId')!)
      return res.writeHead(204).end()
    }
    if (req.method === 'PUT') {
      objects.set(key, { data: body, headers: meta(), modified: new Date() })
      return res.writeHead(200, { etag: '"x"' }).end()
    }
    if (req.method === 'DELETE') {
      objects.delete(key)
      return res.writeHead(204).end()
    }
    const found = objects.get(key)
    if (!found) return fail(404, 'NoSuchKey')
    const headers = { ...found.headers, 'last-modified': found.modified.toUTCString(), 'accept-ranges': 'bytes' }
    const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '')
    const [start, end] = range
      ? [Number(range[1]), Math.min(Number(range[2]), found.data.length - 1)]
      : [0, found.data.length - 1]
    const part = found.data.subarray(start, end + 1)
    res.writeHead(range ? 206 : 200, {
      ...headers,
      'content-length': part.length,
      ...(range && { 'content-range': `bytes ${start}-${end}/${found.data.length}` }),
    })
    return res.end(req.method === 'HEAD' ? undefined : part)
  }

  const server = http.createServer((req, res) => void handle(req, res))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    accessKeyId: 'fake-id',
    secretAccessKey,
    objects,
    openUploads: () => uploads.size,
    failNext: (status, times = 1) => {
      failing = { status, times }
    },
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
