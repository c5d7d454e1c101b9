import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { authHeaders, storedToken } from '../api/client.ts'

/** A picture from the server. With a key in this browser it is fetched with it, since an img element cannot carry one. */
export function RemotePicture({ src, alt, className }: { src: string; alt: string; className?: string }) {
  const keyed = storedToken() !== ''
  const { data } = useQuery({
    queryKey: ['picture', src],
    enabled: keyed,
    staleTime: 5 * 60_000,
    queryFn: async () => (await fetch(src, { headers: authHeaders() })).blob(),
  })
  const [url, setUrl] = useState<string | undefined>()
  useEffect(() => {
    if (!data) return
    const made = URL.createObjectURL(data)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [data])
  const shown = keyed ? url : src
  return shown ? (
    <img src={shown} alt={alt} className={className} loading="lazy" />
  ) : (
    <div className={`shimmer ${className ?? ''}`} />
  )
}
