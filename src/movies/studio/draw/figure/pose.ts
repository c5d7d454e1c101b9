/**
 * A pose in angles of degrees. Arms and legs count from straight down, positive forward (the way the figure faces); the
 * second angle is the lower limb's own, absolute. `drop` lowers the hips by this part of the height; `lean` tilts the trunk
 * forward. `near` is the side toward the camera.
 */
export type Pose = {
  lean: number
  head: number
  drop: number
  nearArm: readonly [number, number]
  farArm: readonly [number, number]
  nearLeg: readonly [number, number]
  farLeg: readonly [number, number]
  /** Lies on the ground: the whole figure is turned by 90°. */
  lying?: true
}

const stand = { lean: 0, head: 0, drop: 0, nearLeg: [-4, -4], farLeg: [5, 3] } as const

export const POSES = {
  stand: { ...stand, nearArm: [-6, 4], farArm: [6, 14] },
  relaxed: { ...stand, nearLeg: [-8, -6], farLeg: [9, 2], nearArm: [-14, 26], farArm: [10, 20], head: 2 },
  talk: { ...stand, lean: 3, head: 3, nearArm: [18, 96], farArm: [8, 26] },
  explain: { ...stand, lean: 2, nearArm: [28, 108], farArm: [34, 88] },
  listen: { ...stand, head: -3, nearArm: [12, -34], farArm: [14, 70] },
  crossed: { ...stand, lean: -2, nearArm: [16, 98], farArm: [22, 104] },
  hips: { ...stand, nearArm: [-38, 38], farArm: [-20, 40], lean: -2 },
  walk: { lean: 5, head: 0, drop: 0.012, nearArm: [-26, -8], farArm: [28, 46], nearLeg: [24, 10], farLeg: [-20, -34] },
  run: {
    lean: 18,
    head: -4,
    drop: 0.03,
    nearArm: [-46, 40],
    farArm: [50, 130],
    nearLeg: [52, -18],
    farLeg: [-28, -78],
  },
  point: { ...stand, lean: 4, head: 2, nearArm: [88, 92], farArm: [-6, 8] },
  reach: { ...stand, lean: 14, head: -6, nearArm: [76, 84], farArm: [30, 52], nearLeg: [10, 6], farLeg: [-12, -10] },
  raise: { ...stand, head: -8, nearArm: [150, 168], farArm: [8, 16] },
  hold: { ...stand, head: 8, nearArm: [22, 94], farArm: [26, 98] },
  carry: { ...stand, lean: -3, nearArm: [26, 84], farArm: [30, 88] },
  look_up: { ...stand, lean: -5, head: -22, nearArm: [-8, 6], farArm: [8, 20] },
  look_down: { ...stand, lean: 4, head: 20, nearArm: [6, 14], farArm: [12, 26] },
  work: { ...stand, lean: 14, head: 12, nearArm: [34, 78], farArm: [40, 84] },
  sit: { lean: 4, head: 2, drop: 0.235, nearArm: [18, 70], farArm: [22, 66], nearLeg: [84, 2], farLeg: [80, -4] },
  type: { lean: 10, head: 8, drop: 0.235, nearArm: [26, 88], farArm: [30, 92], nearLeg: [84, 6], farLeg: [80, 0] },
  kneel: { lean: 10, head: 14, drop: 0.24, nearArm: [30, 44], farArm: [38, 58], nearLeg: [78, -4], farLeg: [-8, -86] },
  crouch: { lean: 26, head: 4, drop: 0.27, nearArm: [36, 60], farArm: [44, 66], nearLeg: [98, -28], farLeg: [86, -34] },
  fight: {
    lean: 12,
    head: 0,
    drop: 0.03,
    nearArm: [50, 138],
    farArm: [74, 104],
    nearLeg: [28, -4],
    farLeg: [-26, -34],
  },
  recoil: {
    lean: -16,
    head: -6,
    drop: 0.02,
    nearArm: [40, 128],
    farArm: [54, 134],
    nearLeg: [-22, -26],
    farLeg: [16, -2],
  },
  bow: { lean: 34, head: 26, drop: 0, nearArm: [18, 20], farArm: [24, 28], nearLeg: [-2, -2], farLeg: [4, 2] },
  lean: { lean: -9, head: 6, drop: 0.005, nearArm: [-4, 30], farArm: [16, 74], nearLeg: [16, 16], farLeg: [22, 8] },
  lie: {
    lean: 0,
    head: 4,
    drop: 0,
    nearArm: [16, 24],
    farArm: [-14, -10],
    nearLeg: [6, -2],
    farLeg: [-4, -4],
    lying: true,
  },
} as const satisfies Record<string, Pose>
export type PoseName = keyof typeof POSES
