/** What skills load only when they run. Loading it all fills the compile cache; an agent never calls this. */
export async function loadSkillParts(): Promise<void> {
  await Promise.all([import('../../kernel/tools/guarded-fetch.ts'), import('../../kernel/tools/sandbox.ts')])
}
