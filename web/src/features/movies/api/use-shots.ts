import { useMemo } from 'react'
import type * as M from '../../../../../src/movies/schema.ts'
import { screenplay } from '../lib/screenplay.ts'
import { shotsOf } from '../lib/shots.ts'
import { useMovieArtifact } from './movies.ts'

/** What the storyboard, the screenplay and the cut of a production hold now. */
export function useShots(id: string, version: string, tasks: readonly M.TaskResponse[]) {
  const read = <T>(name: string) => {
    // biome-ignore lint/correctness/useHookAtTopLevel: always the same reads in the same order
    const { data } = useMovieArtifact(id, name, version)
    return data?.content as T | undefined
  }
  const storyboard = read<M.StoryboardFrames>('storyboard_frames')
  const frames = read<M.GeneratedFrames>('generated_frames')
  const segments = read<M.VideoSegments>('video_segments')
  const finalEdit = read<M.Edit>('final_edit')
  const roughCut = read<M.Edit>('rough_cut')
  const shotList = read<{ items: M.Shot[] }>('shot_list')
  const scenes = read<M.SceneList>('scene_list')
  const script = read<M.DialogueScript>('dialogue_script')
  const edit = finalEdit ?? roughCut
  const shots = useMemo(
    () => shotsOf({ storyboard, frames, segments, edit, shotList, tasks }),
    [storyboard, frames, segments, edit, shotList, tasks],
  )
  const blocks = useMemo(() => screenplay(scenes, script), [scenes, script])
  return { shots, blocks, edit, finalEdit }
}
