// 监测超期 — Monitored households with late or skipped steps, or cleared of the risk without meeting the exit standard.
// The steps are found, verified, discussed, published and approved. A step is done on its date; a step without a date
// is not done.
// step: the next step; for SKIPPED, the first skipped step. took: days from found to approved, or to the day on which
// the risk was cleared if that was earlier, otherwise to $asOf.
// reason: OVERDUE, open for too long; LATE, approved or cleared too late; SKIPPED, a step is not done although a later
// one is; CLEARED_EARLY, the risk was cleared while a condition of the exit standard was unmet or unknown on that day
// (unmet), by the card, records and members of that time.
// reasons: requested reasons. predicates: of the exit standard of households. days: maximum number of days from found
// to approved. after: [watch, reason].
// @params areas, low, high, asOf, seq, days, predicates, lines, ages, outOfSchool, notInSchool, reasons, after, limit
// @returns watch_no, household, village, reason, step, found_on, done_on, took, unmet
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[x:WATCHES]-(w:Watch)<-[:OF]-(s:WatchState)
WHERE holds(l) AND known(x) AND known(s) AND s.found_on <= $asOf AND w.watch_no >= $after[0]
CALL (h, s) {
  WITH h, CASE WHEN s.cleared_on < $asOf THEN s.cleared_on ELSE $asOf END AS judged_on
  part(exit_facts)
  RETURN [j IN part(judged_predicates) WHERE NOT coalesce(j.met, false) | j.predicate] AS unmet_on_day
}
part(watch_progress)
UNWIND delays AS delay
WITH watch_no, household, village, delay.reason AS reason, delay.step AS step, found_on, done_on, took,
  CASE WHEN delay.reason = 'CLEARED_EARLY' THEN unmet ELSE [] END AS unmet
WHERE (watch_no > $after[0] OR reason > $after[1])
WITH watch_no, household, village, reason, step, found_on, done_on, took, unmet ORDER BY watch_no, reason LIMIT $limit
RETURN watch_no, household, village, reason, step, found_on, done_on, took, unmet
ORDER BY watch_no, reason
