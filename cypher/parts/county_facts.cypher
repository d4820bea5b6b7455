// 县的摘帽事实 — Facts for the exit standard of the county c: r, its latest yearly report; facts (part judged). Shares in
// millionths.
// Townships count if they have households in the register or a report, or others were merged into them, and if they
// were not merged themselves by the day. A township without a report is unknown; a township that lacks something is
// named as evidence.
// The poor are counted on the day, and their share is of the population in the county's report. It is unknown if a poor
// household has no members in the register, or if the poverty status of a household is unclear. Values missing in the
// report (satisfaction, wrong exits, omissions) are unknown.
// Needs c, $asOf, $seq, $year.
WITH c,
  head(COLLECT { MATCH (c)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year
    RETURN [y.year, y.population, y.wrongly_exited, y.missed, y.satisfaction, y.poor, y.exit_year]
    ORDER BY y.year DESC LIMIT 1 }) AS r,
  COUNT { MATCH (c)<-[:PART_OF]-(:Area)<-[:PART_OF]-(:Village)<-[l:LIVES_IN]-(h:Household)<-[m:MEMBER_OF]-(:Person)
    WHERE holds(l) AND holds(m) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } } AS people,
  EXISTS { MATCH (c)<-[:PART_OF]-(:Area)<-[:PART_OF]-(:Village)<-[l:LIVES_IN]-(h:Household)
    WHERE holds(l) AND EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE holds(p) } AND NOT EXISTS {
    MATCH (h)<-[n:MEMBER_OF]-(:Person) WHERE holds(n) } } AS uncounted,
  EXISTS { MATCH (c)<-[:PART_OF]-(:Area)<-[:PART_OF]-(:Village)<-[u:UNCLEAR_IN]-(:Household)
    WHERE holds(u) } AS doubtful,
  COLLECT { MATCH (c)<-[:PART_OF]-(v:Area)
    WHERE (EXISTS { MATCH (v)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year } OR EXISTS {
      MATCH (v)<-[:PART_OF]-(:Village)<-[l:LIVES_IN]-(:Household) WHERE holds(l) }
      OR part(merged_into)) AND NOT part(merged_away)
    RETURN [v.code, head(COLLECT { MATCH (v)<-[:OF]-(y:AreaYear) WHERE known(y) AND y.year <= $year
      RETURN [y.central_school, y.clinic, y.service_centre] ORDER BY y.year DESC LIMIT 1 })] ORDER BY v.code } AS towns
WITH c, r, CASE WHEN r[1] > 0 AND NOT uncounted AND NOT doubtful THEN [people, r[1]] ELSE [null, null] END AS poor,
  towns, c.code + ':' + toString(r[0]) AS report
WITH c, r, [
  ['POOR_SHARE', poor[0] * 1000000, [['AreaYear', report, toString(poor[0]) + '/' + toString(poor[1])]], poor[1], null],
  ['WRONGLY_EXITED', r[2], [['AreaYear', report, null]], null, null],
    ['MISSED', r[3], [['AreaYear', report, null]], null, null],
    ['SATISFACTION', r[4], [['AreaYear', report, null]], null, null]] +
  [which IN [['CENTRAL_SCHOOL', 0], ['TOWNSHIP_CLINIC', 1], ['SERVICE_CENTRE', 2]] | [which[0],
    CASE WHEN any(t IN towns WHERE t[1][which[1]] = false) THEN false WHEN size(towns) = 0
      OR any(t IN towns WHERE t[1][which[1]] IS NULL) THEN null ELSE true END,
    [t IN towns WHERE NOT coalesce(t[1][which[1]], false) | ['Area', t[0], CASE WHEN t[1][which[1]] IS NULL THEN null
      ELSE 'false' END]], null, null]] AS facts
