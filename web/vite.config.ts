import path from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env.TROUPE_URL ?? 'http://127.0.0.1:8000'
const apiPaths = '^/(v1|api|tasks|agents|logs|results|artifacts|approvals|health|simulations|metrics|openapi.json)'

// `vite build web` from the repository root, or `vite web` for work on the screens against a running server.
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react(), tailwind()],
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    manifest: true,
    chunkSizeWarningLimit: 700,
    assetsInlineLimit: 0,
  },
  server: { host: '127.0.0.1', proxy: { [apiPaths]: { target: server, ws: true } } },
})
