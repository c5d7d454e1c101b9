import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { LiveProvider } from './api/live-provider.tsx'
import { queryClient } from './api/query-client.ts'
import { router } from './app/router.tsx'
import { applyTheme, currentTheme } from './lib/theme.ts'
import './styles/app.css'

applyTheme(currentTheme(), false)
// A new release has other file names: a page opened before it reloads, once, when it asks for an old one.
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('troupe.reloaded') ?? 0)
  if (Date.now() - last < 10_000) return
  sessionStorage.setItem('troupe.reloaded', String(Date.now()))
  event.preventDefault()
  location.reload()
})
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
)
