import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CopyPlus } from 'lucide-react'
import { api } from '../../../api/client.ts'
import { Button } from '../../../components/button.tsx'
import { DomainMark } from '../../../components/domain.tsx'
import { toastError } from '../../../components/toast.tsx'
import { When } from '../../../components/when.tsx'
import { Section } from './section.tsx'

type Template = { kind: 'event' | 'film'; id: string; title: string; about: string; at: string }
const DOMAIN = { event: 'planning', film: 'movies' } as const

/** Past events and films, each the beginning of a new one. */
export function BeginAgain() {
  const navigate = useNavigate()
  const client = useQueryClient()
  const past = useQuery({
    queryKey: ['templates'],
    queryFn: async () => (await api<{ templates: Template[] }>('/v1/templates', { query: { limit: 3 } })).templates,
    retry: false,
    staleTime: 30_000,
  })
  const begin = useMutation({
    mutationFn: ({ kind, id }: Template) =>
      api<{ kind: Template['kind']; id: string }>(`/v1/templates/${kind}/${encodeURIComponent(id)}`, {
        method: 'POST',
        body: {},
      }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['templates'] })
      void navigate({ to: `/${DOMAIN[made.kind]}/${made.id}` } as never)
    },
    onError: (error) => toastError('It could not be begun again', error),
  })
  if (!past.data || past.data.length === 0) return null
  return (
    <Section title="Begin again from a past one">
      <ul>
        {past.data.slice(0, 5).map((one) => (
          <li key={one.id} className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-b-0">
            <DomainMark domain={DOMAIN[one.kind]} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{one.title}</span>
              <span className="block truncate text-xs text-ink-2">
                {one.about} · <When at={one.at} />
              </span>
            </span>
            <Button
              size="sm"
              icon={CopyPlus}
              busy={begin.isPending && begin.variables?.id === one.id}
              aria-label={`Begin again from ${one.title}`}
              onClick={() => begin.mutate(one)}
            >
              Begin again
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
