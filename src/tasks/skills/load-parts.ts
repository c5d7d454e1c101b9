/** What skills load only when they run. Loading it all fills the compile cache; an agent never calls this. */
export async function loadSkillParts(): Promise<void> {
  await Promise.all([
    import('../../kernel/tools/guarded-fetch.ts'),
    import('../../kernel/tools/read-zip.ts'),
    import('../../kernel/tools/sandbox.ts'),
    import('../charts/draw-chart.ts'),
    import('../charts/draw-png.ts'),
    import('../charts/outline-labels.ts'),
    import('../charts/png-process.ts'),
    import('../pages/result-page.ts'),
    import('../pages/sanitise-html.ts'),
    import('./table-analysis/choose-charts.ts'),
    import('./table-analysis/read-plan.ts'),
    import('./table-analysis/report.ts'),
    import('./table-analysis/run-plan.ts'),
  ])
}
