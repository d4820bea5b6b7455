// 监测超期 — Watched households whose steps are not done within the stated days, and those whose risk was called gone without meeting the standard.
// The steps are found, verified, discussed, published, approved. step: the first that is not done by the day. took: days from found to
// approved, or to the day. reason: OVERDUE, still not approved; LATE, approved too late; CLEARED_EARLY, the risk was called gone, and of the
// household's exit standard something is not met, or not known, on the day (unmet). reasons: those asked for.
// predicates: of the household's exit standard. days: within so many from found to approved. after: [watch, reason].
// @params areas, low, high, asOf, seq, year, days, predicates, lines, ages, outOfSchool, notInSchool, reasons, after, limit
// @returns watch_no, household, village, reason, step, found_on, done_on, took, unmet
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[x:WATCHES]-(w:Watch)<-[:OF]-(s:WatchState)
WHERE holds(l) AND known(x) AND known(s) AND s.found_on <= $asOf AND w.watch_no >= $after[0]
CALL (h) {
  part(exit_facts)
  RETURN [j IN part(judged) WHERE NOT coalesce(j[1], false) | j[0]] AS unmet
}
WITH w.watch_no AS watch_no, h.card_no AS household, v.code AS village, s.found_on AS found_on,
  [['VERIFIED', s.verified_on], ['DISCUSSED', s.discussed_on], ['PUBLISHED', s.published_on], ['APPROVED', s.approved_on]] AS steps,
  CASE WHEN s.cleared_on <= $asOf AND size(unmet) > 0 THEN unmet ELSE [] END AS unmet
WITH watch_no, household, village, found_on, unmet, head([t IN steps WHERE t[1] IS NULL OR t[1] > $asOf]) AS open, steps[3][1] AS approved
WITH watch_no, household, village, found_on, unmet, open[0] AS step, CASE WHEN approved <= $asOf THEN approved END AS done_on
WITH watch_no, household, village, found_on, unmet, step, done_on,
  duration.inDays(date({year: found_on / 10000, month: found_on / 100 % 100, day: found_on % 100}),
    date({year: coalesce(done_on, $asOf) / 10000, month: coalesce(done_on, $asOf) / 100 % 100, day: coalesce(done_on, $asOf) % 100})).days AS took
UNWIND [CASE WHEN took > $days THEN CASE WHEN done_on IS NULL THEN 'OVERDUE' ELSE 'LATE' END END, CASE WHEN size(unmet) > 0 THEN 'CLEARED_EARLY' END] AS reason
WITH watch_no, household, village, reason, step, found_on, done_on, took, unmet
WHERE reason IN $reasons AND (watch_no > $after[0] OR reason > $after[1])
WITH watch_no, household, village, reason, step, found_on, done_on, took, unmet ORDER BY watch_no, reason LIMIT $limit
RETURN watch_no, household, village, reason, step, found_on, done_on, took, unmet
ORDER BY watch_no, reason
