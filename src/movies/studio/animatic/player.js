/* Plays the animatic in this page: a clock, a canvas, captions and sound. Runs without network. */
;(() => {
  const film = JSON.parse(document.getElementById('animatic').textContent)
  const el = (id) => document.getElementById(id)
  const canvas = el('screen')
  const pen = canvas.getContext('2d')
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const CROSSFADE = still ? 0 : 0.5
  const FADE = still ? 0 : 1
  const pictures = {}
  const videos = {}
  let at = 0
  let playing = false
  let speed = 1
  let last = 0
  let captionsOn = true
  const page = window.parent === window ? null : window.parent
  let toldShot = ''
  let toldPlaying = null
  let soundOn = true

  for (const [key, uri] of Object.entries(film.images)) {
    const image = new Image()
    image.onload = () => draw()
    image.src = uri
    pictures[key] = image
  }
  for (const shot of film.shots) {
    if (!shot.video) continue
    const video = document.createElement('video')
    video.muted = false
    video.preload = 'auto'
    video.src = shot.video
    video.onseeked = () => draw()
    videos[shot.id] = video
  }

  const shotAt = (time) => {
    for (let i = film.shots.length - 1; i >= 0; i--) if (time >= film.shots[i].start) return i
    return 0
  }
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`

  /* The camera's moves: how near it is at the beginning and the end, and where it looks, -1 … 1 across and down. */
  const MOVES = {
    push_in: [1, 1.16, 0, 0, 0, 0],
    zoom_in: [1, 1.22, 0, 0, 0, 0],
    pull_out: [1.16, 1, 0, 0, 0, 0],
    zoom_out: [1.22, 1, 0, 0, 0, 0],
    pan_right: [1.12, 1.12, -1, 1, 0, 0],
    pan_left: [1.12, 1.12, 1, -1, 0, 0],
    track_right: [1.1, 1.1, -1, 1, 0, 0],
    track_left: [1.1, 1.1, 1, -1, 0, 0],
    whip_pan: [1.2, 1.2, -1, 1, 0, 0],
    tilt_up: [1.12, 1.12, 0, 0, 1, -1],
    tilt_down: [1.12, 1.12, 0, 0, -1, 1],
    crane_up: [1.16, 1.04, 0, 0, 1, -1],
    crane_down: [1.04, 1.16, 0, 0, -1, 1],
    orbit: [1.08, 1.14, -0.7, 0.7, 0, 0],
    handheld: [1.05, 1.05, 0, 0, 0, 0],
  }
  const ease = (x) => x * x * (3 - 2 * x)
  /* Draws the caption strip as it is, and the picture above it as the camera sees it at this moment. */
  function moveOver(source, shot, left, top, w, h, scale) {
    const move = MOVES[shot.move]
    const share = shot.picture || 1
    const edge = h * share
    if (share < 1) pen.drawImage(source, 0, edge, w, h - edge, left, top + edge * scale, w * scale, (h - edge) * scale)
    const part = Math.min(1, Math.max(0, (at - shot.start) / shot.duration))
    const p = shot.move === 'whip_pan' ? ease(Math.min(1, part * 4)) : ease(part)
    const between = (a, b) => a + (b - a) * p
    const near = between(move[0], move[1])
    const sway = shot.move === 'handheld' ? 0.5 : 0
    const x = between(move[2], move[3]) + sway * Math.sin(at * 2.3)
    const y = between(move[4], move[5]) + sway * Math.cos(at * 1.7)
    const [seenWide, seenHigh] = [w / near, (h * share) / near]
    const [fromX, fromY] = [((w - seenWide) * (1 + x)) / 2, ((h * share - seenHigh) * (1 + y)) / 2]
    pen.drawImage(source, fromX, fromY, seenWide, seenHigh, left, top, w * scale, h * share * scale)
  }

  function paint(shot, alpha) {
    pen.globalAlpha = alpha
    const source = shot.video ? videos[shot.id] : pictures[shot.image]
    const w = source && (source.videoWidth || source.naturalWidth)
    if (!w) {
      pen.fillStyle = '#1b1e24'
      pen.fillRect(0, 0, canvas.width, canvas.height)
      pen.fillStyle = '#f4f1ea'
      pen.font = `${Math.round(canvas.height / 22)}px sans-serif`
      pen.textAlign = 'center'
      pen.fillText(shot.text || shot.id, canvas.width / 2, canvas.height / 2, canvas.width * 0.9)
    } else {
      const h = source.videoHeight || source.naturalHeight
      const scale = Math.min(canvas.width / w, canvas.height / h)
      const [left, top] = [(canvas.width - w * scale) / 2, (canvas.height - h * scale) / 2]
      if (!still && MOVES[shot.move] && !shot.video) moveOver(source, shot, left, top, w, h, scale)
      else pen.drawImage(source, left, top, w * scale, h * scale)
    }
    pen.globalAlpha = 1
  }

  function draw() {
    if (film.shots.length === 0) return
    const i = shotAt(at)
    const shot = film.shots[i]
    const next = film.shots[i + 1]
    const left = shot.start + shot.duration - at
    pen.fillStyle = '#000'
    pen.fillRect(0, 0, canvas.width, canvas.height)
    const fading = shot.transition === 'fade_out' && !next && left < FADE
    paint(shot, fading ? Math.max(0, left / FADE) : 1)
    if (playing && shot.transition === 'crossfade' && next && left < CROSSFADE / 2 && CROSSFADE > 0)
      paint(next, 0.5 - left / CROSSFADE)
    const before = film.shots[i - 1]
    const since = at - shot.start
    if (playing && before && before.transition === 'crossfade' && since < CROSSFADE / 2 && CROSSFADE > 0)
      paint(before, 0.5 - since / CROSSFADE)
    const said = captionsOn ? film.captions.filter((c) => at >= c.start && at < c.end) : []
    const box = el('caption')
    box.textContent = ''
    for (const c of said) {
      const line = document.createElement('span')
      line.textContent = c.speaker ? `${c.speaker}: ${c.text}` : c.text
      box.append(line, document.createElement('br'))
    }
    canvas.setAttribute('aria-label', `Scene ${shot.scene}. ${shot.text}`)
    el('seek').value = String(at)
    el('seek').setAttribute('aria-valuetext', `${clock(at)} of ${clock(film.duration)}, scene ${shot.scene}`)
    el('clock').value = `${clock(at)} / ${clock(film.duration)}`
    for (const button of el('scenes').querySelectorAll('button'))
      button.setAttribute('aria-current', String(Number(button.dataset.scene) === shot.scene))
    tellPage()
  }

  /* Sound: a file of its own, or the guide drawn from its cues. */
  let audio = null
  let context = null
  let gain = null
  let scheduled = []
  if (film.sound.kind === 'file') {
    audio = new Audio(film.sound.uri)
    audio.preload = 'auto'
  }
  const SCALE = [147, 165, 175, 196, 220, 233, 262, 294]
  const toneOf = (who) => {
    let h = 0
    for (const c of who.toLowerCase()) h = (h * 31 + c.codePointAt(0)) >>> 0
    return SCALE[h % SCALE.length]
  }
  function tone(from, length, hz, level, type) {
    const o = context.createOscillator()
    const g = context.createGain()
    o.type = type
    o.frequency.value = hz
    g.gain.setValueAtTime(0, from)
    g.gain.linearRampToValueAtTime(level, from + Math.min(0.03, length / 3))
    g.gain.setValueAtTime(level, from + length * 0.7)
    g.gain.linearRampToValueAtTime(0, from + length)
    o.connect(g).connect(gain)
    o.start(from)
    o.stop(from + length + 0.02)
    scheduled.push(o)
  }
  function startSound() {
    stopSound()
    if (!soundOn) return
    if (audio) {
      audio.currentTime = Math.min(at, audio.duration || at)
      audio.playbackRate = speed
      audio.play().catch(() => status('The browser does not allow sound yet: press Sound.'))
      return
    }
    if (film.sound.kind !== 'guide') return
    context ??= new AudioContext()
    if (!gain) {
      gain = context.createGain()
      gain.gain.value = 0.5
      gain.connect(context.destination)
    }
    context.resume()
    const zero = context.currentTime + 0.06
    for (const cue of film.sound.cues) {
      if (cue.start + cue.duration <= at) continue
      if (cue.role === 'dialogue') {
        const words = Math.max(1, cue.words)
        const step = cue.duration / words
        for (let i = 0; i < words; i++) {
          const when = cue.start + i * step
          if (when >= at)
            tone(
              zero + (when - at) / speed,
              (step * 0.72) / speed,
              toneOf(cue.who) * (1 + ((i * 7) % 5) / 60),
              0.3,
              'triangle',
            )
        }
      } else if (cue.role === 'music')
        for (let t = 0; t < cue.duration; t += 4) {
          const when = cue.start + t
          if (when + 4 <= at) continue
          const from = Math.max(when, at)
          for (const hz of [110, 131, 165])
            tone(
              zero + (from - at) / speed,
              Math.min(4, cue.start + cue.duration - from) / speed,
              hz * (Math.floor(t / 4) % 2 ? 0.891 : 1),
              0.05,
              'sine',
            )
        }
    }
  }
  function stopSound() {
    if (audio) audio.pause()
    for (const o of scheduled) o.stop()
    scheduled = []
  }

  function syncVideos() {
    const shot = film.shots[shotAt(at)]
    for (const [id, video] of Object.entries(videos)) {
      const on = shot && shot.id === id
      if (!on) video.pause()
      else {
        const want = at - shot.start
        if (Math.abs(video.currentTime - want) > 0.3) video.currentTime = want
        video.playbackRate = speed
        video.muted = !soundOn
        if (playing && video.paused)
          video.play().catch(() => status('The browser does not allow video with sound yet: press Sound.'))
        if (!playing) video.pause()
      }
    }
  }

  function status(text) {
    el('status').textContent = text
  }

  /* A page that shows the film in a frame hears which shot is on screen, and may send it to a second. */
  function tellPage() {
    if (!page) return
    const shot = film.shots[shotAt(at)]
    const which = shot ? `${shot.id}|${shot.start}` : ''
    if (which === toldShot && playing === toldPlaying) return
    toldShot = which
    toldPlaying = playing
    page.postMessage({ type: 'troupe-film', at, playing, duration: film.duration }, '*')
  }
  window.addEventListener('message', (event) => {
    if (event.source !== page || !event.data || event.data.type !== 'troupe-film-seek') return
    const to = Number(event.data.at)
    if (Number.isFinite(to) && !(playing && event.data.unlessPlaying)) go(to)
  })

  function frame(now) {
    if (!playing) return
    at += ((now - last) / 1000) * speed
    last = now
    if (at >= film.duration) {
      at = film.duration
      pause()
    }
    syncVideos()
    draw()
    if (playing) requestAnimationFrame(frame)
  }
  function play() {
    if (at >= film.duration - 0.02) at = 0
    playing = true
    el('film').classList.add('playing')
    el('play').textContent = 'Pause'
    el('big').setAttribute('aria-label', 'Pause')
    last = performance.now()
    startSound()
    requestAnimationFrame(frame)
  }
  function pause() {
    playing = false
    el('film').classList.remove('playing')
    el('play').textContent = 'Play'
    el('big').setAttribute('aria-label', 'Play')
    stopSound()
    syncVideos()
    draw()
  }
  const toggle = () => (playing ? pause() : play())
  function go(time) {
    at = Math.min(film.duration, Math.max(0, time))
    if (playing) startSound()
    syncVideos()
    draw()
  }

  const sceneStarts = []
  for (const shot of film.shots) {
    if (sceneStarts.some((s) => s.scene === shot.scene)) continue
    sceneStarts.push({ scene: shot.scene, start: shot.start, text: shot.text })
  }
  for (const scene of sceneStarts) {
    const item = document.createElement('li')
    const button = document.createElement('button')
    button.type = 'button'
    button.dataset.scene = String(scene.scene)
    button.append(`Scene ${scene.scene} · ${clock(scene.start)}`)
    const note = document.createElement('small')
    note.textContent = scene.text
    button.append(note)
    button.addEventListener('click', () => go(scene.start))
    item.append(button)
    el('scenes').append(item)
  }
  const toScene = (step) => {
    const now = sceneStarts.findLastIndex((s) => s.start <= at + 0.01)
    go(sceneStarts[Math.min(sceneStarts.length - 1, Math.max(0, now + step))].start)
  }
  const toShot = (step) => go(film.shots[Math.min(film.shots.length - 1, Math.max(0, shotAt(at) + step))].start)

  el('play').addEventListener('click', toggle)
  el('big').addEventListener('click', toggle)
  canvas.addEventListener('click', toggle)
  el('seek').addEventListener('input', (event) => go(Number(event.target.value)))
  const SPEEDS = [1, 1.5, 2, 0.5]
  el('speed').addEventListener('click', () => {
    speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]
    el('speed').textContent = `Speed ${speed}×`
    if (playing) startSound()
  })
  const setCaptions = () => {
    captionsOn = !captionsOn
    el('captions').setAttribute('aria-pressed', String(captionsOn))
    draw()
  }
  const setSound = () => {
    soundOn = !soundOn
    el('sound').setAttribute('aria-pressed', String(soundOn))
    if (playing) startSound()
    syncVideos()
  }
  el('captions').addEventListener('click', setCaptions)
  el('sound').addEventListener('click', setSound)
  const setFull = () => (document.fullscreenElement ? document.exitFullscreen() : el('film').requestFullscreen())
  el('full').addEventListener('click', setFull)
  if (!document.fullscreenEnabled) el('full').hidden = true

  /* The film played once into a recorder: a WebM file, made by the browser. */
  const canRecord = typeof MediaRecorder === 'function' && typeof canvas.captureStream === 'function'
  if (!canRecord) el('save').hidden = true
  el('save').addEventListener('click', () => {
    const parts = []
    const recorder = new MediaRecorder(canvas.captureStream(film.fps))
    recorder.ondataavailable = (event) => parts.push(event.data)
    recorder.onstop = () => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }))
      link.download = `${film.title || 'film'}.webm`
      link.click()
      status('The video was saved.')
    }
    status('Recording: the film is played once from the start.')
    go(0)
    recorder.start()
    play()
    const wait = setInterval(() => {
      if (playing) return
      clearInterval(wait)
      recorder.stop()
    }, 100)
  })

  document.addEventListener('keydown', (event) => {
    const keys = {
      ' ': () => !event.target.matches('button, summary') && toggle(),
      ArrowLeft: () => (event.shiftKey ? toShot(-1) : go(at - 1)),
      ArrowRight: () => (event.shiftKey ? toShot(1) : go(at + 1)),
      ArrowUp: () => toScene(-1),
      ArrowDown: () => toScene(1),
      Home: () => go(0),
      End: () => go(film.duration),
      c: setCaptions,
      m: setSound,
      f: setFull,
    }
    const act = keys[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    if (act() !== false) event.preventDefault()
  })

  if (page) document.body.classList.add('framed')
  draw()
})()
