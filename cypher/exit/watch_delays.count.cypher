// 监测超期数 — Of the watches of an area that began until the day, those with one of the reasons.
// The rules and parameters are those of watch_delays.
// @params areas, low, high, asOf, seq, year, days, predicates, lines, ages, outOfSchool, notInSchool, reasons
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[x:WATCHES]-(w:Watch)<-[:OF]-(s:WatchState)
WHERE holds(l) AND known(x) AND known(s) AND s.found_on <= $asOf
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
WITH [why IN [CASE WHEN took > $days THEN CASE WHEN done_on IS NULL THEN 'OVERDUE' ELSE 'LATE' END END, CASE WHEN size(unmet) > 0 THEN 'CLEARED_EARLY' END] WHERE why IN $reasons] AS reasons
RETURN coalesce(sum(size(reasons)), 0) AS total, count(*) AS eligible
