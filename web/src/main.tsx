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
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <LiveProvider>
        <RouterProvider router={router} />
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
)
