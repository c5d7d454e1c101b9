import path from 'node:path'
process.env.TMPDIR = path.resolve('.cache/chromium-153.0.0'); process.env.AWS_EXECUTION_ENV='AWS_Lambda_nodejs24.x'
const { default: s } = await import('@sparticuz/chromium'); const { chromium } = await import('playwright-core')
const b = await chromium.launch({ executablePath: await s.executablePath() })
const p = await b.newPage({ viewport: { width: Number(process.argv[4]??1200), height: 900 } }); await p.goto('file://'+process.argv[2]); await p.screenshot({ path: process.argv[3], fullPage: true }); await b.close()
