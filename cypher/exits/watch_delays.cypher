// 监测超期 — Watched households whose steps are not done within the stated days, and those whose risk was called gone without meeting the standard.
// The steps are found, verified, discussed, published, approved; each is done on its day, and what has none is not done on the day. step: the one
// that comes next; of SKIPPED the first that was skipped. took: days from found to approved, or until its risk was called gone where that came
// first, or to the day. reason: OVERDUE, open for too long; LATE, approved or called gone too late; SKIPPED, a step is not done, and a later one
// is; CLEARED_EARLY, the risk was called gone, and of the household's exit standard something was not met, or not known, on that day (unmet): by
// the card and the records of its year, and who was a member then.
// reasons: those asked for.
// predicates: of the household's exit standard. days: within so many from found to approved. after: [watch, reason].
// @params areas, low, high, asOf, seq, days, predicates, lines, ages, outOfSchool, notInSchool, reasons, after, limit
// @returns watch_no, household, village, reason, step, found_on, done_on, took, unmet
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[x:WATCHES]-(w:Watch)<-[:OF]-(s:WatchState)
WHERE holds(l) AND known(x) AND known(s) AND s.found_on <= $asOf AND w.watch_no >= $after[0]
CALL (h, s) {
  WITH h, CASE WHEN s.cleared_on < $asOf THEN s.cleared_on ELSE $asOf END AS judged_on
  part(exit_facts)
  RETURN [j IN part(judged) WHERE NOT coalesce(j[1], false) | j[0]] AS unmet
}
part(watch_judged)
UNWIND reasons AS one
WITH watch_no, household, village, one[0] AS reason, one[1] AS step, found_on, done_on, took, CASE WHEN one[0] = 'CLEARED_EARLY' THEN unmet ELSE [] END AS unmet
WHERE (watch_no > $after[0] OR reason > $after[1])
WITH watch_no, household, village, reason, step, found_on, done_on, took, unmet ORDER BY watch_no, reason LIMIT $limit
RETURN watch_no, household, village, reason, step, found_on, done_on, took, unmet
ORDER BY watch_no, reason
