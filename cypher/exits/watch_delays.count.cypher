// 监测超期数 — Number of problems with the monitored cases of an area until a day (total), and of cases (eligible).
// A case counts once for each of its reasons, so total can exceed eligible, for example if a case is overdue and a step
// was skipped.
// The rules and parameters are those of watch_delays.
// @params areas, low, high, asOf, seq, days, predicates, lines, ages, outOfSchool, notInSchool, reasons
// @returns total, eligible
MATCH (v:Village)
WHERE part(in_area) AND v.recorded <= $seq
MATCH (v)<-[l:LIVES_IN]-(h:Household)<-[x:WATCHES]-(w:Watch)<-[:OF]-(s:WatchState)
WHERE holds(l) AND known(x) AND known(s) AND s.found_on <= $asOf
CALL (h, s) {
  WITH h, CASE WHEN s.cleared_on < $asOf THEN s.cleared_on ELSE $asOf END AS judged_on
  part(exit_facts)
  RETURN [j IN part(judged_predicates) WHERE NOT coalesce(j.met, false) | j.predicate] AS unmet_on_day
}
part(watch_progress)
RETURN coalesce(sum(size(delays)), 0) AS total, count(*) AS eligible
