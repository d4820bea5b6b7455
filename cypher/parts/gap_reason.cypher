// 未落实原因 — Reason why terms do not meet their duty.
// Of the terms that still run, the one nearest to being met (in name only, holder left, unit dissolved, village
// merged); otherwise that all have ended, or that there never was one.
// Needs terms (as in village_terms and helper_terms; null for a household whose visits are missing), $asOf.
CASE WHEN terms IS NULL THEN 'NO_RECENT_VISIT' ELSE coalesce(
  head([reason IN ['IN_NAME_ONLY', 'HOLDER_LEFT', 'UNIT_DISSOLVED', 'VILLAGE_MERGED']
    WHERE any(term IN terms WHERE term.until >= $asOf AND term.reason = reason)]),
  CASE WHEN size(terms) > 0 THEN 'ENDED' ELSE 'NEVER_ASSIGNED' END) END
