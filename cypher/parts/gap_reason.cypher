// 未落实原因 — Reason why terms do not meet their duty: of those that still run, the one nearest to being met (in name only,
// holder left, unit dissolved, village merged); else that all have ended, or that there never was one.
// Needs rows (terms as village_terms and helper_terms give them; null for a household whose visits are missing), $asOf.
CASE WHEN rows IS NULL THEN 'NO_RECENT_VISIT' ELSE coalesce(
  head([why IN ['IN_NAME_ONLY', 'HOLDER_LEFT', 'UNIT_DISSOLVED', 'VILLAGE_MERGED']
    WHERE any(row IN rows WHERE row[0] >= $asOf AND row[4] = why)]),
  CASE WHEN size(rows) > 0 THEN 'ENDED' ELSE 'NEVER_ASSIGNED' END) END
