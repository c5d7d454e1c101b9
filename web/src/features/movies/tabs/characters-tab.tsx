import { useMovieArtifact } from '../api/movies.ts'
import { CharacterSheets } from '../components/character-sheets.tsx'
import { characterSheets } from '../lib/characters.ts'

/** Everyone in the film, a sheet each. */
export default function CharactersTab({ workflowId, version }: { workflowId: string; version: string }) {
  const profiles = useMovieArtifact(workflowId, 'character_profiles', version)
  const designs = useMovieArtifact(workflowId, 'character_designs', version)
  const voices = useMovieArtifact(workflowId, 'voice_profiles', version)
  const arcs = useMovieArtifact(workflowId, 'character_arcs', version)
  const sheets = characterSheets({
    profiles: profiles.data?.content as never,
    designs: designs.data?.content as never,
    voices: voices.data?.content as never,
    arcs: arcs.data?.content as never,
  })
  if (sheets.length === 0)
    return (
      <p className="py-6 text-center text-sm text-ink-3">
        The characters are written in the second state. Nothing is there yet.
      </p>
    )
  return <CharacterSheets sheets={sheets} />
}
